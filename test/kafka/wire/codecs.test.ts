import kafkajs from "kafkajs";
import snappy from "snappy";
import { describe, expect, it } from "vitest";
import { registerCodecs, unpackSnappy } from "../../../src/kafka/wire/codecs.ts";

/** The head of the Java client's frame: its magic, version 1, compatible with version 1. */
const head = Buffer.from("82534e4150505900" + "00000001" + "00000001", "hex");

/** A block as the Java client frames it: its length in big-endian, then snappy. */
function block(text: string): Buffer {
  const packed = snappy.compressSync(text);
  const length = Buffer.alloc(4);
  length.writeInt32BE(packed.length);
  return Buffer.concat([length, packed]);
}

describe("unpackSnappy", () => {
  const long = "receipt ".repeat(10_000);

  it.each([
    { name: "bare", packed: snappy.compressSync(long), text: long },
    { name: "bare, of nothing", packed: snappy.compressSync(""), text: "" },
    { name: "framed, one block", packed: Buffer.concat([head, block(long)]), text: long },
    {
      name: "framed, three blocks",
      packed: Buffer.concat([head, ...["a", long, "b"].map(block)]),
      text: `a${long}b`,
    },
    { name: "framed, no block", packed: head, text: "" },
    { name: "framed, an empty block", packed: Buffer.concat([head, block(""), block("a")]), text: "a" },
  ])("unpacks snappy $name", ({ packed, text }) => {
    expect(unpackSnappy(packed).toString()).toBe(text);
  });

  it.each([
    { name: "bare and cut short", packed: snappy.compressSync(long).subarray(0, -1) },
    { name: "framed, its block cut short", packed: Buffer.concat([head, block(long)]).subarray(0, -1) },
    { name: "not snappy at all", packed: Buffer.from("no receipts here") },
  ])("refuses what is $name", ({ packed }) => {
    expect(() => unpackSnappy(packed)).toThrow();
  });
});

interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(packed: Buffer): Promise<Buffer>;
}

describe("registerCodecs", () => {
  registerCodecs();
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
    expect(await codec.decompress(packed)).toEqual(bytes);
  });
});
