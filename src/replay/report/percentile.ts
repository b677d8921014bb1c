import { type DelaySeries, delayBuckets } from "../../ledger/delays.ts";

/**
 * A percentile of delays from their buckets, like Prometheus' `histogram_quantile`: linear within a bucket, and
 * anything beyond the last bound is that bound.
 *
 * @param share 0.95 for the 95th percentile
 * @returns seconds; NaN without delays
 */
export function percentile({ counts }: DelaySeries, share: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const rank = share * total;
  let below = 0;
  let lower = 0;
  for (const [index, upper] of delayBuckets.entries()) {
    const count = counts[index] ?? 0;
    if (count > 0 && below + count >= rank) return lower + (upper - lower) * ((rank - below) / count);
    below += count;
    lower = upper;
  }
  return total === 0 ? Number.NaN : lower;
}
