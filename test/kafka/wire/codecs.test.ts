import { buffer } from "node:stream/consumers";
import { createZstdCompress, gzipSync, zstdCompressSync } from "node:zlib";
import kafkajs from "kafkajs";
import { describe, expect, it } from "vitest";
import { largestBatch } from "../../../src/bounds.ts";
import { registerCodecs, unpack } from "../../../src/kafka/wire/codecs.ts";
import { epochOf } from "../../../src/kafka/wire/reused-memory.ts";
import { registerPackers } from "../../lab/packers.ts";

interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(packed: Buffer): Promise<Buffer>;
}

registerCodecs();
registerPackers();

describe("registerCodecs", () => {
  const { CompressionCodecs, CompressionTypes } = kafkajs;

  it.each([
    { name: "snappy", create: CompressionCodecs[CompressionTypes.Snappy] },
    { name: "lz4", create: CompressionCodecs[CompressionTypes.LZ4] },
    { name: "zstd", create: CompressionCodecs[CompressionTypes.ZSTD] },
    { name: "gzip", create: CompressionCodecs[CompressionTypes.GZIP] },
  ])("gives kafkajs $name, which packs tightly and unpacks to the same bytes", async ({ create }) => {
    const codec: Codec = create();
    const bytes = Buffer.from("receipt ".repeat(1000));
    const packed = await codec.compress({ buffer: bytes });
    expect(packed.length).toBeLessThan(bytes.length / 4);
    expect(bytes.equals(await codec.decompress(packed))).toBe(true);
  });

  it("lets kafkajs unpack no more than a batch may hold, in gzip either", async () => {
    const codec: Codec = CompressionCodecs[CompressionTypes.GZIP]();
    const bomb = gzipSync(Buffer.alloc(largestBatch + 1), { level: 1 });
    await expect(codec.decompress(bomb)).rejects.toThrow(`it unpacks to more than ${largestBatch} bytes`);
  });
});

describe("unpack", () => {
  const text = Buffer.from(Array.from({ length: 20_000 }, (_, n) => `receipt ${n} `).join(""));

  it.each([
    { name: "gzip", codec: 1, packed: gzipSync(text) },
    { name: "zstd", codec: 4, packed: zstdCompressSync(text) },
  ])("takes $name as one piece of memory, of the size that it says", ({ codec, packed }) => {
    const unpacked = unpack(codec, packed);
    expect(unpacked !== undefined && text.equals(unpacked)).toBe(true);
    expect(unpacked?.buffer.byteLength).toBe(text.length + 1);
  });

  it("takes zstd that does not say its size as one piece once it has unpacked a batch like it", async () => {
    const stream = createZstdCompress();
    stream.write(text.subarray(0, 10));
    stream.end(text.subarray(10));
    const packed = await buffer(stream);
    for (const size of [65_537, Math.ceil(1.25 * text.length) + 1]) {
      unpack(4, zstdCompressSync(Buffer.alloc(10)));
      if (size > text.length) unpack(4, packed);
      const unpacked = unpack(4, packed);
      expect(unpacked !== undefined && text.equals(unpacked)).toBe(true);
      // What came in several pieces was joined.
      expect(unpacked?.buffer.byteLength).toBe(Math.max(size, text.length));
    }
  });

  it.each([0, 1, text.length - 1, 2 ** 32 - 1])(
    "does not believe gzip that says that it has %i bytes",
    (size) => {
      const packed = gzipSync(text);
      packed.writeUInt32LE(size, packed.length - 4);
      expect(() => unpack(1, packed)).toThrow("incorrect length check");
    },
  );

  it.each([2, 3])("uses the memory of codec %i again, and tells who still reads it", async (codec) => {
    const { CompressionCodecs } = kafkajs;
    const packer: Codec = CompressionCodecs[codec as keyof typeof CompressionCodecs]();
    const packed = await packer.compress({ buffer: text });
    const first = unpack(codec, packed);
    if (first === undefined) throw new Error("it is not too large");
    const epoch = epochOf(first.buffer);
    const second = unpack(codec, packed);
    expect(second?.buffer).toBe(first.buffer);
    expect(second !== undefined && text.equals(second)).toBe(true);
    expect(epochOf(first.buffer)).toBe(epoch + 1);
    // kafkajs hands out what it unpacked, and knows of no epochs.
    const kept = await packer.decompress(packed);
    expect(kept.buffer).not.toBe(first.buffer);
  });

  const packings = [
    { name: "gzip", codec: 1, pack: (bytes: Buffer) => gzipSync(bytes) },
    { name: "zstd", codec: 4, pack: (bytes: Buffer) => zstdCompressSync(bytes) },
  ];

  it.each(packings)(
    "frees what it unpacked of $name before the next batch, however large",
    ({ codec, pack }) => {
      const sizes = [0, 1, 100, 5_000, 40_000, 65_535, 65_536, 65_537, 1_000_000, 20, 0];
      const unpacked = sizes.map((size) => {
        const bytes = Buffer.alloc(size, "receipt ");
        const found = unpack(codec, pack(bytes));
        expect(found !== undefined && bytes.equals(found)).toBe(true);
        return found;
      });
      expect(unpacked.slice(0, -1).map((bytes) => bytes?.length)).toEqual(sizes.slice(0, -1).map(() => 0));
      for (const bytes of unpacked.slice(1, -1)) expect(epochOf(bytes?.buffer ?? new ArrayBuffer())).toBe(1);
    },
  );

  it.each(packings)("keeps no more than one batch of $name in memory", ({ codec, pack }) => {
    const packed = pack(text);
    unpack(codec, packed);
    const before = process.memoryUsage().arrayBuffers;
    const grown = Array.from({ length: 100 }, () => {
      unpack(codec, packed);
      return process.memoryUsage().arrayBuffers - before;
    });
    expect(Math.max(...grown)).toBeLessThan(2 * text.length);
  });
});
