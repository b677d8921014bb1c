import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/commands/command.ts";
import {
  historySettings,
  readMoment,
  readSpan,
  refuseBeginning,
  textOf,
  valuesOf,
} from "../../src/commands/history-flags.ts";

const now = Date.parse("2026-11-26T12:00:00Z");

it("has the settings of run that say what is read", () => {
  const names = historySettings.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["config", "brokers", "topic", "format", "code-map"]));
  expect(names).not.toContain("group");
});

it("takes the values of some flags, and those that are no list", () => {
  const values = { topic: ["a", "b"], from: "-1d", brokers: ["c:1"] };
  expect(valuesOf(historySettings, values)).toEqual({ topic: ["a", "b"], brokers: ["c:1"] });
  expect(["from", "topic", "to"].map(textOf(values))).toEqual(["-1d", undefined, undefined]);
});

describe("a span", () => {
  it("is its value, or the usual one", () => {
    expect(readSpan({ timeout: "90s" }, "timeout", "1m")).toBe(90_000);
    expect(readSpan({}, "timeout", "1m")).toBe(60_000);
    expect(readSpan({ slack: "0s" }, "slack", "6h")).toBe(0);
  });

  it.each(["0s", "1", "long"])("is not %s", (timeout) => {
    expect(() => readSpan({ timeout }, "timeout", "1m")).toThrow(
      new UsageError("--timeout must be a duration such as 1m"),
    );
  });
});

describe("a moment", () => {
  it("is read in the topic's zone", () => {
    expect(readMoment("from", "2026-11-26", now, 480)).toBe(Date.parse("2026-11-26T00:00:00+08:00"));
    expect(readMoment("from", "-3h", now, 480)).toBe(now - 10_800_000);
  });

  it("is refused with what to give", () => {
    expect(() => readMoment("to", "soon", now, 480)).toThrow(/^--to soon is not a time: use one such as /);
  });

  it("begins nothing before there were records, or in the future", () => {
    expect(() => refuseBeginning(now, now)).not.toThrow();
    expect(() => refuseBeginning(-1, now)).toThrow("--from is before 1970-01-01T00:00:00Z");
    expect(() => refuseBeginning(now + 1, now)).toThrow("--from is in the future");
  });
});
