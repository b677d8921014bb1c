import { describe, expect, it } from "vitest";
import { readRequest, sampleFlags } from "../../../src/commands/sample/request.ts";
import { ignoredKinds, malformedReasons } from "../../../src/receipts/receipt.ts";

const now = Date.parse("2026-11-26T12:00:00Z");
const day = 86_400_000;

function asked(values: Readonly<Record<string, string>>, ...switches: string[]) {
  return readRequest(values, new Set(switches), 480, now);
}

it("looks for five malformed records of the last day, up to the log's end", () => {
  expect(asked({})).toEqual({
    wanted: { count: 5, reason: undefined, from: now - day, to: undefined },
    ...{ isExplained: false, output: "table", timeoutMs: 60_000 },
  });
});

it("takes all that is said", () => {
  const values = {
    ...{ malformed: "1000", from: "2026-11-25", to: "2026-11-25T08:00", timeout: "5s" },
  };
  expect(asked(values, "explain")).toEqual({
    wanted: {
      ...{ count: 1000, reason: undefined },
      from: Date.parse("2026-11-25T00:00:00+08:00"),
      to: Date.parse("2026-11-25T08:00:00+08:00"),
    },
    ...{ isExplained: true, output: "table", timeoutMs: 5_000 },
  });
  expect(asked({ output: "json" }).output).toBe("json");
});

it.each([...malformedReasons, ...ignoredKinds])("knows the reason %s", (reason) => {
  expect(asked({ reason }).wanted.reason).toBe(reason);
});

describe("refuses", () => {
  const rows = [
    ...["0", "1001", "-1", "five", "5.5", "05"].map((malformed) => ({
      flags: { malformed },
      says: "--malformed must be a number from 1 to 1000",
    })),
    { flags: { reason: "not_jsn" }, says: "unknown reason not_jsn; did you mean not_json?" },
    { flags: { reason: "uplnk" }, says: "unknown reason uplnk; did you mean uplink?" },
    { flags: { reason: "xyzzyxyzzy" }, says: "unknown reason xyzzyxyzzy: the reasons are tombstone, " },
    { flags: { output: "csv" }, says: "--output must be table or json" },
    { flags: { from: "soon" }, says: "--from soon is not a time: use one such as " },
    { flags: { from: "2026-12-24" }, says: "--from is in the future" },
    { flags: { from: "-1h", to: "-2h" }, says: "--from must be before --to" },
    { flags: { timeout: "0s" }, says: "--timeout must be a duration such as 1m" },
  ];
  it.each(rows)("$flags", ({ flags, says }) => {
    const values = Object.fromEntries(Object.entries(flags));
    expect(() => asked(values)).toThrow(says);
  });

  it("steps in JSON", () => {
    expect(() => asked({ output: "json" }, "explain")).toThrow(
      "--explain can't be combined with --output json",
    );
  });
});

it("names no flag twice", () => {
  const names = sampleFlags.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
