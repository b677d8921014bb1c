import type { KafkaMessage } from "kafkajs";
import type { LogRecords } from "../../ledger/fold-records.ts";
import type { ReceiptColumns, RunReader } from "../../receipts/columns.ts";
import type { Turn } from "../turn.ts";
import { HeldRecords } from "./held-records.ts";
import { CorruptBatchError, RecordBatch, ReusedMemoryError } from "./record-batch.ts";
import { epochOf } from "./reused-memory.ts";

/** The header with the API that a record is the answer of, such as `alibaba.aliqin.fc.sms.num.send`. */
const methodHeader = Buffer.from("method");

/** Longest API name in a header, in bytes; the longest known one has 40. */
const longestMethod = 256;

/** The clock is read after this many bytes of records, and after each opened batch. */
const unlookedBytes = 65_536;

/** So many bytes are read at once: what is known takes a tenth of the time. */
const runBytes = 4 * unlookedBytes;

/** No number in a record is longer: 64 bits, 7 a byte. */
const longestNumber = 2 ** 63;

/** What a fetch returns: batches, or single messages if the log still has the older format. */
export type Fetched = RecordBatch | KafkaMessage;

/**
 * Walks the records of a fetched partition in place: no object and no copy is made of a record.
 *
 * Every read stays within its batch. A malformed batch throws a {@link CorruptBatchError} after the records before it
 * were shown. A batch whose memory was reused throws a {@link ReusedMemoryError}, at its end at the latest.
 */
export class RecordCursor implements LogRecords {
  offset = 0;
  timestamp = 0;
  bytes: Buffer | null = null;
  start = 0;
  end = 0;
  method: string | undefined;
  oversized = false;

  readonly #fetched: readonly Fetched[];
  readonly #turn: Turn | undefined;
  /** Bytes of records since the clock was read; an opened batch counts as this many. */
  #unlooked = unlookedBytes;
  #paused = false;
  /** How many of the fetched batches were started. */
  #begun = 0;
  #batch: RecordBatch | undefined;
  /** Records left in the batch. */
  #left = 0;
  #records: Buffer = Buffer.alloc(0);
  /** The memory's epoch when the batch was opened; unpacked records have memory of their own. */
  #epoch = 0;
  readonly #held = new HeldRecords();
  #at = 0;
  /** Where the record's key and headers are: they are read on demand. */
  #keyAt = 0;
  #keySize = -1;
  #headersAt = 0;
  #headers = 0;
  /** Whether the next record is already shown: not as one of a batch. */
  #isShown = false;
  /** Shown instead of a record of a batch. */
  #message: KafkaMessage | undefined;
  #baseOffset = 0;
  #baseTimestamp = 0;
  #appendedAt: number | undefined;

  /** @param turn when it ends, the records pause; without one they never do */
  constructor(fetched: readonly Fetched[], turn?: Turn) {
    this.#fetched = fetched;
    this.#turn = turn;
  }

  get isPaused(): boolean {
    if (this.#unlooked >= unlookedBytes) {
      this.#unlooked = 0;
      this.#paused ||= this.#turn?.isOver === true;
    }
    return this.#paused;
  }

  advance(): boolean {
    const isNext = this.#isShown || this.#next();
    if (!isNext) return false;
    if (this.#isShown) {
      this.#isShown = false;
      return true;
    }
    this.#left--;
    this.#readRecord();
    return true;
  }

