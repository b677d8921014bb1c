import type { Cells } from "../ledger/cells.ts";
import { delayParts } from "../ledger/delay-parts.ts";
import { sumPlace } from "../ledger/receipt-delays.ts";
import type { Target } from "../ledger/targets.ts";
import type { Receipt } from "../receipts/receipt.ts";
import type { DelaySummer } from "./delay-sums.ts";
import type { Timeline } from "./timeline.ts";

/** For how many blocks of a kind a row is kept, a power of two: times go back and forth a little. */
const keptBlocks = 4;

/** Where the receipts of one kind count in the steps of one block: each a position in a timeline, or -1 for nowhere. */
export class Row {
  receipt: Receipt | undefined = undefined;
  /** Their counters. */
  target: Target;
  /** The number of the block. */
  block = -1;
  /** Their own counter. */
  own = -1;
  /** The receipts in their state by segments, and the sum of their segments. */
  state = -1;
  segments = -1;
  /** The delays of each bucket; -1 until one is counted there too. */
  readonly buckets: number[] = delayParts.map(() => -1);
  /** The sums of their delays, by the place of the step; undefined where none is measured. */
  sums: Float64Array | undefined = undefined;

  constructor(target: Target) {
    this.target = target;
  }
}

/**
 * The rows of a tally. Finding a counter's block takes as long as counting in it, and a receipt counts in up to six:
 * receipts come in the order of time or nearly so, and those of a kind count in the same ones as those before.
 */
export class Rows {
  readonly #cells: Cells;
  readonly #timeline: Timeline;
  readonly #sums: DelaySummer;
  #rows: Row[] = [];

  constructor(cells: Cells, timeline: Timeline, sums: DelaySummer) {
    this.#cells = cells;
    this.#timeline = timeline;
    this.#sums = sums;
  }

  /**
   * The row of a kind of receipts.
   *
   * @param number of the kind; it may be given to another receipt
   * @returns undefined when it has to be {@link open}ed
   */
  find(number: number, receipt: Receipt | undefined, block: number): Row | undefined {
    const row = this.#rows[placeFor(number, block)];
    return row !== undefined && row.block === block && row.receipt === receipt ? row : undefined;
  }

  /**
   * Makes the row that is found from here on.
   *
   * @param own the position of the target's own counter
   */
  open(number: number, receipt: Receipt | undefined, target: Target, block: number, own: number): Row {
    const row = (this.#rows[placeFor(number, block)] ??= new Row(target));
    const { measured, segments: column } = target;
    const timeline = this.#timeline;
    row.receipt = receipt;
    row.target = target;
    row.block = block;
    row.own = own;
    row.state = -1;
    row.segments = -1;
    if (column !== undefined) {
      const segments = receipt?.segments;
      const state = this.#cells.receiptSegments?.receiptsSlot(column, segments);
      if (state !== undefined) row.state = timeline.position(state, block);
      if (segments !== undefined && segments >= 1) row.segments = timeline.position(column.segments, block);
    }
    // Less than a call of `fill` for so few.
    for (let place = 0; place < row.buckets.length; place++) row.buckets[place] = -1;
    row.sums = measured && this.#sums.page(measured.first + sumPlace, block);
    return row;
  }

  /** The position of a bucket of delays. */
  bucket(row: Row, place: number): number {
    const known = row.buckets[place] ?? -1;
    if (known !== -1) return known;
    const position = this.#timeline.position((row.target.measured?.first ?? 0) + place, row.block);
    row.buckets[place] = position;
    return position;
  }

  /** All positions are void from here on. */
  forget(): void {
    this.#rows = [];
  }
}

function placeFor(number: number, block: number): number {
  return number * keptBlocks + (block & (keptBlocks - 1));
}
