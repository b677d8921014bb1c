import { CorruptBatchError, RecordBatch } from "../../../src/kafka/wire/record-batch.ts";
import { RecordCursor } from "../../../src/kafka/wire/record-cursor.ts";
import type { ReceiptColumns } from "../../../src/receipts/columns.ts";
import { createDecoder, type Decoder, type RecordShape } from "../../../src/receipts/decode.ts";
import type { Receipt } from "../../../src/receipts/receipt.ts";
import { recordOf, writeBatch } from "../../kafka/wire/batches.ts";

/** What is read of the receipts of a log, one line each; lines of the same receipts are the same. */
export interface ReadLog {
  readonly lines: string[];
  /** How many records were read with others. */
  atOnce: number;
}

function lineOf(
  offset: number,
  recordedAt: number,
  receipt: Receipt,
  sentAt: number,
  receivedAt: number,
  values: readonly string[] = [],
): string {
  const { scope, flag, code, provider, segments } = receipt;
  return JSON.stringify([
    offset,
    recordedAt,
    scope,
    flag,
    code,
    provider,
    segments,
    String(sentAt),
    String(receivedAt),
    ...values,
  ]);
}

function decodeNext(cursor: RecordCursor, decode: Decoder, lines: string[]): void {
  const receipts: Receipt[] = [];
  const unread = decode(cursor, receipts);
  const { offset } = cursor;
  for (const one of receipts)
    lines.push(lineOf(offset, cursor.timestamp, one, one.sentAt, one.receivedAt, one.values));
  if (unread !== undefined) lines.push(`${offset} ${unread}`);
}

/** Adds to a log what reading returns, or in words that the batch is damaged there. */
function upToDamage(lines: string[], reading: () => void): void {
  try {
    reading();
  } catch (error) {
    if (!(error instanceof CorruptBatchError)) throw error;
    lines.push(error.message);
  }
}

/** Reads a batch one by one. */
export function readEach(batch: Buffer, decode: Decoder): string[] {
  const cursor = new RecordCursor([new RecordBatch(batch)]);
  const lines: string[] = [];
  upToDamage(lines, () => {
    while (cursor.advance()) decodeNext(cursor, decode, lines);
  });
  return lines;
}

/**
 * Reads a batch as far as it goes at once, and what is left one by one.
 *
 * @param dimensions how many the topic has
 */
export function readAtOnce(batch: Buffer, decode: Decoder, dimensions = 0): ReadLog {
  const cursor = new RecordCursor([new RecordBatch(batch)]);
  const log: ReadLog = { lines: [], atOnce: 0 };
  upToDamage(log.lines, () => {
    for (let from = 0; ;) {
      const columns = decode.readRun && cursor.readRun(decode.readRun, from, Number.MAX_SAFE_INTEGER);
      if (columns !== undefined) {
        addColumns(columns, log, dimensions);
        from = columns.end;
        // Otherwise a run has one record, until the clock is read.
        void cursor.isPaused;
        continue;
      }
      if (!cursor.advance()) return;
      decodeNext(cursor, decode, log.lines);
      from = cursor.offset + 1;
    }
  });
  return log;
}

function addColumns(columns: ReceiptColumns, log: ReadLog, dimensions: number): void {
  const { size, numbers, kinds, offsets, baseOffset, recordedAt, sentAt, receivedAt } = columns;
  for (let i = 0; i < size; i++) {
    const kind = kinds[numbers[i] ?? -1];
    if (kind === undefined) throw new Error(`there is no kind ${numbers[i]}`);
    const offset = baseOffset + (offsets[i] ?? 0);
    const values = columns.values.slice(i * dimensions, (i + 1) * dimensions);
    log.lines.push(lineOf(offset, recordedAt[i] ?? 0, kind, sentAt[i] ?? 0, receivedAt[i] ?? 0, values));
  }
  log.atOnce += columns.records;
}

/** A topic's decoder that has read these records, each twice. */
export function havingRead(shape: RecordShape, ...values: readonly string[]): Decoder {
  const decode = createDecoder(shape);
  for (const value of values) readAtOnce(writeBatch([recordOf(value, 0), recordOf(value, 1)]), decode);
  return decode;
}
