import { gzipSync, zstdCompressSync } from "node:zlib";
import kafkajs from "kafkajs";
import { compressFrameSync } from "lz4-napi";
import snappy from "snappy";

const { CompressionCodecs, CompressionTypes } = kafkajs;

/**
 * Teaches kafkajs to send batches in each codec. How they are unpacked stays as the program has it, which may have taken
 * the places of these since: tests share a process.
 */
export function registerPackers(): void {
  register(CompressionTypes.GZIP, (bytes) => gzipSync(bytes));
  register(CompressionTypes.Snappy, (bytes) => snappy.compressSync(bytes));
  register(CompressionTypes.LZ4, (bytes) => compressFrameSync(bytes));
  register(CompressionTypes.ZSTD, (bytes) => zstdCompressSync(bytes));
}

function register(codec: number, pack: (bytes: Buffer) => Buffer): void {
  const key = codec as keyof typeof CompressionCodecs;
  const unpacker: object = CompressionCodecs[key]();
  const compress = async ({ buffer }: { readonly buffer: Buffer }) => pack(buffer);
  CompressionCodecs[key] = () => ({ ...unpacker, compress });
}
