import type { Channel, Outcome } from "../codes/verdict.ts";
import type { KeyCounter } from "../ledger/counter.ts";
import type { UnmeasuredReason } from "../ledger/delay-parts.ts";
import type { DelaySeries } from "../ledger/delays.ts";
import type { IgnoredKind, MalformedReason } from "../receipts/receipt.ts";
import type { SegmentState } from "../receipts/segments.ts";
import type { ReplayWindow } from "./window.ts";

/** The labels of a replayed series: those of the live one without partition, which history does not need. */
export interface SeriesLabels {
  readonly topic: string;
  readonly provider: string;
  readonly channel: Channel;
  readonly scope: string;
  readonly code: string;
  readonly category: string;
  readonly outcome: Outcome;
}

/** The labels of receipts that are counted by a dimension: those of the live series without partition. */
export interface ValueLabels extends Pick<SeriesLabels, "topic" | "provider" | "channel"> {
  readonly dimension: string;
  readonly value: string;
  readonly category: string;
  readonly outcome: Outcome;
}

/** The labels of segments: those of the live series without partition. */
export type SegmentLabels = Pick<SeriesLabels, "topic" | "provider" | "channel" | "category" | "outcome">;

/** The labels of receipts by what they say of their segments: those of the live series without partition. */
export interface SegmentReceiptsLabels extends SegmentLabels {
  readonly segments: SegmentState;
}

/** The segments of receipts; for each category and outcome of a topic the sum over `segments` is its receipts. */
export interface SegmentCounts {
  /** How many segments, sorted by their labels. */
  readonly series: readonly ReplaySeries<SegmentLabels>[];
  /** The receipts by the state of their segments, sorted by their labels. */
  readonly receipts: readonly ReplaySeries<SegmentReceiptsLabels>[];
}

/** The labels of delays: those of the live histogram without partition. */
export type DelayColumnLabels = Pick<SeriesLabels, "topic" | "provider" | "channel" | "outcome">;

/** The labels of receipts without a measured delay. */
export interface UnmeasuredLabels extends DelayColumnLabels {
  readonly reason: UnmeasuredReason;
}

/** The delays of one topic, provider, channel and outcome by step. Steps without one are left out. */
export interface DelayColumnCounts {
  readonly labels: DelayColumnLabels;
  /** Step numbers, ascending. */
  readonly steps: Uint32Array;
  /** The receipts of each of these steps, for each bucket of `delayParts`: every receipt is in one of them. */
  readonly buckets: readonly Uint32Array[];
  /** The sum of the delays of each of these steps, in seconds. */
  readonly sums: Float64Array;
}

/** How long receipts took, as the ledger of a running exporter counts it; both sorted by their labels. */
export interface DelayHistory {
  readonly columns: readonly DelayColumnCounts[];
  /** Together with the buckets they are the receipts that are delivered or failed. */
  readonly unmeasured: readonly ReplaySeries<UnmeasuredLabels>[];
}
/** The labels of receipts that came before, or that lack a part of their key: those of the live series without partition. */
export type KeyLabels = Pick<SeriesLabels, "topic" | "provider" | "channel">;

/** Receipts that came before, which are in no other count, and those that lack a part of their key. */
export type KeyCounts = Readonly<Record<KeyCounter["kind"], readonly ReplaySeries<KeyLabels>[]>>;

/** The receipts of one cell by step. Steps without a receipt are left out. */
export interface ReplaySeries<Labels = SeriesLabels> {
  readonly labels: Labels;
  /** Step numbers, ascending; step n covers [from + n * step, from + (n + 1) * step). */
  readonly steps: Uint32Array;
  /** The receipts of each of these steps; at least 1. */
  readonly counts: Uint32Array;
  readonly total: number;
}

/** A stretch of the log without anything to count, and why. */
export interface Gap {
  readonly topic: string;
  readonly partition: number;
  /** How many offsets. */
  readonly offsets: number;
  /**
   * `removed`: compacted or a transaction marker; `retention`: deleted before the replay began; `deleted`: deleted
   * after that, before it was read.
   */
  readonly reason: "removed" | "retention" | "deleted";
  /** With `retention`: the time of the oldest record that is left, in ms since the epoch. */
  readonly oldestAt: number | undefined;
}

/** A stretch of the log that was left unread, since the log had passed the window, the slack and a margin. */
export interface Unread {
  readonly topic: string;
  readonly partition: number;
  /** How many offsets. */
  readonly offsets: number;
  /** The time of the last record that was read before, in ms since the epoch. */
  readonly after: number;
  /** When the log's end was taken, in ms since the epoch. */
  readonly until: number;
  /**
   * How far records of this topic were out of order, in ms, if that exceeds the slack: then the unread part may belong
   * to the window. Undefined if they were in order.
   */
  readonly suspect: number | undefined;
}

/** Receipts by the values of dimensions: for each dimension of a topic the sum over its values is its receipts. */
export interface DimensionCounts {
  /** The configured dimensions, in their order; those of all topics. */
  readonly names: readonly string[];
  /** Sorted by their labels. */
  readonly series: readonly ReplaySeries<ValueLabels>[];
  /**
   * How many values share the label `_other`, since each dimension of a topic names the most common only; and whether
   * there were more than could be kept apart.
   */
  readonly unnamed: { readonly values: number; readonly andMore: boolean };
}

/** What a replay counted. The same log, window and map give the same, however it was read. */
export interface ReplayCounts {
  readonly window: ReplayWindow;
  /** Sorted by their labels. */
  readonly series: readonly ReplaySeries[];
  /**
   * How many unlisted codes share the label `_other`, since each topic names the most common only; and whether there
   * were more than could be kept apart.
   */
  readonly unnamed: { readonly codes: number; readonly andMore: boolean };
  /** The same receipts by dimension; undefined without dimensions. */
  readonly dimensions?: DimensionCounts | undefined;
  /** Their segments; undefined if no receipt names them. */
  readonly segments?: SegmentCounts | undefined;
  /** Undefined if no topic looks for duplicates. */
  readonly keys?: KeyCounts | undefined;
  readonly records: number;
  readonly malformed: ReadonlyMap<MalformedReason, number>;
  /** Records that are not meant to be receipts. */
  readonly ignored: ReadonlyMap<IgnoredKind, number>;
  readonly conflicts: number;
  /** Receipts whose time is before or after the window; they are not in the series. */
  readonly outside: { readonly before: number; readonly after: number };
  /** Receipts of the window that were recorded in the last tenth of the slack or later; 0 without a slack. */
  readonly late: number;
  /** Receipts of the window without a time of their own, placed by their record's. */
  readonly undated: number;
  /** The delays of all receipts that have both times, by channel and outcome. */
  readonly delays: readonly DelaySeries[];
  /** The same by step, and exact, of what was delivered or failed. */
  readonly receiptDelays: DelayHistory;
  readonly gaps: readonly Gap[];
  readonly unread: readonly Unread[];
  /** Offsets that could not be read yet, since a transaction in front of them was open. */
  readonly undecided: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly offsets: number;
  }[];
}
