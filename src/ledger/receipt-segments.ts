import type { Outcome } from "../codes/verdict.ts";
import { type SegmentState, segmentStateOf } from "../receipts/segments.ts";
import type { Counter, ReceiptCounter, SegmentCounter, SegmentReceiptsCounter } from "./counter.ts";

/** Whose segments are counted together. */
export type SegmentLabels = Pick<ReceiptCounter, "provider" | "channel" | "category" | "outcome">;

/** The category of all segments of a provider, channel and outcome whose categories have no room: none is named so. */
export const otherCategory = "_other";

/** Whose segments are counted: what has become of the message, and no answer to a request nor what is said on the way. */
export const segmentedOutcomes: readonly Outcome[] = ["delivered", "failed", "unknown"];

/** Where the segments of one provider, channel, category and outcome are counted. */
export interface SegmentColumn {
  readonly of: SegmentLabels;
  /** The slot of the segments. */
  readonly segments: number;
  /** The slot of the receipts in each state; those that have none come seldom. */
  readonly receipts: Map<SegmentState, number>;
}

/**
 * How many segments receipts stand for: each receipt of a text message whose end it tells is in one state, and those
 * that are `counted` have their segments in the sum. A receipt of a shape that names none is `not_said`.
 */
export class ReceiptSegments {
  readonly #open: (counter: Counter) => number;
  #columns = new Map<string, SegmentColumn>();
  #isFolded = false;

  /** @param open gives the slot of a counter */
  constructor(open: (counter: Counter) => number) {
    this.#open = open;
  }

  /** Where the receipts of a cell are counted, its counters opened; undefined for calls, and for what is no end of a message. */
  column({ provider, channel, category, outcome }: SegmentLabels): SegmentColumn | undefined {
    if (channel === "voice" || !segmentedOutcomes.includes(outcome)) return undefined;
    const named = this.#isFolded ? otherCategory : category;
    const key = `${provider}\t${channel}\t${named}\t${outcome}`;
    let column = this.#columns.get(key);
    if (column === undefined) {
      const of = { provider, channel, category: named, outcome };
      column = { of, segments: this.#open({ kind: "segments", ...of }), receipts: new Map() };
      this.#columns.set(key, column);
      for (const state of ["counted", "not_said"] as const) this.#slotOf(column, state);
    }
    return column;
  }

  /** The slot of a counter that was counted before, opened with the others of its column; -1 where none is counted. */
  slotAgain(counter: SegmentCounter | SegmentReceiptsCounter): number {
    const column = this.column(counter);
    if (column === undefined) return -1;
    return counter.kind === "segments" ? column.segments : this.#slotOf(column, counter.segments);
  }

  /**
   * Counts one receipt.
   *
   * @param bySlot the numbers, with one for each counter that is open
   * @param segments as the receipt has them
   */
  count(column: SegmentColumn, bySlot: number[], segments: number | undefined): void {
    add(bySlot, this.receiptsSlot(column, segments), 1);
    if (segments !== undefined && segments >= 1) add(bySlot, column.segments, segments);
  }

  /** Where a receipt counts by what it says of its segments. */
  receiptsSlot(column: SegmentColumn, segments: number | undefined): number {
    return this.#slotOf(column, segmentStateOf(segments));
  }

  /**
   * Counts all categories of a provider, channel and outcome together from here on, for lack of room, and for as long as
   * there are counts: what each category has had is taken over.
   *
   * @param bySlot the numbers, with one for each counter that is open
   * @returns the slots of the categories, to be closed; empty when it was done before
   */
  fold(bySlot: number[]): readonly number[] {
    if (this.#isFolded) return [];
    this.#isFolded = true;
    const before = [...this.#columns.values()];
    this.#columns = new Map();
    const closed: number[] = [];
    const move = (from: number, to: number) => {
      add(bySlot, to, bySlot[from] ?? 0);
      bySlot[from] = -1;
      closed.push(from);
    };
    for (const { of, segments, receipts } of before) {
      const column = this.column(of);
      if (column === undefined) continue;
      move(segments, column.segments);
      for (const [state, slot] of receipts) move(slot, this.#slotOf(column, state));
    }
    return closed;
  }

  /** Whether categories are counted together. */
  get isFolded(): boolean {
    return this.#isFolded;
  }

  /** Whether some receipt is counted. */
  isInUse(bySlot: readonly number[]): boolean {
    return [...this.#columns.values()].some(({ receipts }) =>
      [...receipts.values()].some((slot) => (bySlot[slot] ?? 0) > 0),
    );
  }

  #slotOf(column: SegmentColumn, state: SegmentState): number {
    let slot = column.receipts.get(state);
    if (slot === undefined) {
      slot = this.#open({ kind: "segmentReceipts", ...column.of, segments: state });
      column.receipts.set(state, slot);
    }
    return slot;
  }
}

function add(bySlot: number[], slot: number, more: number): void {
  bySlot[slot] = (bySlot[slot] ?? 0) + more;
}
