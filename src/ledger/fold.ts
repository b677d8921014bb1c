import type { Decoder } from "../receipts/decode.ts";
import type { Receipt } from "../receipts/receipt.ts";
import type { PartitionLedger } from "./partition-ledger.ts";

/** What the fold needs of a Kafka record, wherever it was read from. */
export interface LogRecord {
  readonly offset: string;
  readonly value: Buffer | null;
  readonly timestamp: string;
  readonly headers?: { readonly [name: string]: unknown } | undefined;
}

/** The header that names the API whose answer a record is, such as `alibaba.aliqin.fc.sms.num.send`. */
const methodHeader = "method";

/** One receipt list for all records: it is emptied before each, and nothing keeps it. */
const receipts: Receipt[] = [];

/**
 * Folds consecutive records into a partition's ledger. Records that it has already counted are passed over,
 * so redelivery is harmless; gaps between offsets (compaction, transaction markers) count as skipped.
 *
 * Synchronous, so that no commit can see half of it.
 *
 * @param records in log order
 * @param end one more than the last offset that the batch covers, records or not
 */
export function foldRecords(
  partition: PartitionLedger,
  decode: Decoder,
  records: readonly LogRecord[],
  end: number,
): void {
  const { ledger } = partition;
  const recordedAt = Number(records.at(-1)?.timestamp);
  for (const record of records) {
    const offset = Number(record.offset);
    if (offset < partition.next) continue;
    partition.skipTo(offset);
    receipts.length = 0;
    const malformed = decode(record.value, method(record), receipts);
    ledger.fold(receipts, malformed, recordedAt);
    partition.next = offset + 1;
  }
  partition.skipTo(end);
}

function method(record: LogRecord): string | undefined {
  const value = record.headers?.[methodHeader];
  return Buffer.isBuffer(value) || typeof value === "string" ? value.toString() : undefined;
}
