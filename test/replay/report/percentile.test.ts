import { describe, expect, it } from "vitest";
import { delayBuckets } from "../../../src/ledger/delays.ts";
import { percentile } from "../../../src/replay/report/percentile.ts";

/** @param own counts by upper bound in seconds */
function countsOf(own: Readonly<Record<string, number>>): Float64Array {
  return Float64Array.from([...delayBuckets, "over"], (bound) => own[bound] ?? 0);
}

describe("a percentile from buckets", () => {
  const rows = [
    { name: "in the first bucket, which begins at 0", own: { 1: 10 }, share: 0.5, seconds: 0.5 },
    { name: "within a bucket", own: { 10: 100 }, share: 0.25, seconds: 6.25 },
    { name: "at a bucket's upper bound", own: { 1: 5, 2: 5 }, share: 0.5, seconds: 1 },
    { name: "in the second bucket", own: { 1: 5, 2: 5 }, share: 0.9, seconds: 1.8 },
    { name: "over empty buckets", own: { 1: 1, 60: 9 }, share: 0.55, seconds: 45 },
    { name: "all of them", own: { 1: 5, 3600: 5 }, share: 1, seconds: 3600 },
    { name: "beyond the last bound", own: { 1: 1, over: 9 }, share: 0.5, seconds: 259_200 },
    { name: "of nothing", own: {}, share: 0.5, seconds: Number.NaN },
  ];
  it.each(rows)("$name", ({ own, share, seconds }) => {
    const series = { channel: "sms", outcome: "delivered", counts: countsOf(own), sum: 0 } as const;
    expect(percentile(series, share)).toEqual(
      Number.isNaN(seconds) ? Number.NaN : expect.closeTo(seconds, 9),
    );
  });
});
