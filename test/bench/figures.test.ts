import { expect, it } from "vitest";
import { figuresOf, lineThrough, median } from "./figures.ts";
import { bestAndWorst, spreadText, table } from "./markdown.ts";
import type { Measurement } from "./programs.ts";

function measurement(cpuUs: number, seconds = 1): Measurement {
  return { seconds, counted: 0, usage: { cpuUs, peakRssMib: 100, endRssMib: 90 } };
}

it.each([
  { numbers: [3], middle: 3 },
  { numbers: [9, 1, 5], middle: 5 },
  { numbers: [4, 1, 2, 9], middle: 3 },
])("the median of $numbers is $middle", ({ numbers, middle }) => {
  expect(median(numbers)).toBe(middle);
});

it("tells the start from what each receipt takes, round by round", () => {
  const [start, each] = [400_000, 0.5];
  const rounds = [1, 1.2, 3].map((slower) => ({
    small: measurement(slower * (start + each * 1_000_000)),
    large: measurement(slower * (start + each * 5_000_000)),
  }));
  const line = lineThrough(
    rounds.map(({ small }) => small),
    rounds.map(({ large }) => large),
    1_000_000,
    5_000_000,
  );
  expect(line.slope.median).toBeCloseTo(0.6, 9);
  expect(line.slope.lowest).toBeCloseTo(0.5, 9);
  expect(line.slope.highest).toBeCloseTo(1.5, 9);
  expect(line.start).toBeCloseTo(480, 6);
});

it("takes medians of the rounds, and CPU a receipt", () => {
  const rounds = [measurement(500_000, 4), measurement(900_000, 1), measurement(600_000, 2)];
  expect(figuresOf(rounds, 1_000_000)).toEqual({
    cpu: { median: 0.6, lowest: 0.5, highest: 0.9 },
    perSecond: 500_000,
    peakRssMib: 100,
    endRssMib: 90,
  });
});

it("says the best beside the worst", () => {
  const measured = [
    { name: "json", cpu: 3.8 },
    { name: "tmc-sms", cpu: 0.4 },
    { name: "form", cpu: 2 },
  ];
  expect(bestAndWorst("`run`", measured)).toBe(
    "`run`: the best is tmc-sms with 0.40 µs, the worst json with 3.80 µs, 9.5 times as much.",
  );
  expect(bestAndWorst("`run`", measured.slice(1, 2))).toBe("`run`: tmc-sms with 0.40 µs.");
});

it("writes a table whose figures stand at the right", () => {
  expect(table(["a", "b"], [["x", spreadText({ median: 1, lowest: 0.5, highest: 2 })]])).toBe(
    "| a | b |\n|---|--:|\n| x | 1.00 (0.50–2.00) |",
  );
});
