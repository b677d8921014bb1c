import type { ReceiptColumns, RunReader } from "../receipts/columns.ts";
import type { Decoder, RawRecord } from "../receipts/decode.ts";
import type { Receipt, Unread } from "../receipts/receipt.ts";
import type { DuplicateWindow } from "./duplicate-window.ts";

/** Consecutive records of a log, in order, one at a time: the fields are those of the current record. */
export interface LogRecords extends RawRecord {
  /** Moves to the next record; false when there is none left. */
  advance(): boolean;
  /**
   * Reads the next records at once, and moves on after the last of them.
   *
   * @param from, to the offsets to read
   * @returns undefined when the next record has to be decoded by itself, or there is none left
   */
  readRun?(read: RunReader, from: number, to: number): ReceiptColumns | undefined;
  readonly offset: number;
  /** The current record stands for a batch that unpacks to more than the limit. */
  readonly oversized: boolean;
  /** Processing has taken too long: the remaining records are fetched again. It stays true. */
  readonly isPaused: boolean;
}

/** Receives records in log order: a live partition, or one of a replay. */
export interface RecordFold {
  /** The offset of the next record to count. */
  next: number;
  /** Whether nothing more has to be counted. */
  readonly isFull: boolean;
  /** Finds duplicates; undefined if the topic does not look for them. What it lacks before `next` is read, not counted. */
  readonly window?: DuplicateWindow | undefined;
  /** Skips offsets without a record for us. */
  skipTo(offset: number): void;
  /**
   * Counts one record.
   *
   * @param receipts the decoded ones; cleared for the next record
   * @param unread why the record, or a part of it, is not a receipt
   * @param recordedAt the record's time in ms since the epoch
   * @param again its duplicates; undefined if the topic does not look for them
   */
  count(
    receipts: readonly Receipt[],
    unread: Unread | undefined,
    recordedAt: number,
    again: readonly Receipt[] | undefined,
  ): void;
  /**
   * Counts the receipts of records that were read at once, and what is missing between them, up to the last record or
   * until it is full. Moves `next`. Undefined where each record is counted by itself.
   */
  countRun?(columns: ReceiptColumns): void;
}

/** The offset of the next record to read: before the next one to count while the window is filled. */
export function positionOf({ next, window }: Pick<RecordFold, "next" | "window">): number {
  return window === undefined ? next : Math.min(next, window.next);
}

/** After a record that was not read at once, so many are decoded before the next try; each further time twice as many. */
const mostWaiting = 32;

/** One list for all records: it is cleared before each, and not kept anywhere. */
const receipts: Receipt[] = [];

/**
 * Folds consecutive records. Those already counted are skipped, so redelivery is harmless; gaps between offsets
 * (compaction, transaction markers) are counted as skipped.
 *
 * Synchronous, so that no commit can see half of it. If the records throw, those before are counted, and the fold can
 * continue from there. Records after the fold is full, or after a pause, are not counted.
 *
 * @param end one past the last offset that the records cover; later records are not counted
 */
export function foldRecords(into: RecordFold, decode: Decoder, records: LogRecords, end: number): void {
  const { window } = into;
  // A fold that counts each record by itself must get each.
  const readRun = into.countRun === undefined ? undefined : decode.readRun;
  let isPaused = records.isPaused;
  let waits = 0;
  let waiting = 0;
  while (!isPaused && positionOf(into) < end && !into.isFull) {
    if (readRun !== undefined && waiting-- <= 0) {
      const columns = records.readRun?.(readRun, into.next, end);
      if (columns !== undefined) {
        into.countRun?.(columns);
        waits = 0;
        isPaused = records.isPaused;
        continue;
      }
      waiting = waits;
      waits = Math.min(mostWaiting, 2 * waits + 1);
    }
    if (!records.advance()) break;
    const { offset } = records;
    if (offset < positionOf(into)) continue;
    if (offset >= end) break;
    into.skipTo(offset);
    // Popped one by one: setting the length would free the memory.
    while (receipts.pop() !== undefined);
    const unread = records.oversized ? "too_large" : decode(records, receipts);
    if (offset < into.next) window?.remember(receipts, offset);
    else {
      into.count(receipts, unread, records.timestamp, window?.sift(receipts, offset));
      into.next = offset + 1;
    }
    // Not before a new record: otherwise the same ones would be fetched again forever.
    isPaused = records.isPaused;
  }
  if (into.isFull || isPaused) return;
  into.skipTo(end);
  window?.skipTo(end);
}
