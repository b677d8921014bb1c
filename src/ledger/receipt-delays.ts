import { longestDelay } from "../bounds.ts";
import { Buckets } from "./buckets.ts";
import type { Counter, ReceiptCounter } from "./counter.ts";
import {
  delayBounds,
  delayParts,
  largestSkew,
  measuredOutcomes,
  type UnmeasuredReason,
  unmeasuredReasons,
} from "./delay-parts.ts";

/** The labels by which delays are counted. */
export type DelayLabels = Pick<ReceiptCounter, "provider" | "channel" | "outcome">;

/** The counters of one provider, channel and outcome. */
export interface DelayColumn {
  readonly of: DelayLabels;
  /** The slot of the first of the consecutive {@link delayParts}; -1 if they were dropped. */
  first: number;
  /** The slot of each reason; `not_kept` has none before its first receipt. */
  readonly reasons: Map<UnmeasuredReason, number>;
}

const buckets = new Buckets(delayBounds);

/** The place of the sum, from the first part of a column. */
export const sumPlace = delayParts.indexOf("sum");

/**
 * How long receipts took, by the times in them: a pure function of the log, whenever it is read. Each receipt with a
 * measured outcome is in one bucket, or has one reason why not, so together they add up to the receipts.
 */
export class ReceiptDelays {
  readonly #open: (counter: Counter) => number;
  readonly #columns = new Map<string, DelayColumn>();
  #folded = 0;

  /** @param open returns the slot of a counter */
  constructor(open: (counter: Counter) => number) {
    this.#open = open;
  }

  /**
   * The column for the receipts of a cell, with all its counters open; undefined if delays are not measured for them.
   */
  column({ provider, channel, outcome }: DelayLabels): DelayColumn | undefined {
    if (!measuredOutcomes.includes(outcome)) return undefined;
    const key = `${provider}\t${channel}\t${outcome}`;
    let column = this.#columns.get(key);
    if (column === undefined) {
      const of = { provider, channel, outcome };
      const [first = -1] = delayParts.map((part) => this.#open({ kind: "delays", ...of, part }));
      column = { of, first, reasons: new Map() };
      this.#columns.set(key, column);
      for (const reason of unmeasuredReasons) if (reason !== "not_kept") this.#slotOf(column, reason);
    }
    return column;
  }

  /** The slot of a committed counter, opened with all others of its column; -1 if delays are not measured for it. */
  slotAgain(counter: Extract<Counter, { kind: "delays" | "unmeasured" }>): number {
    const column = this.column(counter);
    if (column === undefined) return -1;
    return counter.kind === "delays"
      ? column.first + delayParts.indexOf(counter.part)
      : this.#slotOf(column, counter.reason);
  }

  /** The slot of the reason why a receipt is in no bucket: its times, or that they have no room. */
  reasonSlot(column: DelayColumn, sentAt: number, receivedAt: number): number {
    return this.#slotOf(column, column.first === -1 ? "not_kept" : whyNot(sentAt, receivedAt));
  }

  /** Number of columns whose buckets were dropped. */
  get folded(): number {
    return this.#folded;
  }

  /**
   * Drops the counters of one column for as long as this ledger lives, to make room: failures before deliveries,
   * fewest receipts first. All its receipts are `not_kept` from then on.
   *
   * @param bySlot the count of each open counter
   * @returns the slots to close; empty when no column has receipts
   */
  foldLeast(bySlot: number[]): readonly number[] {
    const rank = ({ of }: DelayColumn) => measuredOutcomes.indexOf(of.outcome);
    const [least] = [...this.#columns.values()]
      .map((column) => ({ column, count: receiptsIn(column, bySlot) }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => rank(b.column) - rank(a.column) || a.count - b.count);
    if (least === undefined) return [];
    const { column, count } = least;
    const closed = [...delayParts.map((_, place) => column.first + place), ...reasonsOf(column)];
    column.first = -1;
    for (const slot of closed) bySlot[slot] = -1;
    add(bySlot, this.#slotOf(column, "not_kept"), count);
    this.#folded++;
    return closed;
  }

  #slotOf(column: DelayColumn, reason: UnmeasuredReason): number {
    let slot = column.reasons.get(reason);
    if (slot === undefined) {
      slot = this.#open({ kind: "unmeasured", ...column.of, reason });
      column.reasons.set(reason, slot);
    }
    return slot;
  }
}

/**
 * The index of a delay's bucket in {@link delayParts}; -1 if it is in none.
 *
 * @param sentAt, receivedAt as the receipt has them, in ms since the epoch; NaN when unknown
 */
export function bucketOf(sentAt: number, receivedAt: number): number {
  const delay = receivedAt - sentAt;
  if (!(delay >= -largestSkew && delay <= longestDelay)) return -1;
  return buckets.of(delay);
}

/** What a delay that has a bucket adds to the sum: whole seconds, for sums of them are exact in any order. */
export function secondsOf(sentAt: number, receivedAt: number): number {
  return Math.max(0, Math.round((receivedAt - sentAt) / 1000));
}

/** The slots of the reasons why a receipt is in no bucket, without `not_kept`. */
function reasonsOf({ reasons }: DelayColumn): readonly number[] {
  return [...reasons].flatMap(([reason, slot]) => (reason === "not_kept" ? [] : [slot]));
}

/** Number of receipts in the counters of a column that can be dropped. */
function receiptsIn(column: DelayColumn, bySlot: readonly number[]): number {
  const { first } = column;
  if (first === -1) return 0;
  const buckets = delayParts.slice(0, sumPlace).map((_, place) => first + place);
  return [...buckets, ...reasonsOf(column)].reduce((sum, slot) => sum + (bySlot[slot] ?? 0), 0);
}

function whyNot(sentAt: number, receivedAt: number): UnmeasuredReason {
  if (Number.isNaN(sentAt)) return "no_sent_time";
  if (Number.isNaN(receivedAt)) return "no_event_time";
  return receivedAt < sentAt ? "negative" : "too_long";
}

function add(bySlot: number[], slot: number, more: number): void {
  bySlot[slot] = (bySlot[slot] ?? 0) + more;
}
