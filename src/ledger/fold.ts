import type { Decoder } from "../receipts/decode.ts";
import type { MalformedReason, Receipt } from "../receipts/receipt.ts";

/** What the fold needs of a Kafka record, wherever it was read from. */
export interface LogRecord {
  readonly offset: string;
  readonly value: Buffer | null;
  readonly timestamp: string;
  readonly headers?: { readonly [name: string]: unknown } | undefined;
}

/** The header that names the API whose answer a record is, such as `alibaba.aliqin.fc.sms.num.send`. */
const methodHeader = "method";

/** Where records are folded into, in the order of their log: a live partition or one that is replayed. */
export interface RecordFold {
  /** The offset of the next record to count. */
  next: number;
  /** Moves past offsets that hold no record for us. */
  skipTo(offset: number): void;
  /**
   * Counts what one record held.
   *
   * @param receipts what was decoded; emptied for the next record
   * @param malformed the reason when the record, or a part of it, could not be read
   * @param recordedAt the record's time in ms since the epoch
   */
  count(receipts: readonly Receipt[], malformed: MalformedReason | undefined, recordedAt: number): void;
}

/** One receipt list for all records: it is emptied before each, and nothing keeps it. */
const receipts: Receipt[] = [];

/**
 * Folds consecutive records. Those that are counted already are passed over, so redelivery is harmless; gaps
 * between offsets (compaction, transaction markers) are skipped.
 *
 * Synchronous, so that no commit can see half of it.
 *
 * @param records in log order
 * @param end one more than the last offset that the batch covers, records or not
 */
export function foldRecords(
  into: RecordFold,
  decode: Decoder,
  records: readonly LogRecord[],
  end: number,
): void {
  for (const record of records) {
    const offset = integer(record.offset);
    if (offset < into.next) continue;
    into.skipTo(offset);
    receipts.length = 0;
    const malformed = decode(record.value, method(record), receipts);
    into.count(receipts, malformed, integer(record.timestamp));
    into.next = offset + 1;
  }
  into.skipTo(end);
}

/** An offset or timestamp; `Number` takes several times as long, twice for each record. */
function integer(digits: string): number {
  if (digits.startsWith("-")) return Number(digits);
  let value = 0;
  for (let at = 0; at < digits.length; at++) value = value * 10 + digits.charCodeAt(at) - 48;
  return value;
}

function method(record: LogRecord): string | undefined {
  const value = record.headers?.[methodHeader];
  return Buffer.isBuffer(value) || typeof value === "string" ? value.toString() : undefined;
}
