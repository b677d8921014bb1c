import { basename, dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { sources, typeScriptIn } from "./sources.ts";

/** Modules that touch the world; their types alone do not. */
const world =
  /^(?:node:(?:fs|net|tls|https?|child_process|worker_threads|process|timers)|kafkajs|pino|pino-pretty)(?:\/|$)/;

/** The same without an import. */
const worldlyGlobals = /\b(?:process\.|setTimeout\(|setInterval\()/;

/** A function, or a class with more to it than the name of an error. */
const logic = /\bexport (?:async )?function\b|\bexport (?:abstract )?class \w+\b(?! extends Error\b)/;

/** Tests that are of no one file of src/. */
const ofNoFile = [
  { test: "architecture.test.ts", why: "about all of src/" },
  { test: "receipts/scan/differential.test.ts", why: "about what all of the scanner reads" },
  { test: "receipts/scan/escapes.test.ts", why: "about the scanner's assembly" },
  { test: "receipts/scan/skipped.test.ts", why: "about the scanner's assembly" },
  { test: "receipts/scan/specials.test.ts", why: "about the scanner's assembly" },
  { test: "receipts/scan/stencil.test.ts", why: "about the scanner's assembly" },
  { test: "receipts/scan/taken.test.ts", why: "about what all of the scanner leaves to the parser" },
  { test: "mirror.test.ts", why: "about all of src/ and test/" },
  { test: "codes/providers.test.ts", why: "about config/providers/" },
  { test: "codes/shipped-map.test.ts", why: "about config/code-map.yaml" },
  { test: "commands/user-pack.test.ts", why: "about a provider of one's own, in every command" },
  { test: "commands/classify/dimensions.test.ts", why: "about dimensions in all that classify shows" },
  { test: "replay/dimensions.test.ts", why: "about dimensions from the records to the series" },
  { test: "replay/report/dimensions.test.ts", why: "about dimensions in every form of the report" },
  { test: "commands/privacy.test.ts", why: "about what any command may show of a number" },
  { test: "kafka/simulation/simulation.test.ts", why: "about the members of a group among themselves" },
  { test: "kafka/simulation/model-log.test.ts", why: "about the simulation's own model of a log" },
];

/** Pure files that are tested in another place: where what they are for can be seen. */
const elsewhere = [
  { file: "commands/topic-counts.ts", test: "commands/check.test.ts", why: "what a topic's map opens" },
  {
    file: "ledger/snapshot/cells.ts",
    test: "ledger/snapshot/format2.test.ts",
    why: "a section of a snapshot",
  },
  {
    file: "ledger/snapshot/state.ts",
    test: "ledger/snapshot/snapshot.test.ts",
    why: "words of both formats",
  },
  {
    file: "commands/replay/read-history.ts",
    test: "integration/replay-golden.test.ts",
    why: "puts together what reads a real log",
  },
  {
    file: "commands/find/read-findings.ts",
    test: "integration/find.test.ts",
    why: "puts together what reads a real log",
  },
  {
    file: "commands/sample/read-samples.ts",
    test: "integration/sample.test.ts",
    why: "puts together what reads a real log",
  },
  { file: "commands/search/readings.ts", test: "commands/sample/findings.test.ts", why: "words of findings" },
  {
    file: "commands/search/searched-partition.ts",
    test: "commands/sample/sampling.test.ts",
    why: "seen by what is looked for",
  },
  { file: "kafka/client-settings.ts", test: "kafka/wire/link.test.ts", why: "what a connection is made of" },
  { file: "kafka/cluster.ts", test: "integration/broker.test.ts", why: "asks real brokers" },
  { file: "kafka/rights.ts", test: "integration/replay-rights.test.ts", why: "words about rights" },
  { file: "replay/other-map.ts", test: "replay/merge.test.ts", why: "what a replay counts beside its steps" },
  {
    file: "ledger/view.ts",
    test: "ledger/partition-ledger-exposure.test.ts",
    why: "what a scrape shows of a ledger",
  },
  { file: "replay/share.ts", test: "integration/replay-golden.test.ts", why: "reads a real log" },
  { file: "http/pages.ts", test: "http/server-slow-clients.test.ts", why: "holds pages for real sockets" },
  { file: "commands/run/status-counts.ts", test: "commands/run/status.test.ts", why: "a part of the status" },
  ...["counting", "unread", "values", "words"].map((part) => ({
    file: `http/page/${part}.ts`,
    test: "http/page/page.test.ts",
    why: "a part of the page",
  })),
  ...["bash", "fish", "vocabulary", "zsh"].map((part) => ({
    file: `commands/completion/${part}.ts`,
    test: "commands/completion.test.ts",
    why: "what a real shell makes of it",
  })),
  ...["commands/classify/file-counts", "ledger/commonest"].map((file) => ({
    file: `${file}.ts`,
    test: "commands/classify/dimensions.test.ts",
    why: "what classify makes of a file",
  })),
  ...["replay/named", "replay/series"].map((file) => ({
    file: `${file}.ts`,
    test: "replay/dimensions.test.ts",
    why: "names and series of a replay",
  })),
  ...["share", "value-table"].map((file) => ({
    file: `replay/report/${file}.ts`,
    test: "replay/report/dimensions.test.ts",
    why: "a part of the report",
  })),
  ...["remainders", "snapshot/delays"].map((file) => ({
    file: `ledger/${file}.ts`,
    test: "ledger/receipt-delays.test.ts",
    why: "what is kept of delays",
  })),
  { file: "ledger/summary.ts", test: "ledger/counts.test.ts", why: "sums of counts" },
  { file: "metrics/delay-text.ts", test: "metrics/counter-text.test.ts", why: "a family of counters" },
  { file: "commands/suggestion-words.ts", test: "commands/classify.test.ts", why: "words of suggestions" },
  ...[
    "from-file",
    "from-history",
    "from-server",
    "next-commands",
    "patch",
    "report",
    "request",
    "unknown-codes",
  ].map((part) => ({
    file: `commands/unknown/${part}.ts`,
    test: "commands/codes-unknown.test.ts",
    why: "a part of one command",
  })),
  { file: "receipts/shapes.ts", test: "receipts/decode.test.ts", why: "a topic's shapes, as they are read" },
  { file: "schema/issues.ts", test: "config/issues.test.ts", why: "words for mistakes in settings" },
  {
    file: "schema/json-schema.ts",
    test: "docs/json-schema.test.ts",
    why: "held to the files that are shipped",
  },
  { file: "schema/shape.ts", test: "codes/parse-formats.test.ts", why: "the grammar of packs and settings" },
  { file: "schema/values.ts", test: "config/schema.test.ts", why: "values of settings" },
  { file: "demo/mix.ts", test: "demo/stream.test.ts", why: "the stream that is made of it" },
];

/** What is seen only together is tested together: formats by `samples/`, the scanner by what it reads. */
const together = new Map([
  ["receipts/formats", "receipts/decode.test.ts"],
  ["receipts/scan", "receipts/scan/differential.test.ts"],
]);

const tests = typeScriptIn("test").filter((file) => file.endsWith(".test.ts"));
const parts = new Set(sources.map(({ part }) => part));

/** Whether a test has the name and the place of a file: `foo/bar.test.ts` or `foo/bar-….test.ts` for `foo/bar.ts`. */
function isOf(test: string, file: string): boolean {
  const own = basename(file, ".ts");
  const name = basename(test, ".test.ts");
  return dirname(test) === dirname(file) && (name === own || name.startsWith(`${own}-`));
}

function isTested(file: string): boolean {
  return tests.some((test) => isOf(test, file));
}

const pure = sources.filter(
  ({ loads, imports, code }) =>
    logic.test(code) &&
    !worldlyGlobals.test(code) &&
    !imports.includes("node-http.ts") &&
    !loads.some((wanted) => world.test(wanted)),
);

it("tells what is pure", () => {
  const names = pure.map(({ file }) => file);
  expect(names).toEqual(expect.arrayContaining(["table.ts", "receipts/decode.ts", "kafka/group/member.ts"]));
  for (const other of ["codes/verdict.ts", "commands/command.ts", "log.ts", "worker-env.ts"]) {
    expect(names).not.toContain(other);
  }
});

it("every test beside a part of src/ is named for a file of it", () => {
  const strangers = tests
    .filter((test) => !test.includes("/") || parts.has(test.split("/")[0] ?? ""))
    .filter((test) => !sources.some(({ file }) => isOf(test, file)));
  expect(strangers).toEqual(ofNoFile.map(({ test }) => test).sort());
});

describe("every pure file of src/ has a test", () => {
  it("by its name and place", () => {
    const untested = pure
      .map(({ file }) => file)
      .filter((file) => !isTested(file) && !together.has(dirname(file)));
    expect(untested).toEqual(elsewhere.map(({ file }) => file).sort());
  });

  it("or another that is there", () => {
    expect(tests).toEqual(
      expect.arrayContaining([...elsewhere.map(({ test }) => test), ...together.values()]),
    );
  });
});
