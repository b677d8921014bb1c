import type { StretchReader } from "../kafka/history-reading.ts";
import type { LogStretch } from "../kafka/stretches.ts";
import { DuplicateWindow } from "../ledger/duplicate-window.ts";
import { foldRecords, type LogRecords, positionOf, type RecordFold } from "../ledger/fold-records.ts";
import type { ReceiptColumns } from "../receipts/columns.ts";
import type { Decoder } from "../receipts/decode.ts";
import type { Receipt, Unread } from "../receipts/receipt.ts";
import { type OrderState, RecordOrder, recordsInOrder } from "./order.ts";
import type { Tally } from "./tally.ts";
import type { ReplayWindow } from "./window.ts";

/** The oldest record of a stretch is looked for within this many offsets of its start. */
const firstRecords = 1_000;

/** How far one stretch has been read. */
export interface StretchState {
  readonly stretch: LogStretch;
  readonly next: number;
  /** Offsets of the stretch that held no record. */
  readonly removed: number;
  /** Offsets of the stretch that retention has deleted since it was planned. */
  readonly lost: number;
  /** The time of its oldest record, after what was lost, in ms since the epoch; undefined before one was read. */
  readonly oldestAt: number | undefined;
  readonly order: OrderState;
}

/** How many offsets of a stretch were read, passed over, or left since nothing that is asked for is expected there. */
export function doneOf({ stretch, next, order }: StretchState): number {
  return (order.run >= recordsInOrder ? stretch.end : next) - stretch.start;
}

/** One stretch being replayed: folds its records into its topic's tally. */
export class ReplayPartition implements StretchReader, RecordFold {
  readonly stretch: LogStretch;
  next: number;
  /** Filled from the offsets before the first to count, as a live one is when its partition is taken over. */
  readonly window: DuplicateWindow | undefined;
  #removed: number;
  #lost: number;
  #oldestAt: number | undefined;
  readonly #order: RecordOrder;
  readonly #tally: Tally;
  readonly #decode: Decoder;

  constructor(
    state: StretchState,
    { to, slack }: ReplayWindow,
    tally: Tally,
    decode: Decoder,
    window: number | undefined,
  ) {
    const { stretch, next, removed, lost, oldestAt, order } = state;
    this.#order = new RecordOrder(slack === undefined ? undefined : to + slack, order);
    this.stretch = stretch;
    this.next = next;
    if (window !== undefined && next < stretch.end) {
      this.window = new DuplicateWindow(window);
      this.window.beginBefore(next);
    }
    this.#removed = removed;
    this.#lost = lost;
    this.#oldestAt = oldestAt;
    this.#tally = tally;
    this.#decode = decode;
  }

  get isFull(): boolean {
    return this.#order.isPast;
  }

  get end(): number {
    return this.isFull ? this.position : this.stretch.end;
  }

  get position(): number {
    return positionOf(this);
  }

  take(records: LogRecords, end: number): void {
    foldRecords(this, this.#decode, records, end);
  }

  skipTo(offset: number): void {
    if (offset <= this.next) return;
    this.#removed += offset - this.next;
    this.next = offset;
  }

  lose(end: number): void {
    this.window?.skipTo(end);
    if (end <= this.next) return;
    this.#lost += end - this.next;
    this.#oldestAt = undefined;
    this.next = end;
  }

  count(
    receipts: readonly Receipt[],
    unread: Unread | undefined,
    recordedAt: number,
    again: readonly Receipt[] | undefined,
  ): void {
    this.#see(recordedAt);
    this.#tally.count(receipts, unread, recordedAt, again);
  }

  countRun(columns: ReceiptColumns): void {
    const { size, baseOffset, offsets, recordedAt } = columns;
    let records = 0;
    let receipts = 0;
    while (receipts < size && !this.isFull) {
      const offset = offsets[receipts] ?? 0;
      this.skipTo(baseOffset + offset);
      this.#see(recordedAt[receipts] ?? Number.NaN);
      this.next = baseOffset + offset + 1;
      records++;
      while (receipts < size && offsets[receipts] === offset) receipts++;
    }
    this.#tally.countColumns(columns, records, receipts);
  }

  /** Notes the next record's time, in ms since the epoch. */
  #see(recordedAt: number): void {
    // The first of all may be dated far ahead.
    const isEarly = this.next - this.stretch.start < firstRecords;
    if (this.#oldestAt === undefined || (isEarly && recordedAt < this.#oldestAt)) this.#oldestAt = recordedAt;
    this.#order.see(recordedAt);
  }

  state(): StretchState {
    return {
      stretch: this.stretch,
      next: this.next,
      removed: this.#removed,
      lost: this.#lost,
      oldestAt: this.#oldestAt,
      order: this.#order.state(),
    };
  }
}
