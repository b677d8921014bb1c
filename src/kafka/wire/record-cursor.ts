import type { KafkaMessage } from "kafkajs";
import type { LogRecords } from "../../ledger/fold-records.ts";
import type { Turn } from "../turn.ts";
import { epochOf } from "./frame-socket.ts";
import { CorruptBatchError, RecordBatch, ReusedMemoryError } from "./record-batch.ts";

/** The header that names the API whose answer a record is, such as `alibaba.aliqin.fc.sms.num.send`. */
const methodHeader = Buffer.from("method");

/** The longest name of an API that a header may have, in bytes; the longest that there is has 40. */
const longestMethod = 256;

/** After so many bytes of records the clock is read, and after each batch that was opened. */
const unlookedBytes = 65_536;

/** No number of a record takes more bytes: 64 bits, 7 a byte. */
const longestNumber = 2 ** 63;

/** What a fetch gives: batches, or single messages where the log is still in a format older than batches. */
export type Fetched = RecordBatch | KafkaMessage;

/**
 * Walks the records of a fetched partition where they lie: no object and no copy of a record is made.
 *
 * Every read stays within its batch. A batch that is not as the format says throws a {@link CorruptBatchError};
 * the records before it have been shown then. One whose memory was used again throws a {@link ReusedMemoryError},
 * at its end at the latest.
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
  /** How many bytes of records were shown since the clock was read; a batch that was opened counts as many. */
  #unlooked = unlookedBytes;
  #paused = false;
  /** How many of the fetched were begun. */
  #begun = 0;
  #batch: RecordBatch | undefined;
  /** How many records of the batch are left. */
  #left = 0;
  #records: Buffer = Buffer.alloc(0);
  /** That of the records' memory when the batch was opened; what was unpacked has memory of its own. */
  #epoch = 0;
  #at = 0;
  /** Where the record's key is, and its headers: they are looked at for whoever asks. */
  #keyAt = 0;
  #keySize = -1;
  #headersAt = 0;
  #headers = 0;
  /** Shown in place of a record of a batch. */
  #message: KafkaMessage | undefined;
  #baseOffset = 0;
  #baseTimestamp = 0;
  #appendedAt: number | undefined;

  /** @param turn when it is over, the records pause; they never do without one */
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
    while (this.#left === 0) {
      const next = this.#fetched[this.#begun++];
      if (next === undefined) return false;
      if (!(next instanceof RecordBatch)) {
        this.#show(next);
        return true;
      }
      if (!this.#open(next)) {
        this.#pass(next);
        return true;
      }
    }
    this.#left--;
    this.#readRecord();
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

  /** @returns false when it unpacks to more than is looked at */
  #open(batch: RecordBatch): boolean {
    this.#unlooked = unlookedBytes;
    const records = batch.records();
    if (records === undefined) return false;
    this.#batch = batch;
    this.#records = records;
    this.oversized = false;
    this.#epoch = epochOf(this.#records.buffer);
    this.#at = 0;
    this.#left = batch.recordCount;
    this.#baseOffset = batch.baseOffset;
    this.#baseTimestamp = batch.baseTimestamp;
    this.#appendedAt = batch.appendedAt;
    return true;
  }

  /** Shows a batch as one record at its last offset: how many it holds is what its producer says. */
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

  /** Reads the record that begins here (https://kafka.apache.org/documentation/#record). */
  #readRecord(): void {
    const length = this.#number();
    const end = this.#at + length;
    this.#unlooked += length;
    this.#at++; // its attributes: none is in use
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
    if (this.#at !== end) throw this.#corrupt("a record's length is wrong");
    if (this.#left === 0) this.#close();
  }

  /** Once a batch, so that it costs nothing: whoever keeps a cursor over several turns hears of it here. */
  #close(): void {
    if (this.#reused) throw new ReusedMemoryError();
    if (this.#at !== this.#records.length) throw this.#corrupt("it holds more than its records");
  }

  get #reused(): boolean {
    return epochOf(this.#records.buffer) !== this.#epoch;
  }

  /** @returns the header's value where there is exactly one such header */
  #readMethod(headers: number): string | undefined {
    if (headers < 0) throw this.#corrupt("a record has fewer than no headers");
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

  /** Reads the field that begins here; undefined for null. */
  #field(): Buffer | undefined {
    const size = this.#number();
    const start = this.#at;
    this.#skip(size);
    return size < 0 ? undefined : this.#records.subarray(start, this.#at);
  }

  /** Passes over a field; one of size -1 is null, and has no bytes. */
  #skip(size: number): void {
    if (size > 0) this.#at += size;
  }

  /** Reads a zigzag varint; exact up to 2^53. */
  #number(): number {
    const records = this.#records;
    let at = this.#at;
    let value = 0;
    let scale = 1;
    let byte: number | undefined;
    do {
      byte = records[at++];
      if (byte === undefined || scale > longestNumber) throw this.#corrupt("a number in it does not end");
      value += (byte & 0x7f) * scale;
      scale *= 128;
    } while (byte >= 0x80);
    this.#at = at;
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  #corrupt(why: string): CorruptBatchError | ReusedMemoryError {
    // Another answer's bytes are no batch either.
    if (this.#reused) return new ReusedMemoryError();
    return new CorruptBatchError(this.#batch?.baseOffset ?? this.offset, why);
  }
}

/** The last of the values that a header has, where it is sent several times. */
function lastOf(value: NonNullable<KafkaMessage["headers"]>[string]): Buffer | undefined {
  const last = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === "string" ? Buffer.from(last) : last;
}
