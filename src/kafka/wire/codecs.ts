import zlib from "node:zlib";
import kafkajs from "kafkajs";
import { compressFrameSync, decompressFrameSync } from "lz4-napi";
import snappy from "snappy";
import { largestBatch } from "../../bounds.ts";

/** How a batch's records are packed; the keys are the codec's number in the batch's attributes. */
const unpackers: Readonly<Record<number, (packed: Buffer, most: number) => Buffer | undefined>> = {
  0: (records) => records,
  1: (packed, most) => bounded(() => zlib.gunzipSync(packed, { maxOutputLength: most })),
  2: (packed, most) => (sizeOfSnappy(packed) > most ? undefined : unpackSnappy(packed)),
  3: (packed, most) => (largestLz4(packed) > most ? undefined : decompressFrameSync(packed)),
  4: (packed, most) => bounded(() => zlib.zstdDecompressSync(packed, { maxOutputLength: most })),
};

/**
 * Unpacks the records of a batch. Synchronous: a batch is mostly at most a few MB, and a thread hop costs more than it
 * saves.
 *
 * @param codec 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd
 * @param most in bytes
 * @returns undefined when there is more than that
 * @throws Error when the bytes are not of that codec, or there is no such codec
 */
export function unpack(codec: number, packed: Buffer, most: number = largestBatch): Buffer | undefined {
  const unpacker = unpackers[codec];
  if (unpacker === undefined) throw new Error(`there is no compression codec ${codec}`);
  return unpacker(packed, most);
}

function bounded(unpacked: () => Buffer): Buffer | undefined {
  try {
    return unpacked();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") return undefined;
    throw error;
  }
}

/** Teaches kafkajs the codecs that it lacks: snappy, lz4 and zstd (gzip it has). */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  const register = (codec: number, pack: (bytes: Buffer) => Buffer) => {
    CompressionCodecs[codec as keyof typeof CompressionCodecs] = () => ({
      compress: async (encoder: Encoder) => pack(encoder.buffer),
      decompress: async (packed: Buffer) => {
        const unpacked = unpack(codec, packed);
        if (unpacked === undefined) throw new Error(`it unpacks to more than ${largestBatch} bytes`);
        return unpacked;
      },
    });
  };
  register(CompressionTypes.Snappy, (bytes) => snappy.compressSync(bytes));
  register(CompressionTypes.LZ4, (bytes) => compressFrameSync(bytes));
  register(CompressionTypes.ZSTD, (bytes) => zlib.zstdCompressSync(bytes));
}

interface Encoder {
  readonly buffer: Buffer;
}

/** The Java client wraps snappy in blocks of its own (xerial): this head, two versions, then length and block. */
const xerialHead = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialHeadLength = 16;

/** Unpacks snappy as the Java client (framed) and as librdkafka (bare) write it. */
export function unpackSnappy(buffer: Buffer): Buffer {
  const blocks = blocksOf(buffer);
  return blocks === undefined ? uncompress(buffer) : Buffer.concat(blocks.map(uncompress));
}

function uncompress(block: Buffer): Buffer {
  return snappy.uncompressSync(block, { asBuffer: true }) as Buffer;
}

/** @returns undefined where snappy is bare */
function blocksOf(buffer: Buffer): Buffer[] | undefined {
  if (!buffer.subarray(0, xerialHead.length).equals(xerialHead)) return undefined;
  const blocks: Buffer[] = [];
  let at = xerialHeadLength;
  while (at + 4 <= buffer.length) {
    const length = buffer.readInt32BE(at);
    if (length < 0) throw new Error("a block of snappy has less than no bytes");
    blocks.push(buffer.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return blocks;
}

/** To how many bytes it unpacks, as each block of snappy says at its beginning. */
function sizeOfSnappy(buffer: Buffer): number {
  return (blocksOf(buffer) ?? [buffer]).map(sizeOfBlock).reduce((sum, size) => sum + size, 0);
}

/** A little-endian number of 7 bits a byte (https://github.com/google/snappy/blob/main/format_description.txt). */
function sizeOfBlock(block: Buffer): number {
  let size = 0;
  for (let place = 0; place < 5; place++) {
    const byte = block[place] ?? 0;
    size += (byte & 0x7f) * 2 ** (7 * place);
    if (byte < 0x80) break;
  }
  return size;
}

/** How a frame of lz4 begins. */
const lz4Magic = 0x184d2204;

/** The most that one byte of lz4 can stand for. */
const lz4Ratio = 255;

/**
 * To how many bytes lz4 unpacks at most: what the blocks of its frames may hold, of which producers fill all but the last
 * (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md).
 */
function largestLz4(frames: Buffer): number {
  let most = 0;
  for (let at = 0; at + 7 <= frames.length; ) {
    if (frames.readUInt32LE(at) !== lz4Magic) throw new Error("it is no frame of lz4");
    const flags = frames.readUInt8(at + 4);
    const has = (bit: number, bytes: number) => ((flags & bit) === 0 ? 0 : bytes);
    const blockSize = 2 ** (8 + 2 * ((frames.readUInt8(at + 5) >> 4) & 0x07));
    at += 7 + has(0x08, 8) + has(0x01, 4);
    let length = -1;
    while (length !== 0 && at + 4 <= frames.length) {
      length = frames.readUInt32LE(at) & 0x7fffffff;
      most += Math.min(blockSize, length * lz4Ratio);
      at += 4 + length + (length === 0 ? has(0x04, 4) : has(0x10, 4));
    }
  }
  return most;
}
