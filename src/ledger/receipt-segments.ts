import type { Outcome } from "../codes/verdict.ts";
import { type SegmentState, segmentStateOf } from "../receipts/segments.ts";
import type { Counter, ReceiptCounter, SegmentCounter, SegmentReceiptsCounter } from "./counter.ts";

/** The labels by which segments are counted. */
export type SegmentLabels = Pick<ReceiptCounter, "provider" | "channel" | "category" | "outcome">;

/** Stands for all categories of a provider, channel and outcome once they don't fit. No map may name a category so. */
export const otherCategory = "_other";

/** The outcomes whose segments are counted: those that end a message, not API answers or intermediate states. */
export const segmentedOutcomes: readonly Outcome[] = ["delivered", "failed", "unknown"];

/** The counters of one provider, channel, category and outcome. */
export interface SegmentColumn {
  readonly of: SegmentLabels;
  /** The slot of the segments. */
  readonly segments: number;
  /** The slot of the receipts that say how many they had, as most do. */
  readonly counted: number;
  /** The slot of the receipts in each state; rare states are opened with their first receipt. */
  readonly receipts: Map<SegmentState, number>;
}

/**
 * Segments (SMS parts) of receipts. Every final receipt of a text message is in one state; those that are `counted`
 * add their segments to the sum. A receipt whose shape names no segments is `not_said`.
 */
export class ReceiptSegments {
  readonly #open: (counter: Counter) => number;
  #columns = new Map<string, SegmentColumn>();
  #isFolded = false;

  /** @param open returns the slot of a counter */
  constructor(open: (counter: Counter) => number) {
    this.#open = open;
  }

  /** The column for the receipts of a cell, with its counters open; undefined for calls and for outcomes that are not final. */
  column({ provider, channel, category, outcome }: SegmentLabels): SegmentColumn | undefined {
    if (channel === "voice" || !segmentedOutcomes.includes(outcome)) return undefined;
    const named = this.#isFolded ? otherCategory : category;
    const key = `${provider}\t${channel}\t${named}\t${outcome}`;
    let column = this.#columns.get(key);
    if (column === undefined) {
      const of = { provider, channel, category: named, outcome };
      const segments = this.#open({ kind: "segments", ...of });
      const receipts = new Map<SegmentState, number>();
      const counted = this.#slotOf({ of, receipts }, "counted");
      column = { of, segments, counted, receipts };
      this.#columns.set(key, column);
      this.#slotOf(column, "not_said");
    }
    return column;
  }

  /** The slot of a committed counter, opened with the others of its column; -1 if segments are not counted for it. */
  slotAgain(counter: SegmentCounter | SegmentReceiptsCounter): number {
    const column = this.column(counter);
    if (column === undefined) return -1;
    return counter.kind === "segments" ? column.segments : this.#slotOf(column, counter.segments);
  }

  /**
   * The slot for a receipt by its state.
   *
   * @param segments from the receipt; undefined if it names none
   */
  receiptsSlot(column: SegmentColumn, segments: number | undefined): number {
    if (segments !== undefined && segments >= 1) return column.counted;
    return this.#slotOf(column, segmentStateOf(segments));
  }

  /**
   * Counts all categories of a provider, channel and outcome together from now on, to make room; this is never undone.
   * What each category has counted is moved along.
   *
   * @param bySlot the count of each open counter
   * @returns the slots of the categories, to close; empty when already folded
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

  /** Whether any receipt has been counted. */
  isInUse(bySlot: readonly number[]): boolean {
    return [...this.#columns.values()].some(({ receipts }) =>
      [...receipts.values()].some((slot) => (bySlot[slot] ?? 0) > 0),
    );
  }

  #slotOf(column: Pick<SegmentColumn, "of" | "receipts">, state: SegmentState): number {
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
