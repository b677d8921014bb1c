import { gzipSync } from "node:zlib";
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

it("kafkajs verifies the checksum of gzip in messages, whose own it does not verify", async () => {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  const codec: Codec = CompressionCodecs[CompressionTypes.GZIP]();
  const packed = gzipSync("receipt");
  packed.writeUInt32LE(1, packed.length - 8);
  await expect(codec.decompress(packed)).rejects.toThrow("incorrect data check");
});

describe("unpack", () => {
  const text = Buffer.from(Array.from({ length: 20_000 }, (_, n) => `receipt ${n} `).join(""));

  it.each([1, 2, 3, 4])("uses the memory of codec %i again, and tells who still reads it", async (codec) => {
    const { CompressionCodecs } = kafkajs;
    const packer: Codec = CompressionCodecs[codec as keyof typeof CompressionCodecs]();
    const packed = await packer.compress({ buffer: text });
    unpack(codec, packed);
    const first = unpack(codec, packed);
    if (first === undefined) throw new Error("it is not too large");
    const epoch = epochOf(first.buffer);
    const before = process.memoryUsage().arrayBuffers;
    const second = unpack(codec, packed);
    expect(second?.buffer).toBe(first.buffer);
    expect(second !== undefined && text.equals(second)).toBe(true);
    expect(epochOf(first.buffer)).toBe(epoch + 1);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(text.length);
    // kafkajs hands out what it unpacked, and knows of no epochs.
    const kept = await packer.decompress(packed);
    expect(kept.buffer).not.toBe(first.buffer);
  });

  it.each([1, 2, 3, 4])("unpacks with codec %i as much as it may, and no more", async (codec) => {
    const { CompressionCodecs } = kafkajs;
    const packer: Codec = CompressionCodecs[codec as keyof typeof CompressionCodecs]();
    for (const bytes of [text, Buffer.alloc(1_000_000), Buffer.from("a"), Buffer.alloc(0)]) {
      const packed = await packer.compress({ buffer: bytes });
      const unpacked = unpack(codec, packed, bytes.length);
      expect(unpacked !== undefined && bytes.equals(unpacked)).toBe(true);
      if (bytes.length > 0) expect(unpack(codec, packed, bytes.length - 1)).toBeUndefined();
    }
  });

  it("knows no other codec", () => {
    expect(() => unpack(5, text)).toThrow("unknown compression codec 5");
  });
});
