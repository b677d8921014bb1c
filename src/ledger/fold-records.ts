import type { Decoder, RawRecord } from "../receipts/decode.ts";
import type { Receipt, Unread } from "../receipts/receipt.ts";
import type { DuplicateWindow } from "./duplicate-window.ts";

/** Consecutive records of a log, in its order, shown one at a time: its fields are those of the record it stands at. */
export interface LogRecords extends RawRecord {
  /** Moves to the next record; false when there is none left. */
  advance(): boolean;
  readonly offset: number;
  /** It stands for a batch that unpacks to more than is looked at. */
  readonly oversized: boolean;
  /** No more of them is to be looked at now, it has taken too long: what is left is fetched again. It stays so. */
  readonly isPaused: boolean;
}

/** Where records are folded into, in the order of their log: a live partition or one that is replayed. */
export interface RecordFold {
  /** The offset of the next record to count. */
  next: number;
  /** Whether nothing more is to be counted. */
  readonly isFull: boolean;
  /** Finds what came before; undefined where nobody looks for it. What it has not seen yet is read and not counted. */
  readonly window?: DuplicateWindow | undefined;
  /** Moves past offsets that hold no record for us. */
  skipTo(offset: number): void;
  /**
   * Counts what one record held.
   *
   * @param receipts what was decoded; emptied for the next record
   * @param unread why the record, or a part of it, gives no receipt
   * @param recordedAt the record's time in ms since the epoch
   * @param again receipts of it that came before; undefined where nobody looks for them
   */
  count(
    receipts: readonly Receipt[],
    unread: Unread | undefined,
    recordedAt: number,
    again: readonly Receipt[] | undefined,
  ): void;
}

/** The offset of the next record to read: before the next one to count while the window is filled. */
export function positionOf({ next, window }: Pick<RecordFold, "next" | "window">): number {
  return window === undefined ? next : Math.min(next, window.next);
}

/** One receipt list for all records: it is emptied before each, and nothing keeps it. */
const receipts: Receipt[] = [];

/**
 * Folds consecutive records. Those that are counted already are passed over, so redelivery is harmless; gaps
 * between offsets (compaction, transaction markers) are skipped.
 *
 * Synchronous, so that no commit can see half of it. What the records throw is passed on: those before are counted
 * then, and the fold can go on from there. What comes when the fold is full, or the records are paused, is left alone.
 *
 * @param end one more than the last offset that the records cover; what lies behind is left alone
 */
export function foldRecords(into: RecordFold, decode: Decoder, records: LogRecords, end: number): void {
  const { window } = into;
  let isPaused = records.isPaused;
  while (!isPaused && positionOf(into) < end && !into.isFull && records.advance()) {
    const { offset } = records;
    if (offset < positionOf(into)) continue;
    if (offset >= end) break;
    into.skipTo(offset);
    // Cleared one by one: to set the length gives the memory away.
    while (receipts.pop() !== undefined);
    const unread = records.oversized ? "too_large" : decode(records, receipts);
    if (offset < into.next) window?.remember(receipts, offset);
    else {
      into.count(receipts, unread, records.timestamp, window?.sift(receipts, offset));
      into.next = offset + 1;
    }
    // not before there was a new one: else the same would be fetched again for ever
    isPaused = records.isPaused;
  }
  if (into.isFull || isPaused) return;
  into.skipTo(end);
  window?.skipTo(end);
}
