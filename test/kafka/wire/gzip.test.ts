import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, it } from "vitest";
import { unpackGzip } from "../../../src/kafka/wire/gzip.ts";
import { TooMuchError, Workspace } from "../../../src/kafka/wire/workspace.ts";
import { damages, texts } from "./packed.ts";

const into = new Workspace();
const text = Buffer.from(Array.from({ length: 20 }, (_, n) => `receipt ${n} `).join(""));

/** What bytes unpack to, or what is wrong with them. */
function result(unpacked: () => Buffer): string {
  try {
    return unpacked().toString("latin1");
  } catch (error) {
    return (error as Error).message;
  }
}

it("unpacks what another packed, whatever repeats in it", () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 0, max: 9 }), (bytes, level) => {
      expect(unpackGzip(gzipSync(bytes, { level }), 1_000_000, into).equals(bytes)).toBe(true);
    }),
  );
});

it("unpacks several members, one after the other", () => {
  const long = Buffer.alloc(300_000, text);
  const packed = Buffer.concat([gzipSync(text), gzipSync(Buffer.alloc(0)), gzipSync(long)]);
  expect(unpackGzip(packed, 1_000_000, new Workspace()).equals(Buffer.concat([text, long]))).toBe(true);
});

it("reads what is damaged as gunzipSync does, and the next one as if nothing had been", () => {
  const packed = gzipSync(text);
  for (const damaged of damages(packed)) {
    const found = result(() => unpackGzip(damaged, 1_000_000, into));
    expect(found).toBe(result(() => gunzipSync(damaged)));
    expect(unpackGzip(packed, 1_000_000, into).equals(text)).toBe(true);
  }
});

it("takes no more than it may, whatever the bytes say of their size", () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  const own = new Workspace();
  expect(() => unpackGzip(bomb, 100_000, own)).toThrow(TooMuchError);
  expect(own.bytes.length).toBeLessThan(300_000);
  const packed = gzipSync(text);
  for (const size of [0, 1, text.length - 1, 2 ** 32 - 1]) {
    packed.writeUInt32LE(size, packed.length - 4);
    expect(() => unpackGzip(packed, 1_000_000, own)).toThrow("incorrect length check");
  }
  expect(own.bytes.length).toBeLessThan(300_000);
});
