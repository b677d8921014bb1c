import type { Outcome } from "../codes/verdict.ts";

/**
 * Upper bounds of the durable delay buckets, in seconds: the first matter for verification codes, and carriers retry
 * for a day.
 */
export const delayBounds = [5, 15, 30, 60, 300, 900, 3600, 21_600, 86_400] as const;

/** A bucket by its upper bound, not cumulative; or the sum of the delays, each rounded to the second. */
export type DelayPart = (typeof delayBounds)[number] | "+Inf" | "sum";

/** All parts of a series of delays, in the order of ledgers and snapshots: another bound would need another section. */
export const delayParts: readonly DelayPart[] = [...delayBounds, "+Inf", "sum"];

/**
 * Why a receipt's delay is in no bucket: the closed set behind `dlr_unmeasured_delays_total{reason}`. Append only:
 * snapshots store counts by index.
 *
 * `negative` is by more than {@link largestSkew}, `too_long` by more than 30 days. `not_kept` was counted by a
 * version without these buckets, or while a snapshot had no room for them.
 */
export const unmeasuredReasons = [
  "not_kept",
  "no_sent_time",
  "no_event_time",
  "negative",
  "too_long",
] as const;

export type UnmeasuredReason = (typeof unmeasuredReasons)[number];

/** How far a receipt may appear to precede its message, in ms, since clocks differ. It counts as 0. */
export const largestSkew = 5_000;

/** The outcomes whose delay is measured: those of messages, rather than API responses or calls in progress. */
export const measuredOutcomes: readonly Outcome[] = ["delivered", "failed"];
