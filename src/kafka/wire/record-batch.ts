import { crc32c } from "@node-rs/crc32";
import { unpack } from "./codecs.ts";
import { epochOf } from "./reused-memory.ts";

/** The format of record batches since Kafka 0.11; before that there were message sets, of magic 0 and 1. */
export const batchMagic = 2;

/** Offsets of a batch's fields (https://kafka.apache.org/documentation/#recordbatch). */
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

/** The length field counts only the bytes after it. */
const lengthEnd = 12;

const codecBits = 0x07;
const appendTimeBit = 0x08;
const transactionalBit = 0x10;
const controlBit = 0x20;

/** A record batch is damaged. It is never skipped: only reading it again may help. */
export class CorruptBatchError extends Error {
  override readonly name = "CorruptBatchError";

  constructor(baseOffset: number, why: string) {
    super(`the record batch at offset ${baseOffset} is damaged: ${why}`);
  }
}

/**
 * A record batch was read after its memory was reused for a later answer. The checksum does not show that, since it
 * was verified before; the log is not damaged.
 */
export class ReusedMemoryError extends Error {
  override readonly name = "ReusedMemoryError";

  constructor() {
    super("a record batch was read after its memory was reused for a later response: a bug in dlr-exporter");
  }
}

/** A record batch as it is in the log, unopened. */
export class RecordBatch {
  readonly #bytes: Buffer;
  /** Why it can't be read; undefined when the checksum is right. */
  readonly #damage: string | undefined;
  /** The memory's epoch when the batch was received. */
  readonly #epoch: number;
  /** Whether its records are for nobody: it is a transaction marker, or {@link hideAborted} has hidden it. */
  isHidden: boolean;

  /**
   * @param bytes the batch, including its header
   * @param damage why it can't be read, if so
   */
  constructor(bytes: Buffer, damage = damageOf(bytes)) {
    this.#bytes = bytes;
    this.#damage = damage;
    this.#epoch = epochOf(bytes.buffer);
    this.isHidden = damage === undefined && (this.#attributes & controlBit) !== 0;
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

  /** The base of the records' timestamps, in ms since the epoch. */
  get baseTimestamp(): number {
    return Number(this.#bytes.readBigInt64BE(at.baseTimestamp));
  }

  /** When the broker appended the batch, in ms since the epoch, if the topic uses LogAppendTime. */
  get appendedAt(): number | undefined {
    const byBroker = (this.#attributes & appendTimeBit) !== 0;
    return byBroker ? Number(this.#bytes.readBigInt64BE(at.maxTimestamp)) : undefined;
  }

  /** The id of the producer whose transaction it belongs to; undefined outside of transactions. */
  get transaction(): string | undefined {
    if (this.#damage !== undefined || (this.#attributes & transactionalBit) === 0) return undefined;
    return String(this.#bytes.readBigInt64BE(at.producerId));
  }

  get recordCount(): number {
    return this.#bytes.readInt32BE(at.recordCount);
  }

  /**
   * The records, unpacked.
   *
   * @returns undefined when they unpack to more than {@link largestBatch}
   * @throws CorruptBatchError
   * @throws ReusedMemoryError when it is called too late
   */
  records(): Buffer | undefined {
    if (epochOf(this.#bytes.buffer) !== this.#epoch) throw new ReusedMemoryError();
    if (this.#damage !== undefined) throw new CorruptBatchError(this.baseOffset, this.#damage);
    return unpack(this.#attributes & codecBits, this.#bytes.subarray(at.records));
  }

  /** The same batch, marked as damaged. */
  asDamaged(why: string): RecordBatch {
    return new RecordBatch(this.#bytes, why);
  }

  get #attributes(): number {
    return this.#bytes.readInt16BE(at.attributes);
  }
}

function damageOf(bytes: Buffer): string | undefined {
  if (bytes[at.magic] !== batchMagic) return "unknown record format";
  const checksum = crc32c(bytes.subarray(at.attributes));
  return checksum === bytes.readUInt32BE(at.checksum) ? undefined : "checksum mismatch";
}

/**
 * Splits the record set of a fetched partition. The broker cuts a set at its size limit, so an incomplete last batch
 * is left for the next fetch; so are message sets.
 *
 * @param bytes start with a record batch
 * @returns the batches in log order, ending with the first damaged one
 */
export function splitBatches(bytes: Buffer): RecordBatch[] {
  const batches: RecordBatch[] = [];
  let start = 0;
  let covered = -1;
  while (start + at.records <= bytes.length && bytes.readUInt8(start + at.magic) >= batchMagic) {
    const end = start + lengthEnd + bytes.readInt32BE(start + at.length);
    // Brokers never cut the first batch.
    const impossible = end < start + at.records || (end > bytes.length && batches.length === 0);
    if (end > bytes.length && !impossible) break;
    const batch = impossible
      ? new RecordBatch(bytes.subarray(start), "invalid length")
      : new RecordBatch(bytes.subarray(start, end));
    // The checksum does not cover the offset.
    const behind = batch.isDamaged || batch.baseOffset > covered;
    batches.push(behind ? batch : batch.asDamaged("its offsets overlap the previous batch"));
    if (!behind || batch.isDamaged) break;
    covered = batch.lastOffset;
    start = end;
  }
  return batches;
}

/** An aborted transaction, as the broker lists it beside the records. */
export interface AbortedTransaction {
  readonly producerId: string;
  readonly firstOffset: string;
}

/**
 * Hides the batches of aborted transactions, as the Java client does.
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
    for (let next = ahead.at(-1); next !== undefined && next.firstOffset <= batch.lastOffset;) {
      aborted.add(next.producerId);
      ahead.pop();
      next = ahead.at(-1);
    }
    // A marker ends the producer's transaction.
    if (batch.isHidden) aborted.delete(producer);
    else batch.isHidden = aborted.has(producer);
  }
}
