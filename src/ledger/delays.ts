import { longestDelay } from "../bounds.ts";
import type { Channel, Outcome } from "../codes/verdict.ts";
import { Buckets } from "./buckets.ts";

/** Upper bounds in seconds: from an instant receipt to one that came days late. */
export const delayBuckets = [
  1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 21_600, 86_400, 259_200,
] as const;

const buckets = new Buckets(delayBuckets);

/** The observed delays of one channel and outcome. `counts` has one more entry than the buckets: the last is +Inf. */
export interface DelaySeries {
  readonly channel: Channel;
  readonly outcome: Outcome;
  readonly counts: Float64Array;
  sum: number;
}

/**
 * Delivery delays, receipt time minus send time, of everything this process has counted. Lives as long as the
 * process: a redelivered batch is observed again, so it shows speed rather than exact counts.
 */
export class Delays {
  readonly #series = new Map<string, DelaySeries>();

  /** The series of a channel and outcome, created on first use. */
  series(channel: Channel, outcome: Outcome): DelaySeries {
    const key = `${channel} ${outcome}`;
    let series = this.#series.get(key);
    if (series === undefined) {
      series = { channel, outcome, counts: new Float64Array(delayBuckets.length + 1), sum: 0 };
      this.#series.set(key, series);
    }
    return series;
  }

  /** Every series that has been used, in order of first use. */
  all(): Iterable<DelaySeries> {
    return this.#series.values();
  }
}

/**
 * Adds one delay, if it is plausible.
 *
 * @param milliseconds receipt time minus send time; below zero (clocks differ) counts as zero, NaN (a time is
 *   missing) and more than 30 days are ignored
 */
export function observeDelay(series: DelaySeries, milliseconds: number): void {
  if (!(milliseconds <= longestDelay)) return;
  const bucket = buckets.of(milliseconds);
  series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
  series.sum += Math.max(0, milliseconds / 1000);
}
