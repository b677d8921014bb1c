import type { Outcome } from "../codes/verdict.ts";

/** Upper bounds of the durable delay buckets, in seconds: one-time passwords live by the first, carriers try for a day. */
export const delayBounds = [5, 15, 30, 60, 300, 900, 3600, 21_600, 86_400] as const;

/** A bucket by its upper bound, each receipt in one alone; or the sum of the delays, each to the nearest second. */
export type DelayPart = (typeof delayBounds)[number] | "+Inf" | "sum";

/** All parts of a series of delays, as they lie in a ledger and in snapshots: a new bound would be another section. */
export const delayParts: readonly DelayPart[] = [...delayBounds, "+Inf", "sum"];

/**
 * Why the delay of a receipt is in no bucket: the closed set behind `dlr_unmeasured_delays_total{reason}`. It only grows at
 * its end: snapshots hold counts by place.
 *
 * `negative` is by more than {@link largestSkew}, `too_long` by more than 30 days. `not_kept` is what a version without
 * these buckets has counted, or what came while a snapshot had no room for them.
 */
export const unmeasuredReasons = [
  "not_kept",
  "no_sent_time",
  "no_event_time",
  "negative",
  "too_long",
] as const;

export type UnmeasuredReason = (typeof unmeasuredReasons)[number];

/** By how much a receipt may seem to come before its message was sent, in ms: clocks differ. It counts as at once. */
export const largestSkew = 5_000;

/** Whose delay is measured: what has become of the message, and no answer to a request nor a call under way. */
export const measuredOutcomes: readonly Outcome[] = ["delivered", "failed"];
