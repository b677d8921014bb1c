import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseCodeMap } from "../../src/codes/parse.ts";
import { outcomes } from "../../src/codes/verdict.ts";
import { loadSettings } from "../../src/config/load.ts";
import { checkpointFailures } from "../../src/kafka/group/checkpointer.ts";
import { unmeasuredReasons } from "../../src/ledger/delay-parts.ts";
import { definitions } from "../../src/metrics/definitions.ts";
import { chineseBlocks } from "../../src/receipts/dimensions/number-plan.ts";
import { ignoredKinds, malformedReasons } from "../../src/receipts/receipt.ts";
import { segmentStates } from "../../src/receipts/segments.ts";
import { delayNames } from "../../src/replay/sinks/delay-families.ts";
import { metricOf } from "../../src/replay/sinks/samples.ts";
import { inProcess } from "../commands/in-process.ts";
import { readRules } from "../grafana/files.ts";
import { readVocabulary } from "../grafana/vocabulary.ts";
import { formats } from "../receipts/packaged-formats.ts";
import { fillGenerated, generatedBlocks } from "./generated.ts";
import { codeBlocks, examplesIn, namesIn, tableUnder } from "./markdown.ts";
import { manual, pageNames, readPage } from "./pages.ts";
import { npxHere } from "./shell.ts";

const folder = mkdtempSync(join(tmpdir(), "dlr-manual-"));
afterAll(() => rmSync(folder, { recursive: true }));

function blocks(language: string, beginning: RegExp): { name: string; code: string }[] {
  return codeBlocks(manual)
    .filter((block) => block.language === language && beginning.test(block.code))
    .map(({ code }) => ({ name: code.trim().split("\n")[0] ?? "", code }));
}

/** The texts in a source file, with … for what is put into them; of two forms of a word the second. */
function textsIn(file: string): string[] {
  const code = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
  return [...code.matchAll(/"([^"\n]+)"|`([^`]+)`/g)].map(([, plain, template]) =>
    (plain ?? template ?? "").replace(/\$\{[^}]*: "([^"]*)"\}/g, "$1").replace(/\$\{[^}]*\}/g, "…"),
  );
}

function firstNames(heading: string): string[] {
  return tableUnder(manual, heading).map(([cell = ""]) => namesIn(cell)[0] ?? "");
}

it.each(pageNames)(
  "%s has its generated blocks as the code makes them (node test/docs/generated.ts)",
  async (name) => {
    expect(readPage(name)).toBe(await fillGenerated(readPage(name)));
  },
);

it("the manual has every block that is generated, once", () => {
  const begun = [...manual.matchAll(/^<!-- (\w+):begin -->$/gm)].map(([, name]) => name);
  expect(begun.sort()).toEqual([...generatedBlocks].sort());
});

