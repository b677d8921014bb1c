import { crc32c } from "@node-rs/crc32";
import { unpack } from "./codecs.ts";
import { epochOf } from "./frame-socket.ts";

/** The one format of record batches, since Kafka 0.11; what came before were message sets, of magic 0 and 1. */
export const batchMagic = 2;

/** Where the fields of a batch stand (https://kafka.apache.org/documentation/#recordbatch). */
const at = {
  baseOffset: 0,
  length: 8,
  magic: 16,
  checksum: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  recordCount: 57,
  records: 61,
} as const;

/** The length field does not count itself and what stands before it. */
const lengthEnd = 12;

const codecBits = 0x07;
const appendTimeBit = 0x08;
const transactionalBit = 0x10;
const controlBit = 0x20;

/** Later than every offset: what lies there is never taken for read. */
const neverRead = String(2n ** 63n - 1n);

/** A record batch is damaged. It is never skipped: reading it again may help, and nothing else. */
export class CorruptBatchError extends Error {
  override readonly name = "CorruptBatchError";

  constructor(baseOffset: number, why: string) {
    super(`the record batch at offset ${baseOffset} is damaged: ${why}`);
  }
}

/**
 * A record batch is read although its memory holds a later answer by now. No checksum shows that, for it was looked
 * at before; and nothing in the log is damaged.
 */
export class ReusedMemoryError extends Error {
  override readonly name = "ReusedMemoryError";

  constructor() {
    super("a record batch is read whose memory was used again for a later answer, a bug of dlr-exporter");
  }
}

/**
 * A record batch as it stands in the log, unopened. To kafkajs it is a message at the last offset that the batch
 * covers: of a message it looks at `offset` and `isControlRecord` alone, so its own bookkeeping holds.
 */
export class RecordBatch {
  readonly #bytes: Buffer;
  /** Why it can't be read; undefined when its checksum is right. */
  readonly #damage: string | undefined;
  /** That of the memory when the batch was received. */
  readonly #epoch: number;
  readonly offset: string;
  /** Its records are not for consumers: a transaction's marker, or {@link hideAborted} found it so. */
  isControlRecord: boolean;

  /**
   * @param bytes the batch, header and all
   * @param damage why it can't be read, if so
   */
  constructor(bytes: Buffer, damage = damageOf(bytes)) {
    this.#bytes = bytes;
    this.#damage = damage;
    this.#epoch = epochOf(bytes.buffer);
    this.offset = damage === undefined ? String(this.lastOffset) : neverRead;
    this.isControlRecord = damage === undefined && (this.#attributes & controlBit) !== 0;
  }

  /** Whether it can't be read. */
  get isDamaged(): boolean {
    return this.#damage !== undefined;
  }

  get baseOffset(): number {
    return Number(this.#bytes.readBigInt64BE(at.baseOffset));
  }

  get lastOffset(): number {
    return this.baseOffset + this.#bytes.readInt32BE(at.lastOffsetDelta);
  }

  /** What the records' timestamps are counted from, in ms since the epoch. */
  get baseTimestamp(): number {
    return Number(this.#bytes.readBigInt64BE(at.baseTimestamp));
  }

  /** The time at which the broker took the batch, in ms since the epoch, where the topic is set to count that. */
  get appendedAt(): number | undefined {
    const byBroker = (this.#attributes & appendTimeBit) !== 0;
    return byBroker ? Number(this.#bytes.readBigInt64BE(at.maxTimestamp)) : undefined;
  }

  /** The producer whose transaction it belongs to; undefined outside of transactions. */
  get transaction(): string | undefined {
    if (this.#damage !== undefined || (this.#attributes & transactionalBit) === 0) return undefined;
    return String(this.#bytes.readBigInt64BE(at.producerId));
  }

  get recordCount(): number {
    return this.#bytes.readInt32BE(at.recordCount);
  }

  /**
   * The records, one after the other, unpacked.
   *
   * @returns undefined when they unpack to more than {@link largestBatch}
   * @throws CorruptBatchError
   * @throws ReusedMemoryError when it comes too late
   */
  records(): Buffer | undefined {
    if (epochOf(this.#bytes.buffer) !== this.#epoch) throw new ReusedMemoryError();
    if (this.#damage !== undefined) throw new CorruptBatchError(this.baseOffset, this.#damage);
    return unpack(this.#attributes & codecBits, this.#bytes.subarray(at.records));
  }

  /** The same batch, found to be damaged. */
  asDamaged(why: string): RecordBatch {
    return new RecordBatch(this.#bytes, why);
  }

  get #attributes(): number {
    return this.#bytes.readInt16BE(at.attributes);
  }
}

function damageOf(bytes: Buffer): string | undefined {
  if (bytes[at.magic] !== batchMagic) return "its format is not known";
  const checksum = crc32c(bytes.subarray(at.attributes));
  return checksum === bytes.readUInt32BE(at.checksum) ? undefined : "its checksum is wrong";
}

/**
 * Takes apart the record set of a fetched partition. The broker cuts a set where its limit falls, so an
 * incomplete batch at the end is left for the next fetch; so are message sets.
 *
 * @param bytes begin with a record batch
 * @returns the batches in log order; behind one that is damaged there is none
 */
export function splitBatches(bytes: Buffer): RecordBatch[] {
  const batches: RecordBatch[] = [];
  let start = 0;
  let covered = -1;
  while (start + at.records <= bytes.length && bytes.readUInt8(start + at.magic) >= batchMagic) {
    const end = start + lengthEnd + bytes.readInt32BE(start + at.length);
    // What a broker cuts is never the first batch.
    const impossible = end < start + at.records || (end > bytes.length && batches.length === 0);
    if (end > bytes.length && !impossible) break;
    const batch = impossible
      ? new RecordBatch(bytes.subarray(start), "its length is wrong")
      : new RecordBatch(bytes.subarray(start, end));
    // No checksum covers the offset.
    const behind = batch.offset === neverRead || batch.baseOffset > covered;
    batches.push(behind ? batch : batch.asDamaged("it is not behind the one before"));
    if (!behind || batch.offset === neverRead) break;
    covered = batch.lastOffset;
    start = end;
  }
  return batches;
}

/** A transaction that was aborted, as the broker names it beside the records. */
export interface AbortedTransaction {
  readonly producerId: string;
  readonly firstOffset: string;
}

/**
 * Hides the batches of aborted transactions, as the Java client does. kafkajs itself takes note of one aborted
 * transaction a message, so that of two which begin before the fetch it forgets one.
 *
 * @param batches of one fetched partition, in log order
 */
export function hideAborted(
  batches: readonly RecordBatch[],
  transactions: readonly AbortedTransaction[],
): void {
  const ahead = transactions
    .map(({ producerId, firstOffset }) => ({ producerId, firstOffset: Number(firstOffset) }))
    .sort((a, b) => b.firstOffset - a.firstOffset);
  const aborted = new Set<string>();
  for (const batch of batches) {
    const producer = batch.transaction;
    if (producer === undefined) continue;
    for (let next = ahead.at(-1); next !== undefined && next.firstOffset <= batch.lastOffset; ) {
      aborted.add(next.producerId);
      ahead.pop();
      next = ahead.at(-1);
    }
    // A marker ends the producer's transaction.
    if (batch.isControlRecord) aborted.delete(producer);
    else batch.isControlRecord = aborted.has(producer);
  }
}
