import { buffer } from "node:stream/consumers";
import zlib, { createZstdCompress, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, expect, it, vi } from "vitest";
import { TooMuchError, Workspace } from "../../../src/kafka/wire/workspace.ts";
import { unpackZstd } from "../../../src/kafka/wire/zstd.ts";
import { damages, texts } from "./packed.ts";

const { constants } = zlib;
const into = new Workspace();
const text = Buffer.from(Array.from({ length: 20 }, (_, n) => `receipt ${n} `).join(""));
const long = Buffer.from(Array.from({ length: 40_000 }, (_, n) => `receipt ${n} `).join(""));

/** Packs as a stream, which does not know how much comes. */
function streamed(bytes: Buffer, params: Record<number, number> = {}): Promise<Buffer> {
  return buffer(createZstdCompress({ params }).end(bytes));
}

/** What bytes unpack to, or that something is wrong with them. */
function result(unpacked: () => Buffer): string {
  try {
    return unpacked().toString("latin1");
  } catch (error) {
    return `${(error as Error).name}`;
  }
}

afterEach(() => {
  vi.restoreAllMocks();
});

it("unpacks what another packed, whatever repeats in it, with one decoder", () => {
  const anew = vi.spyOn(zlib, "zstdDecompressSync");
  const params = fc.record({
    level: fc.integer({ min: 1, max: 19 }),
    checked: fc.boolean(),
    sized: fc.boolean(),
  });
  fc.assert(
    fc.property(texts, params, (bytes, { level, checked, sized }) => {
      const one = zstdCompressSync(bytes, {
        params: {
          [constants.ZSTD_c_compressionLevel]: level,
          [constants.ZSTD_c_checksumFlag]: Number(checked),
          [constants.ZSTD_c_contentSizeFlag]: Number(sized),
        },
      });
      expect(unpackZstd(one, 1_000_000, into).equals(bytes)).toBe(true);
    }),
  );
  expect(anew).not.toHaveBeenCalled();
});

it.each([
  { name: "the frame says how many bytes", sized: 1 },
  { name: "it does not, as where the Java client wrote it", sized: 0 },
])("unpacks batches of any size with one decoder: $name", ({ sized }) => {
  const anew = vi.spyOn(zlib, "zstdDecompressSync");
  const sizes = [0, 1, 255, 256, 257, 65_535, 65_536, 131_072, 131_073, long.length];
  // one byte many times is a block of its own type
  for (const bytes of [...sizes.map((size) => long.subarray(0, size)), Buffer.alloc(500_000, "a")]) {
    const params = {
      [constants.ZSTD_c_contentSizeFlag]: sized,
      [constants.ZSTD_c_checksumFlag]: bytes.length % 2,
    };
    expect(unpackZstd(zstdCompressSync(bytes, { params }), 1_000_000, into).equals(bytes)).toBe(true);
  }
  expect(anew).not.toHaveBeenCalled();
});

it.each([
  { name: "a frame that is cut off", bytes: zstdCompressSync(long).subarray(0, -1) },
  { name: "two frames", bytes: Buffer.concat([zstdCompressSync(text), zstdCompressSync(long)]) },
  {
    name: "a frame that only large memory can unpack",
    bytes: await streamed(long, { [constants.ZSTD_c_windowLog]: 27 }),
  },
])("unpacks $name with another decoder, which is not kept", ({ bytes }) => {
  const anew = vi.spyOn(zlib, "zstdDecompressSync");
  expect(result(() => unpackZstd(bytes, 1_000_000, into))).toBe(result(() => zstdDecompressSync(bytes)));
  expect(anew).toHaveBeenCalledTimes(1);
});

it("reads what is damaged as zstdDecompressSync does, and the next one as if nothing had been", () => {
  const frames = [zstdCompressSync(text), zstdCompressSync(Buffer.alloc(300, "a"))];
  for (const one of frames) {
    for (const damaged of damages(one)) {
      const found = result(() => unpackZstd(damaged, 1_000_000, into));
      expect(found).toBe(result(() => zstdDecompressSync(damaged, { maxOutputLength: 1_000_000 })));
      expect(unpackZstd(zstdCompressSync(text), 1_000_000, into).equals(text)).toBe(true);
    }
  }
});

it("takes no more than it may, however much there is", async () => {
  const zeros = Buffer.alloc(50_000_000);
  const params = { [constants.ZSTD_c_contentSizeFlag]: 0 };
  for (const bomb of [zstdCompressSync(zeros), zstdCompressSync(zeros, { params }), await streamed(zeros)]) {
    const own = new Workspace();
    expect(() => unpackZstd(bomb, 100_000, own)).toThrow(TooMuchError);
    expect(own.bytes.length).toBeLessThan(300_000);
    expect(unpackZstd(zstdCompressSync(text), 1_000_000, own).equals(text)).toBe(true);
  }
});