describe("closed sets", () => {
  it.each([
    { heading: "Outcomes", words: outcomes },
    { heading: "Malformed reasons", words: malformedReasons },
    { heading: "Unmeasured delays", words: unmeasuredReasons },
    { heading: "Segment states", words: segmentStates },
    { heading: "Ignored records", words: ignoredKinds },
    { heading: "Checkpoint failure reasons", words: checkpointFailures },
    { heading: "Formats", words: formats },
    { heading: "Carrier blocks", words: chineseBlocks },
  ])("$heading", ({ heading, words }) => {
    expect(firstNames(heading)).toEqual([...words]);
  });

  it("alerts with their severities", () => {
    const told = tableUnder(manual, "Alerts").map(
      ([alert = "", severity]) => `${namesIn(alert)[0]} ${severity}`,
    );
    const alerts = readRules().flatMap(({ alert, labels }) =>
      alert === undefined ? [] : `${alert} ${labels.severity}`,
    );
    expect(told.sort()).toEqual(alerts.sort());
  });

  describe("what /-/ready says", () => {
    const group = "src/kafka/group";
    // The end varies.
    const told = [...firstNames("Troubleshooting"), ...firstNames("What else it says")].map((sentence) =>
      sentence.replace(/[ …]+$/, ""),
    );

    it("is said by the code", () => {
      const files = readdirSync(group).map((file) => `${group}/${file}`);
      const texts = [...files, "src/ledger/budget.ts"].flatMap(textsIn);
      const isSaid = (sentence: string) => texts.some((text) => text.startsWith(sentence));
      expect(told.length).toBeGreaterThan(15);
      // What stops a partition or a topic is said apart from which it is.
      const bare = (sentence: string) => sentence.replace(/^(?:partition … of )?topic … /, "");
      expect(told.filter((sentence) => !isSaid(sentence) && !isSaid(bare(sentence)))).toEqual([]);
    });

    it("is told, all that has three words and more", () => {
      const said = textsIn(`${group}/readiness.ts`)
        .map((text) => text.replace(/^[ …]+\(|[ …]+$/g, ""))
        .filter((text) => text.split(" ").filter((word) => /[a-z]/.test(word)).length >= 3);
      expect(said.length).toBeGreaterThan(12);
      const isTold = (text: string) =>
        manual.includes(text) || told.some((sentence) => text.startsWith(sentence));
      expect(said.filter((text) => !isTold(text))).toEqual([]);
    });
  });
});

it("names no metric that there is not", () => {
  const known: string[] = Object.values(definitions).map(({ name }) => name);
  known.push(
    ...(["receipts", "receiptsBy", "duplicates", "unkeyed", "unmeasured"] as const).map(
      (counted) => metricOf("gauge", 60_000, counted).name,
    ),
    ...(["counter", "gauge"] as const).flatMap((as) => delayNames(as, 60_000)),
  );
  const named = [...manual.matchAll(/(?<![\w:-])dlr_\w+/g)].map(([name]) => name);
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});

describe("flags", async () => {
  const commands = [...(await inProcess(["--help"])).stdout.matchAll(/^ {2}(\w+) {2}/gm)].map(
    ([, command = ""]) => command,
  );
  const helps = await Promise.all(
    commands.map(async (command) => (await inProcess([command, "--help"])).stdout),
  );
  const demo = spawnSync(process.execPath, ["src/demo/main.ts", "--help"], { encoding: "utf8" }).stdout;
  const flagsIn = (text: string) => [...text.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([flag]) => flag);
  // What is written for other programs has flags of their own.
  const ours = manual
    .replace(/^```sh\n[\s\S]*?^```$/gm, "")
    .replace(/`(?:kafka-|docker |apt |prometheus )[^`]*`/g, "");

  it("are told, every one", () => {
    expect(commands).toEqual([
      "run",
      "replay",
      "classify",
      "sample",
      "find",
      "check",
      "codes",
      "schema",
      "completion",
    ]);
    const told = flagsIn(ours);
    expect(helps.flatMap(flagsIn).filter((flag) => !told.includes(flag))).toEqual([]);
  });

  it("exist, every one that is told", () => {
    const ofNode = ["--max-semi-space-size", ...flagsIn(readFileSync("src/main.ts", "utf8"))];
    const known = [...helps, demo].flatMap(flagsIn).concat("--help", "--version", ofNode);
    expect(flagsIn(ours).filter((flag) => !known.includes(flag))).toEqual([]);
    expect(flagsIn(ours)).toEqual(expect.arrayContaining(ofNode));
  });
});

describe("examples", () => {
  // Columns are as wide as their longest path, so they are compared with two blanks between them.
  const comparable = (text: string) => text.replaceAll(folder, "/tmp").replace(/ {2,}/g, "  ");

  it.each(examplesIn(manual))("$command", ({ command, output }) => {
    const script = `exec 2>&1; ${npxHere}; ${command.replaceAll("/tmp/", `${folder}/`)}`;
    const { stdout } = spawnSync("bash", ["-c", script], {
      encoding: "utf8",
      env: { PATH: process.env.PATH ?? "" },
    });
    expect(comparable(stdout)).toBe(comparable(output));
  });

  it("are of every command that needs no Kafka", () => {
    const ran = examplesIn(manual).map(({ command }) => /dlr-exporter (\w+)/.exec(command)?.[1]);
    expect(ran).toEqual(expect.arrayContaining(["classify", "check"]));
  });

  it.each(blocks("yaml", /^(?:topics|ssl):/))("configuration $name", ({ code }) => {
    const file = join(folder, "dlr-exporter.yaml");
    writeFileSync(file, code);
    const env = code.includes("username:") ? { DLR_SASL_PASSWORD: "secret" } : {};
    const loaded = loadSettings({ flags: { config: file }, env });
    expect(loaded).not.toHaveProperty("problems");
  });

  it("packs of a provider that does not exist: its shapes, and what its codes mean", async () => {
    const packs = blocks("yaml", /^version: 1\nprovider:/).map(({ code }, index) => {
      expect(code.trimEnd().split("\n").length).toBeLessThanOrEqual(22);
      const file = join(folder, `nimbus-${index}.yaml`);
      writeFileSync(file, code);
      return file;
    });
    expect(packs).toHaveLength(2);
    const failed = ["17", "18", "40", "99"].map((code) => ({ state: "FAILED", result: { code } }));
    const records = [...failed, { state: "DELIVERED" }, { state: "SENT" }].map((own, index) =>
      JSON.stringify({ nimbusId: `${index}`, at: "2026-11-26 12:00:00", ...own }),
    );
    for (const format of ["auto", "nimbus-sms"]) {
      const args = ["--format", format, "--code-maps", packs.join(","), "--output", "json"];
      const judged = await inProcess(["classify", "--input", "-", ...args], {
        stdin: [`${records.join("\n")}\n`],
      });
      const { counts, conflicts, malformed } = JSON.parse(judged.stdout);
      expect({ conflicts, malformed }).toEqual({ conflicts: 0, malformed: {} });
      const rows = counts.map((own: { code: string; category: string; outcome: string }) => [
        own.code,
        own.category,
        own.outcome,
      ]);
      expect(rows.sort()).toEqual([
        ["17", "blacklist", "failed"],
        ["18", "blacklist", "failed"],
        ["40", "rate_limited", "failed"],
        ["99", "unknown", "failed"],
        ["DELIVERED", "delivered", "delivered"],
        ["SENT", "in_progress", "in_progress"],
      ]);
    }
  });

  it.each(blocks("yaml", /^"/))("code $name", ({ code }) => {
    const map = readFileSync("config/code-map.yaml", "utf8");
    const entry = code.trimEnd().replace(/^/gm, " ".repeat(8));
    expect(parseCodeMap(map.replace(/^ {6}codes:$/m, `$&\n${entry}`), "code-map.yaml")).toHaveProperty("map");
  });
});

describe("queries", async () => {
  const strangersIn = await readVocabulary();
  it.each(blocks("promql", /./))("$name", ({ code }) => {
    expect(strangersIn(code)).toEqual([]);
  });
});
