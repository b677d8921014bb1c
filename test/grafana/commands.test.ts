import { spawn } from "node:child_process";
import { describe, expect, it, test } from "vitest";
import { z } from "zod";
import { codesCommand } from "../../src/commands/codes.ts";
import { findFlags, readFindRequest } from "../../src/commands/find/request.ts";
import { parseFlags } from "../../src/commands/flags.ts";
import { historySettings } from "../../src/commands/history-flags.ts";
import { readRequest, sampleFlags } from "../../src/commands/sample/request.ts";
import { ending } from "../lab/guarded.ts";
import { packagedMap } from "../ledger/support.ts";
import { shapeOf } from "../receipts/support.ts";
import { readRules, readYaml, ruleTests } from "./files.ts";

const alerts = readRules().filter(({ annotations }) => annotations.command !== undefined);

const expectation = z.object({
  exp_alerts: z.array(
    z.object({
      exp_labels: z.record(z.string(), z.string()),
      exp_annotations: z.record(z.string(), z.string()),
    }),
  ),
});
const file = z.object({ tests: z.array(z.object({ alert_rule_test: z.array(expectation).default([]) })) });

/** What the rules' tests expect to be pasted, and of which labels it is made. */
const commands = ruleTests().flatMap((name) =>
  file
    .parse(readYaml(name))
    .tests.flatMap(({ alert_rule_test }) => alert_rule_test.flatMap(({ exp_alerts }) => exp_alerts))
    .flatMap(({ exp_labels: labels, exp_annotations: { command } }) =>
      command === undefined ? [] : [{ command, labels }],
    ),
);

/** Has a shell read a command, and gives its words. */
async function wordsOf(command: string): Promise<string[]> {
  const script = `dlr_exporter() { "${process.execPath}" -p 'JSON.stringify(process.argv.slice(1))' -- "$@"; }
${command.replace(/^dlr-exporter/, "dlr_exporter")}`;
  const { code, stdout, stderr } = await ending(spawn("sh", ["-c", script]));
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return z.array(z.string()).parse(JSON.parse(stdout));
}

const readers = {
  find: {
    flags: findFlags,
    settings: historySettings.filter(({ name }) => !/^(?:provider|scope)$/.test(name)),
  },
  sample: { flags: sampleFlags, settings: historySettings },
  codes: { flags: codesCommand.flags, settings: [] },
};

function isReader(name: string): name is keyof typeof readers {
  return name in readers;
}

test.each(alerts)("$alert quotes every label for a shell", ({ annotations: { command = "" } }) => {
  const shown = [...command.matchAll(/\{\{-? *([^}]*?) *-?\}\}/g)].map(([whole, said = ""]) => ({
    whole,
    said,
  }));
  const quoting = /^(?:\$labels|\.Labels)\.\w+ \| reReplaceAll "'" `'\\''`$/;
  for (const { whole, said } of shown.filter(({ said }) => /^(?:\$labels|\.Labels)\./.test(said))) {
    expect(said).toMatch(quoting);
    expect(command).toContain(`'${whole}'`);
  }
  // what asks Prometheus quotes them as PromQL does
  expect(command).not.toMatch(/%s|'%/);
  expect(shown.length).toBeGreaterThan(0);
});

test("the rules' tests expect a command of each", () => {
  expect(new Set(commands.map(({ command }) => command.split(" ")[1]))).toEqual(
    new Set(Object.keys(readers)),
  );
  expect(commands.length).toBeGreaterThan(20);
});

describe("what is pasted", () => {
  const some = [...new Map(commands.map((one) => [JSON.stringify([one.command, one.labels]), one])).values()];

  it.concurrent.each(some)(
    "is read by the program as its labels say: $command",
    async ({ command, labels }) => {
      const [name, ...args] = await wordsOf(command);
      if (name === undefined || !isReader(name)) throw new Error(`unknown command ${name}`);
      const reader = readers[name];
      const { values, switches, positionals } = parseFlags([...reader.settings, ...reader.flags], args);
      expect(positionals).toEqual(name === "codes" ? ["unknown"] : []);
      if (name === "codes") {
        expect(values.provider).toBe(labels.provider);
        return;
      }
      expect(values.topic?.length).toBeGreaterThan(0);
      if (labels.topic !== undefined) expect(values.topic).toEqual([labels.topic]);
      if (labels.provider !== undefined) {
        expect(values).toMatchObject({ provider: [labels.provider], channel: [labels.channel] });
      }
      const now = Date.UTC(2026, 10, 26);
      if (name === "sample") {
        expect(readRequest(values, switches, 480, now).wanted.from).toBe(now - 3_600_000);
        return;
      }
      // the providers of the rules' tests are invented, and some of their clocks begin before 1970
      const known = {
        ...values,
        provider: ["aliyun"],
        from: String(values.from).replace(/^1969-12-31T../, "1970-01-01T00"),
      };
      const topics = [{ topic: "t", provider: undefined, channel: undefined, shape: shapeOf() }];
      const { wanted } = readFindRequest(known, switches, { map: packagedMap(), topics, now });
      const { categories, outcomes } = wanted.receipts ?? {};
      expect((categories?.size ?? 0) + (outcomes?.size ?? 0)).toBe(1);
    },
  );
});
