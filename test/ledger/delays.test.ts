import { describe, expect, it } from "vitest";
import { longestDelay } from "../../src/bounds.ts";
import { Delays, delayBuckets, observeDelay } from "../../src/ledger/delays.ts";

/** What a fresh series has after these delays in ms: its sum, and each bucket that has any, by its upper bound. */
function observed(...milliseconds: readonly number[]) {
  const series = new Delays().series("sms", "delivered");
  for (const own of milliseconds) observeDelay(series, own);
  const buckets = [...series.counts].flatMap((count, bucket) =>
    count === 0 ? [] : [[delayBuckets[bucket] ?? Number.POSITIVE_INFINITY, count]],
  );
  return { sum: series.sum, buckets };
}

describe("a delay", () => {
  const rows = [
    { name: "of a bound is within it", ms: 1_000, bucket: 1, seconds: 1 },
    { name: "beyond a bound is in the next bucket", ms: 1_001, bucket: 2, seconds: 1.001 },
    { name: "of nothing is in the first", ms: 0, bucket: 1, seconds: 0 },
    { name: "below zero is of clocks that disagree, and none", ms: -5_000, bucket: 1, seconds: 0 },
    { name: "of three days is in the last with a bound", ms: 259_200_000, bucket: 259_200, seconds: 259_200 },
    { name: "beyond has none", ms: 259_200_001, bucket: Number.POSITIVE_INFINITY, seconds: 259_200.001 },
    {
      name: "of 30 days is the longest there is",
      ms: longestDelay,
      bucket: Number.POSITIVE_INFINITY,
      seconds: 2_592_000,
    },
  ];
  it.each(rows)("$name", ({ ms, bucket, seconds }) => {
    expect(observed(ms)).toEqual({ sum: seconds, buckets: [[bucket, 1]] });
  });

  it.each([Number.NaN, longestDelay + 1, Number.POSITIVE_INFINITY])("of %d ms is not observed", (ms) => {
    expect(observed(ms)).toEqual({ sum: 0, buckets: [] });
  });

  it("adds to the others", () => {
    expect(observed(500, 700, 4_000)).toEqual({
      sum: 5.2,
      buckets: [
        [1, 2],
        [5, 1],
      ],
    });
  });
});

it("keeps one series for each channel and outcome, in order of first use", () => {
  const delays = new Delays();
  const first = delays.series("voice", "failed");
  const others = [delays.series("sms", "failed"), delays.series("sms", "delivered")];
  expect(delays.series("voice", "failed")).toBe(first);
  expect([...delays.all()]).toEqual([first, ...others]);
  expect(new Set(delays.all()).size).toBe(3);
});
