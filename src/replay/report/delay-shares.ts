import { delayBounds } from "../../ledger/delay-parts.ts";
import type { DelayHistory } from "../counts.ts";
import { spanWords } from "../spans.ts";
import { share } from "./share.ts";

/** How long receipts of one provider, channel and outcome took, over all topics. */
export interface DelayShares {
  readonly provider: string;
  readonly channel: string;
  readonly outcome: string;
  /** Receipts with a delay. */
  readonly count: number;
  /** Receipts without one. */
  readonly unmeasured: number;
  /** The upper bound of the percentile's bucket, in seconds; null beyond a day, or without delays. */
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  /** The share with a delay of at most 5 seconds, 30 seconds and 5 minutes, 0 to 1; null without delays. */
  readonly within5s: number | null;
  readonly within30s: number | null;
  readonly within5m: number | null;
}

/** @returns the delays by provider, channel and outcome, in that order */
export function delaySharesOf({ columns, unmeasured }: DelayHistory): DelayShares[] {
  const all = [
    ...columns.map(({ labels, buckets }) => ({ labels, counts: buckets.map(sumOf), without: 0 })),
    ...unmeasured.map(({ labels, total }) => ({ labels, counts: [], without: total })),
  ];
  const groups = Map.groupBy(all, ({ labels: { provider, channel, outcome } }) =>
    [provider, channel, outcome].join("\t"),
  );
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, own]) => {
      const [provider = "", channel = "", outcome = ""] = key.split("\t");
      const counts = [...delayBounds, "+Inf"].map((_, place) =>
        own.reduce((sum, one) => sum + (one.counts[place] ?? 0), 0),
      );
      const missing = own.reduce((sum, { without }) => sum + without, 0);
      return { provider, channel, outcome, ...summaryOf(counts), unmeasured: missing };
    });
}

function summaryOf(
  counts: readonly number[],
): Omit<DelayShares, "provider" | "channel" | "outcome" | "unmeasured"> {
  const count = counts.reduce((sum, own) => sum + own, 0);
  const upTo = (place: number) => counts.slice(0, place + 1).reduce((sum, own) => sum + own, 0);
  const percentile = (part: number) => {
    const bound = delayBounds.find((_, place) => upTo(place) >= part * count);
    return count === 0 || bound === undefined ? null : bound;
  };
  const within = (bound: (typeof delayBounds)[number]) =>
    // More digits would suggest more precision than there is.
    count === 0 ? null : Math.round((1e5 * upTo(delayBounds.indexOf(bound))) / count) / 1e5;
  return {
    ...{ count, p50: percentile(0.5), p90: percentile(0.9), p99: percentile(0.99) },
    ...{ within5s: within(5), within30s: within(30), within5m: within(300) },
  };
}

function sumOf(counts: Uint32Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Table rows, with the header first. */
export function delayTable(delays: readonly DelayShares[]): (string | number)[][] {
  const bound = (seconds: number | null, count: number) => {
    if (count === 0) return "-";
    return seconds === null ? "over 1 day" : `up to ${spanWords(1000 * seconds)}`;
  };
  const part = (value: number | null) => (value === null ? "-" : share(value, 1));
  return [
    [
      "PROVIDER",
      "CHANNEL",
      "OUTCOME",
      "MEASURED",
      "NOT",
      "P50",
      "P90",
      "P99",
      "IN 5 S",
      "IN 30 S",
      "IN 5 MIN",
    ],
    ...delays.map(({ provider, channel, outcome, count, unmeasured, p50, p90, p99, ...shares }) => [
      ...[provider, channel, outcome, count, unmeasured],
      ...[p50, p90, p99].map((seconds) => bound(seconds, count)),
      ...[shares.within5s, shares.within30s, shares.within5m].map(part),
    ]),
  ];
}

/** The columns of a CSV. */
export const delayColumns = [
  ...["provider", "channel", "outcome", "count", "unmeasured"],
  ...["p50", "p90", "p99", "within5s", "within30s", "within5m"],
] as const satisfies readonly (keyof DelayShares)[];
