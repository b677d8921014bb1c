import zlib from "node:zlib";
import kafkajs from "kafkajs";
import { compressFrameSync, decompressFrameSync } from "lz4-napi";
import snappy from "snappy";

/** How a batch's records are packed; the keys are the codec's number in the batch's attributes. */
const unpackers: Readonly<Record<number, (packed: Buffer) => Buffer>> = {
  0: (records) => records,
  1: (packed) => zlib.gunzipSync(packed),
  2: unpackSnappy,
  3: (packed) => decompressFrameSync(packed),
  4: (packed) => zlib.zstdDecompressSync(packed),
};

/**
 * Unpacks the records of a batch. Synchronous: a batch is at most a few MB, and a thread hop costs more than it
 * saves.
 *
 * @param codec 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd
 * @throws Error when the bytes are not of that codec, or there is no such codec
 */
export function unpack(codec: number, packed: Buffer): Buffer {
  const unpacker = unpackers[codec];
  if (unpacker === undefined) throw new Error(`there is no compression codec ${codec}`);
  return unpacker(packed);
}

/** Teaches kafkajs the codecs that it lacks: snappy, lz4 and zstd (gzip it has). */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  const register = (codec: number, pack: (bytes: Buffer) => Buffer) => {
    CompressionCodecs[codec as keyof typeof CompressionCodecs] = () => ({
      compress: async (encoder: Encoder) => pack(encoder.buffer),
      decompress: async (packed: Buffer) => unpack(codec, packed),
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
  if (!buffer.subarray(0, xerialHead.length).equals(xerialHead)) return uncompress(buffer);
  const blocks: Buffer[] = [];
  let at = xerialHeadLength;
  while (at + 4 <= buffer.length) {
    const length = buffer.readInt32BE(at);
    blocks.push(uncompress(buffer.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return Buffer.concat(blocks);
}

function uncompress(block: Buffer): Buffer {
  return snappy.uncompressSync(block, { asBuffer: true }) as Buffer;
}
