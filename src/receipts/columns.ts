import type { Receipt } from "./receipt.ts";

/**
 * The receipts of consecutive records, in columns: those of the first record first. They are valid until the next ones are
 * read.
 */
export interface ReceiptColumns {
  /** How many records they are of: all have at least one. */
  readonly records: number;
  /** One past the offset of the last record. */
  readonly end: number;
  /** How many receipts there are: each column has more room. */
  readonly size: number;
  /** Which of {@link kinds} each receipt is of. */
  readonly numbers: Int32Array;
  /** What receipts say apart from their times, by number. */
  readonly kinds: readonly Receipt[];
  /** The offset of each receipt's record, from the first of them. */
  readonly offsets: Int32Array;
  readonly baseOffset: number;
  /** The time of each receipt's record, and its own times, in ms since the epoch; NaN when unknown. */
  readonly recordedAt: Float64Array;
  readonly sentAt: Float64Array;
  readonly receivedAt: Float64Array;
  /** The labels of each receipt's values, in the order of the topic's dimensions: as many for each as there are those. */
  readonly values: readonly string[];
}

/** Records in a batch, as they are in the log, and which of them to read. */
export interface RecordRun {
  /** The batch's records; they are held for the scanner. */
  readonly bytes: Buffer;
  /** Where the next record begins, and how many follow to the end. */
  readonly start: number;
  readonly left: number;
  /** No record that begins here or later is read. */
  readonly until: number;
  /** The offsets to read: from `from` up to, but not including, `to`. */
  readonly from: number;
  readonly to: number;
  /** The base of the records' offsets. */
  readonly baseOffset: number;
  /** The base of the records' times, and the time of all of them if there is one, in ms since the epoch. */
  readonly baseTimestamp: number;
  readonly appendedAt: number | undefined;
}

/** What was read of a run. */
export interface ReadRun extends ReceiptColumns {
  /** Where the next record begins, and how many follow to the end. */
  readonly start: number;
  readonly left: number;
}

/**
 * Reads as many records as it can at once, from the first on: those without anything new in them.
 *
 * @returns undefined when the next record has to be decoded by itself
 */
export type RunReader = (run: RecordRun) => ReadRun | undefined;

/** Receipts in columns, without their records. */
export type Columns = Pick<
  ReceiptColumns,
  "numbers" | "kinds" | "recordedAt" | "sentAt" | "receivedAt" | "values"
>;

const none: readonly string[] = [];
const one = {
  numbers: new Int32Array(1),
  kinds: [] as Receipt[],
  recordedAt: new Float64Array(1),
  sentAt: new Float64Array(1),
  receivedAt: new Float64Array(1),
  values: none,
};

/** One receipt in columns: they are valid until the next one's. */
export function columnsOf(receipt: Receipt, recordedAt: number): Columns {
  one.kinds[0] = receipt;
  one.recordedAt[0] = recordedAt;
  one.sentAt[0] = receipt.sentAt;
  one.receivedAt[0] = receipt.receivedAt;
  one.values = receipt.values ?? none;
  return one;
}
