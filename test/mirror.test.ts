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
  { test: "mirror.test.ts", why: "about all of src/ and test/" },
  { test: "codes/shipped-map.test.ts", why: "about config/code-map.yaml" },
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
  { file: "kafka/cluster.ts", test: "integration/broker.test.ts", why: "asks real brokers" },
  { file: "kafka/log-ranges.ts", test: "integration/replay-gaps.test.ts", why: "asks real brokers" },
  { file: "kafka/rights.ts", test: "integration/replay-rights.test.ts", why: "asks real brokers" },
  { file: "kafka/undecided.ts", test: "integration/replay-gaps.test.ts", why: "asks real brokers" },
  { file: "replay/share.ts", test: "integration/replay-golden.test.ts", why: "reads a real log" },
  { file: "http/pages.ts", test: "http/server-slow-clients.test.ts", why: "holds pages for real sockets" },
  { file: "demo/mix.ts", test: "demo/stream.test.ts", why: "the stream that is made of it" },
];

/** Formats are told apart from each other, so they are tested together: `samples/` has what each of them reads. */
const together = { folder: "receipts/formats", test: "receipts/decode.test.ts" };

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
  ({ loads, code }) =>
    logic.test(code) && !worldlyGlobals.test(code) && !loads.some((wanted) => world.test(wanted)),
);

it("tells what is pure", () => {
  const names = pure.map(({ file }) => file);
  expect(names).toEqual(expect.arrayContaining(["table.ts", "receipts/decode.ts", "kafka/group/member.ts"]));
  for (const other of [
    "codes/verdict.ts",
    "commands/command.ts",
    "kafka/client.ts",
    "log.ts",
    "worker-env.ts",
  ]) {
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
      .filter((file) => !isTested(file) && dirname(file) !== together.folder);
    expect(untested).toEqual(elsewhere.map(({ file }) => file).sort());
  });

  it("or another that is there", () => {
    for (const { test } of [...elsewhere, together]) expect(tests).toContain(test);
  });
});
