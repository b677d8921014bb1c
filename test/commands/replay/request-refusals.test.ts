import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/commands/command.ts";
import { asked, base } from "../asking.ts";

describe("flags of replay that make no sense", () => {
  const noTime = "is not a time: use one such as -3h, now, 2026-10-01 or 2026-10-01T08:00:00+08:00";
  const tooEarly = "--from is before 1970-01-01T00:00:00Z, the earliest timestamp in Kafka";
  const standardOutput = "both write to standard output: give --openmetrics a file";
  const noAddress = "must be an address that begins with http:// or https://";
  const rows: readonly { name: string; flags: Record<string, string>; says: string }[] = [
    { name: "no start", flags: { to: "now" }, says: "--from is missing: the window's start" },
    { name: "no end", flags: { from: "-3h" }, says: "--to is missing: the window's end" },
    { name: "a start that is no time", flags: { ...base, from: "3h" }, says: `--from 3h ${noTime}` },
    {
      name: "an end that is no day",
      flags: { ...base, to: "2026-02-30" },
      says: `--to 2026-02-30 ${noTime}`,
    },
    {
      name: "an end before the start",
      flags: { from: "now", to: "-3h" },
      says: "--from must be at least one step before --to",
    },
    {
      name: "less than a step",
      flags: { from: "-20s", to: "now" },
      says: "--from must be at least one step before --to",
    },
    { name: "a start before Kafka's time", flags: { from: "1970-01-01", to: "now" }, says: tooEarly },
    {
      name: "a start that is rounded to one",
      flags: { ...base, from: "-20782d", step: "7d" },
      says: tooEarly,
    },
    { name: "an age of centuries", flags: { ...base, from: "-999999d" }, says: tooEarly },
    {
      name: "a window in the future",
      flags: { from: "2026-12-01", to: "2026-12-31" },
      says: "--from is in the future",
    },
    {
      name: "more steps than are counted",
      flags: { from: "2026-10-01", to: "2026-11-01", step: "1s" },
      says: "--step 1s divides this window into 2,678,400 steps, but at most 1,100,000 are supported: use a step of at least 3s, or a shorter window",
    },
    {
      name: "a step of nothing",
      flags: { ...base, step: "0s" },
      says: "--step must be a duration such as 1m",
    },
    {
      name: "a step without unit",
      flags: { ...base, step: "60" },
      says: "--step must be a duration such as 1m",
    },
    {
      name: "slack that is no span",
      flags: { ...base, slack: "long" },
      says: "--slack must be a duration such as 6h",
    },
    {
      name: "slack that is no span, by record",
      flags: { ...base, by: "record", slack: "long" },
      says: "--slack must be a duration such as 6h",
    },
    {
      name: "a timeout of nothing",
      flags: { ...base, timeout: "0m" },
      says: "--timeout must be a duration such as 10m",
    },
    { name: "by what", flags: { ...base, by: "offset" }, says: "--by must be event or record" },
    { name: "as what", flags: { ...base, as: "histogram" }, says: "--as must be counter or gauge" },
    {
      name: "a report of what",
      flags: { ...base, report: "yaml" },
      says: "--report must be table, json or csv",
    },
    {
      name: "two on standard output",
      flags: { ...base, report: "table", openmetrics: "-" },
      says: `--report and --openmetrics - ${standardOutput}`,
    },
    {
      name: "what moves, on standard output too",
      flags: { ...base, compare: "old.yaml", openmetrics: "-" },
      says: `--compare and --openmetrics - ${standardOutput}`,
    },
    {
      name: "two tables in one CSV",
      flags: { ...base, report: "csv", compare: "old.yaml" },
      says: "--report csv can't include --compare: use --report json, or only one of them",
    },
    ...["0", "65", "-1", "1.5", "1e1", "0x10", " 2", "two", "", "999"].map((workers) => ({
      name: `"${workers}" workers`,
      flags: { ...base, workers },
      says: "--workers must be a number from 1 to 64",
    })),
    {
      name: "a remote write address without scheme",
      flags: { ...base, "remote-write": "localhost:9090/api/v1/write" },
      says: `--remote-write ${noAddress}`,
    },
    {
      name: "a password with a % that encodes nothing",
      flags: { ...base, victoria: "http://me:50%off@localhost:8428" },
      says: "--victoria has an invalid % escape in its user or password: write % as %25",
    },
    { name: "no address", flags: { ...base, victoria: "victoria" }, says: `--victoria ${noAddress}` },
  ];
  it.each(rows)("$name", ({ flags, says }) => {
    expect(() => asked(flags)).toThrow(new UsageError(says));
  });

  it("takes a choice of partitions with a state to keep it in", () => {
    const flags = { ...base, resume: "a.state" };
    expect(asked({ ...flags, partitions: "0-3,8" }).partitions).toEqual([
      { first: 0, last: 3 },
      { first: 8, last: 8 },
    ]);
    expect(() => asked({ ...flags, partitions: "3-0" })).toThrow("--partitions takes numbers and ranges");
    expect(() => asked({ ...base, partitions: "0" })).toThrow("needs --resume FILE");
  });

  const token = { DLR_TARGET_BEARER_TOKEN: "secret" };
  it("a login for two servers", () => {
    const flags = { ...base, "remote-write": "http://a:9090/", victoria: "http://b:8428/" };
    expect(() => asked(flags, 480, token)).toThrow(
      new UsageError(
        "--remote-write and --victoria are different servers, but both would get the same credentials and headers: replay to one at a time",
      ),
    );
    expect(() => asked({ ...flags, victoria: "http://a:9090/v" }, 480, token)).not.toThrow();
    expect(() => asked(flags)).not.toThrow();
  });

  it("a second login in an address", () => {
    expect(() => asked({ ...base, victoria: "http://me:too@b:8428/" }, 480, token)).toThrow(
      new UsageError("--victoria has a login in it, and another one is configured: keep only one"),
    );
  });
});