  readRun(read: RunReader, from: number, to: number): ReceiptColumns | undefined {
    if (this.#isShown || !this.#next() || this.#isShown || this.#reused) return undefined;
    const { bytes, from: heldFrom } = this.#held.piece(this.#at, runBytes);
    const start = this.#at - heldFrom;
    const run = read({
      ...{ bytes, start, left: this.#left, from, to },
      until: start + runBytes,
      ...{ baseOffset: this.#baseOffset, baseTimestamp: this.#baseTimestamp, appendedAt: this.#appendedAt },
    });
    if (run === undefined) return undefined;
    this.#at = heldFrom + run.start;
    this.#left = run.left;
    this.#unlooked += run.start - start;
    if (run.left === 0) this.#close();
    return run;
  }

  /** Moves to the next batch with records, or to a record that is shown in its place; false when there is none left. */
  #next(): boolean {
    while (this.#left === 0) {
      const next = this.#fetched[this.#begun++];
      if (next === undefined) return false;
      this.#isShown = !(next instanceof RecordBatch) || !this.#open(next);
      if (!this.#isShown) continue;
      if (next instanceof RecordBatch) this.#pass(next);
      else this.#show(next);
      return true;
    }
    return true;
  }

  key(): Buffer | undefined {
    if (this.#message !== undefined) return this.#message.key ?? undefined;
    return this.#keySize < 0 ? undefined : this.#records.subarray(this.#keyAt, this.#keyAt + this.#keySize);
  }

  header(name: Buffer): Buffer | undefined {
    if (this.#message !== undefined) return lastOf(this.#message.headers?.[name.toString()]);
    const next = this.#at;
    this.#at = this.#headersAt;
    let last: Buffer | undefined;
    for (let left = this.#headers; left > 0; left--) {
      const key = this.#field();
      const value = this.#field();
      if (key?.equals(name)) last = value;
    }
    this.#at = next;
    return last;
  }

  /** @returns false when it unpacks to more than the limit */
  #open(batch: RecordBatch): boolean {
    this.#unlooked = unlookedBytes;
    const records = batch.records();
    if (records === undefined) return false;
    this.#batch = batch;
    this.#records = this.#held.begin(records);
    this.oversized = false;
    this.#epoch = epochOf(this.#records.buffer);
    this.#at = 0;
    this.#left = batch.recordCount;
    this.#baseOffset = batch.baseOffset;
    this.#baseTimestamp = batch.baseTimestamp;
    this.#appendedAt = batch.appendedAt;
    return true;
  }

  /** Shows a batch as one record at its last offset, since only its producer says how many it holds. */
  #pass(batch: RecordBatch): void {
    this.offset = batch.lastOffset;
    this.timestamp = batch.appendedAt ?? batch.baseTimestamp;
    this.bytes = null;
    this.method = undefined;
    this.#message = undefined;
    this.#keySize = -1;
    this.#headers = 0;
    this.oversized = true;
  }

  #show(message: KafkaMessage): void {
    const { offset, timestamp, value, headers } = message;
    this.#message = message;
    this.oversized = false;
    this.#unlooked += value?.length ?? 0;
    this.offset = Number(offset);
    this.timestamp = Number(timestamp);
    this.bytes = value;
    this.start = 0;
    this.end = value?.length ?? 0;
    const method = headers?.method;
    this.method = Buffer.isBuffer(method) ? method.toString() : undefined;
  }

  /** Reads the record at the current position (https://kafka.apache.org/documentation/#record). */
  #readRecord(): void {
    const length = this.#number();
    const end = this.#at + length;
    this.#unlooked += length;
    this.#at++; // attributes: none is in use
    const delta = this.#number();
    this.timestamp = this.#appendedAt ?? this.#baseTimestamp + delta;
    this.offset = this.#baseOffset + this.#number();
    this.#keySize = this.#number();
    this.#keyAt = this.#at;
    this.#skip(this.#keySize);
    const size = this.#number();
    this.bytes = size < 0 ? null : this.#records;
    this.start = this.#at;
    this.#skip(size);
    this.end = this.#at;
    this.#headers = this.#number();
    this.#headersAt = this.#at;
    this.#message = undefined;
    this.method = this.#headers === 0 ? undefined : this.#readMethod(this.#headers);
    if (this.#at !== end) throw this.#corrupt("a record's length does not match its fields");
    if (this.#left === 0) this.#close();
  }

  /** Checked once a batch, so that it costs nothing; it catches cursors that are kept over several turns. */
  #close(): void {
    if (this.#reused) throw new ReusedMemoryError();
    if (this.#at !== this.#records.length) throw this.#corrupt("bytes follow the last record");
  }

  get #reused(): boolean {
    return epochOf(this.#records.buffer) !== this.#epoch;
  }

  /** @returns the header's value if there is exactly one such header */
  #readMethod(headers: number): string | undefined {
    if (headers < 0) throw this.#corrupt("a record has a negative number of headers");
    let method: string | undefined;
    let found = 0;
    for (let left = headers; left > 0; left--) {
      const key = this.#field();
      const value = this.#field();
      if (!key?.equals(methodHeader)) continue;
      found++;
      method = value === undefined || value.length > longestMethod ? undefined : value.toString();
    }
    return found === 1 ? method : undefined;
  }

  /** Reads the field at the current position; undefined for null. */
  #field(): Buffer | undefined {
    const size = this.#number();
    const start = this.#at;
    this.#skip(size);
    return size < 0 ? undefined : this.#records.subarray(start, this.#at);
  }

  /** Skips a field; size -1 means null. */
  #skip(size: number): void {
    if (size > 0) this.#at += size;
  }

  /** Reads a zigzag varint; exact up to 2^53. Nearly all have one byte or two. */
  #number(): number {
    const at = this.#at;
    const first = this.#records[at] ?? 0xff;
    if (first < 0x80) {
      this.#at = at + 1;
      return (first >>> 1) ^ -(first & 1);
    }
    const second = this.#records[at + 1] ?? 0xff;
    if (second >= 0x80) return this.#longNumber();
    this.#at = at + 2;
    return (((second << 7) | (first & 0x7f)) >>> 1) ^ -(first & 1);
  }

  #longNumber(): number {
    const records = this.#records;
    let at = this.#at;
    let value = 0;
    let scale = 1;
    let byte: number | undefined;
    do {
      byte = records[at++];
      if (byte === undefined || scale > longestNumber) throw this.#corrupt("a record is truncated");
      value += (byte & 0x7f) * scale;
      scale *= 128;
    } while (byte >= 0x80);
    this.#at = at;
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  #corrupt(why: string): CorruptBatchError | ReusedMemoryError {
    // Bytes of another answer look corrupt too.
    if (this.#reused) return new ReusedMemoryError();
    return new CorruptBatchError(this.#batch?.baseOffset ?? this.offset, why);
  }
}

/** The last value of a header that is sent several times. */
function lastOf(value: NonNullable<KafkaMessage["headers"]>[string]): Buffer | undefined {
  const last = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === "string" ? Buffer.from(last) : last;
}
