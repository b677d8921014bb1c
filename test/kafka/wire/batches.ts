import zlib from "node:zlib";
import { crc32c } from "@node-rs/crc32";
import { compressFrameSync } from "lz4-napi";
import snappy from "snappy";

/** How a producer packs records, by the codec's number. */
export const packers: readonly ((records: Buffer) => Buffer)[] = [
  (records) => records,
  (records) => zlib.gzipSync(records),
  (records) => snappy.compressSync(records),
  (records) => compressFrameSync(records),
  (records) => zlib.zstdCompressSync(records),
];

/** A record as a test wants it in a batch. */
export interface WrittenRecord {
  readonly offsetDelta: number;
  readonly timestampDelta: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [key: string, value: Buffer | null])[];
}

/** A record with this value and nothing else. */
export function recordOf(value: string | null, offsetDelta: number): WrittenRecord {
  const bytes = value === null ? null : Buffer.from(value);
  return { offsetDelta, timestampDelta: 0, key: null, value: bytes, headers: [] };
}

/** The header of a batch; what is left out is as an ordinary producer has it. */
export interface BatchHeader {
  readonly baseOffset?: number;
  readonly attributes?: number;
  readonly lastOffsetDelta?: number;
  readonly baseTimestamp?: number;
  readonly maxTimestamp?: number;
  readonly producerId?: number;
  readonly recordCount?: number;
}

/** Writes a batch as https://kafka.apache.org/documentation/#recordbatch says, its records not packed. */
export function writeBatch(records: readonly WrittenRecord[], header: BatchHeader = {}): Buffer {
  const last = header.lastOffsetDelta ?? records.at(-1)?.offsetDelta ?? 0;
  return wrapRecords(Buffer.concat(records.map(writeRecord)), {
    recordCount: records.length,
    lastOffsetDelta: last,
    ...header,
  });
}

/** Writes a batch around records that are there as bytes, packed or not. */
export function wrapRecords(records: Buffer, header: BatchHeader): Buffer {
  const bytes = Buffer.alloc(61);
  bytes.writeBigInt64BE(BigInt(header.baseOffset ?? 0), 0);
  bytes.writeInt32BE(bytes.length - 12 + records.length, 8);
  bytes.writeInt8(2, 16);
  bytes.writeInt16BE(header.attributes ?? 0, 21);
  bytes.writeInt32BE(header.lastOffsetDelta ?? 0, 23);
  bytes.writeBigInt64BE(BigInt(header.baseTimestamp ?? 0), 27);
  bytes.writeBigInt64BE(BigInt(header.maxTimestamp ?? 0), 35);
  bytes.writeBigInt64BE(BigInt(header.producerId ?? -1), 43);
  bytes.writeInt16BE(-1, 51);
  bytes.writeInt32BE(-1, 53);
  bytes.writeInt32BE(header.recordCount ?? 0, 57);
  return sealed(Buffer.concat([bytes, records]));
}

/** The batch with the checksum that its bytes have. */
export function sealed(batch: Buffer): Buffer {
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
  return batch;
}

function writeRecord({ offsetDelta, timestampDelta, key, value, headers }: WrittenRecord): Buffer {
  const body = Buffer.concat([
    Buffer.from([0]),
    varint(timestampDelta),
    varint(offsetDelta),
    field(key),
    field(value),
    varint(headers.length),
    ...headers.flatMap(([name, content]) => [field(Buffer.from(name)), field(content)]),
  ]);
  return Buffer.concat([varint(body.length), body]);
}

function field(bytes: Buffer | null): Buffer {
  return bytes === null ? varint(-1) : Buffer.concat([varint(bytes.length), bytes]);
}

/** A number in zigzag, seven bits a byte. */
export function varint(value: number): Buffer {
  let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
  const bytes: number[] = [];
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}
