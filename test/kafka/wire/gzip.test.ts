import { gunzipSync, gzipSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { expect, it } from "vitest";
import { unpackGzip, unpackMembers } from "../../../src/kafka/wire/gzip.ts";
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

it.each([
  { name: "several of one size", packed: Buffer.concat([gzipSync(text), gzipSync(text)]) },
  { name: "an empty one behind it", packed: Buffer.concat([gzipSync(text), gzipSync("")]) },
  { name: "an empty one alone", packed: gzipSync("") },
  { name: "a byte behind it", packed: Buffer.concat([gzipSync(text), Buffer.of(0)]) },
  { name: "what is none behind it", packed: Buffer.concat([gzipSync(text), Buffer.from("receipts")]) },
])("reads a member with $name as gunzipSync does", ({ packed }) => {
  expect(result(() => unpackGzip(packed, 1_000_000, into))).toBe(result(() => gunzipSync(packed)));
});

it("unpacks a member that says the name of its file", () => {
  const packed = gzipSync(text);
  packed.writeUInt8(8, 3);
  const named = Buffer.concat([packed.subarray(0, 10), Buffer.from("receipts\0"), packed.subarray(10)]);
  expect(unpackGzip(named, 1_000_000, into).equals(text)).toBe(true);
});

it("reads what is damaged as gunzipSync does but for the checksum, and the next one as if nothing had been", () => {
  const packed = gzipSync(text);
  for (const damaged of damages(packed)) {
    const told = result(() => gunzipSync(damaged));
    expect(result(() => unpackMembers(damaged, 1_000_000, into))).toBe(told);
    const found = result(() => unpackGzip(damaged, 1_000_000, into));
    const unverified = result(() => inflateRawSync(damaged.subarray(10, -8)));
    expect(told === "incorrect data check" ? [told, unverified] : [told]).toContain(found);
    expect(unpackGzip(packed, 1_000_000, into).equals(text)).toBe(true);
  }
});

it("does not verify the checksum of one member, and that of each where there are several", () => {
  const packed = gzipSync(text);
  packed.writeUInt32LE(1, packed.length - 8);
  expect(unpackGzip(packed, 1_000_000, into).equals(text)).toBe(true);
  for (const both of [
    [packed, gzipSync(text)],
    [gzipSync(text), packed],
  ])
    expect(() => unpackGzip(Buffer.concat(both), 1_000_000, into)).toThrow("incorrect data check");
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
