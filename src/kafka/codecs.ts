import zlib from "node:zlib";
import kafkajs from "kafkajs";
import { compressFrameSync, decompressFrameSync } from "lz4-napi";
import snappy from "snappy";

/**
 * Teaches kafkajs the codecs that it lacks: snappy, lz4 and zstd (gzip it has). Synchronous: a batch is at
 * most a few MB, and a thread hop costs more than it saves.
 */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  CompressionCodecs[CompressionTypes.Snappy] = () => ({
    compress: async (encoder: Encoder) => snappy.compressSync(encoder.buffer),
    decompress: async (buffer: Buffer) => unpackSnappy(buffer),
  });
  CompressionCodecs[CompressionTypes.LZ4] = () => ({
    compress: async (encoder: Encoder) => compressFrameSync(encoder.buffer),
    decompress: async (buffer: Buffer) => decompressFrameSync(buffer),
  });
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({
    compress: async (encoder: Encoder) => zlib.zstdCompressSync(encoder.buffer),
    decompress: async (buffer: Buffer) => zlib.zstdDecompressSync(buffer),
  });
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
