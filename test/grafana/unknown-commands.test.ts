import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { codesCommand } from "../../src/commands/codes.ts";
import { parseFlags } from "../../src/commands/flags.ts";
import { refuseStrayFlags } from "../../src/commands/unknown/request.ts";
import { readRules } from "./files.ts";

const alerts = readRules().filter(({ alert = "" }) => alert.startsWith("DlrUnknownCode"));

/** The commands in a text. */
function commandsIn(text: string): string[] {
  return text.match(/dlr-exporter codes unknown(?: --[a-z]+ [\w:/.-]*\w)+/g) ?? [];
}

/** What a command does with what it is given, without asking anybody. */
function flagsOf(command: string): readonly string[] {
  const [, , action, ...args] = command.split(" ");
  expect(action).toBe("unknown");
  const { values, positionals } = parseFlags(codesCommand.flags, args);
  expect(positionals).toEqual([]);
  refuseStrayFlags(values);
  return Object.keys(values);
}

describe.each(alerts)("$alert", ({ alert = "", annotations }) => {
  test("gives the command that says what its codes are, with its provider", () => {
    const { command = "" } = annotations;
    const provider = "--provider='{{ $labels.provider | reReplaceAll \"'\" `'\\''` }}'";
    expect(command).toContain(provider);
    expect(flagsOf(command.replace(provider, "--provider=aliyun"))).toEqual([
      ...["prometheus", "since", "provider", "patch"],
    ]);
  });

  test("has a runbook with the same", () => {
    const runbooks = readFileSync("grafana/runbooks.md", "utf8").split(/^## /m);
    const [own = "", ...others] = runbooks.filter((section) => section.startsWith(`${alert}\n`));
    expect(others).toEqual([]);
    const [command = "", ...more] = commandsIn(own);
    expect(more).toEqual([]);
    expect(annotations.command).toContain(command.replace(/ --provider PROVIDER$/, ""));
    expect(flagsOf(command)).toContain("provider");
    expect(own).toContain("`--patch mine.yaml`");
  });
});

test("there are two such alerts", () => {
  expect(alerts.map(({ alert }) => alert).toSorted()).toEqual(["DlrUnknownCodeSpike", "DlrUnknownCodes"]);
});

test.each(["dashboards/dlr-overview.json", "dashboards-zh/dlr-overview-zh.json"])(
  "the table of unknown codes in %s has it in its description",
  (file) => {
    const commands = commandsIn(readFileSync(`grafana/${file}`, "utf8"));
    expect(commands.map(flagsOf)).toEqual([["prometheus", "since", "patch"]]);
  },
);
