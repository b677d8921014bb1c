import type { Decoder, RawRecord } from "../receipts/decode.ts";
import type { Receipt, Unread } from "../receipts/receipt.ts";

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
  /** Moves past offsets that hold no record for us. */
  skipTo(offset: number): void;
  /**
   * Counts what one record held.
   *
   * @param receipts what was decoded; emptied for the next record
   * @param unread why the record, or a part of it, gives no receipt
   * @param recordedAt the record's time in ms since the epoch
   */
  count(receipts: readonly Receipt[], unread: Unread | undefined, recordedAt: number): void;
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
  let isPaused = records.isPaused;
  while (!isPaused && into.next < end && !into.isFull && records.advance()) {
    const { offset } = records;
    if (offset < into.next) continue;
    if (offset >= end) break;
    into.skipTo(offset);
    // Cleared one by one: to set the length gives the memory away.
    while (receipts.pop() !== undefined);
    const unread = records.oversized ? "too_large" : decode(records, receipts);
    into.count(receipts, unread, records.timestamp);
    into.next = offset + 1;
    // not before there was a new one: else the same would be fetched again for ever
    isPaused = records.isPaused;
  }
  if (!into.isFull && !isPaused) into.skipTo(end);
}
