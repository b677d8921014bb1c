import { describe, expect, it } from "vitest";
import { counted, spanFlag, spanWords } from "../../src/replay/spans.ts";
import { parseDuration } from "../../src/replay/window.ts";

describe("a span as a flag takes it", () => {
  const rows = [
    { ms: 1_000, flag: "1s" },
    { ms: 60_000, flag: "1m" },
    { ms: 90_000, flag: "90s" },
    { ms: 3_600_000, flag: "1h" },
    { ms: 129_600_000, flag: "36h" },
    { ms: 2_592_000_000, flag: "30d" },
  ];
  it.each(rows)("$flag", ({ ms, flag }) => {
    expect(spanFlag(ms)).toBe(flag);
    expect(parseDuration(flag)).toBe(ms);
  });
});

describe("a span for a reader", () => {
  const rows = [
    { ms: 0, words: "0 seconds" },
    { ms: 400, words: "0.4 seconds" },
    { ms: 1_000, words: "1 second" },
    { ms: 59_000, words: "59 seconds" },
    { ms: 90_000, words: "1.5 minutes" },
    { ms: 3_600_000, words: "1 hour" },
    { ms: 201_600_000, words: "2.3 days" },
  ];
  it.each(rows)("$words", ({ ms, words }) => {
    expect(spanWords(ms)).toBe(words);
  });
});

it("counts one and many", () => {
  expect([0, 1, 2].map((count) => counted(count, "receipt"))).toEqual([
    "0 receipts",
    "1 receipt",
    "2 receipts",
  ]);
});
