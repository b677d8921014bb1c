import fc from "fast-check";
import snappy from "snappy";
import { describe, expect, it } from "vitest";
import { unpackSnappy } from "../../../src/kafka/wire/snappy.ts";
import { TooMuchError, Workspace } from "../../../src/kafka/wire/workspace.ts";
import { damages, texts } from "./packed.ts";

/** The head of the Java client's frame: its magic, version 1, compatible with version 1. */
const head = Buffer.from(["82534e4150505900", "00000001", "00000001"].join(""), "hex");

/** A block as the Java client frames it: its length in big-endian, then snappy. */
function block(text: string): Buffer {
  const packed = snappy.compressSync(text);
  const length = Buffer.alloc(4);
  length.writeInt32BE(packed.length);
  return Buffer.concat([length, packed]);
}

/** More than any of these unpacks to, in bytes. */
const most = 1_000_000;

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
    expect(unpackSnappy(packed, most, new Workspace()).toString()).toBe(text);
  });

  it.each([
    { name: "bare and cut short", packed: snappy.compressSync(long).subarray(0, -1) },
    { name: "framed, its block cut short", packed: Buffer.concat([head, block(long)]).subarray(0, -1) },
    { name: "not snappy at all", packed: Buffer.from("no receipts here") },
  ])("refuses what is $name", ({ packed }) => {
    expect(() => unpackSnappy(packed, most, new Workspace())).toThrow(
      /^(not snappy data|a snappy block|a copy refers)/,
    );
  });

  it("unpacks what another packed, whatever repeats in it", () => {
    const into = new Workspace();
    fc.assert(
      fc.property(texts, (text) => {
        expect(unpackSnappy(snappy.compressSync(text), most, into).equals(text)).toBe(true);
      }),
    );
  });

  it("reads matches that few write: of four bytes' offset, and of one byte that is repeated", () => {
    // "ab", then 10 bytes from 2 before; then 64 from 1 before, by an offset of four bytes.
    const packed = Buffer.from([76, 1 << 2, 0x61, 0x62, (9 << 2) | 2, 2, 0, (63 << 2) | 3, 1, 0, 0, 0]);
    expect(unpackSnappy(packed, most, new Workspace()).toString()).toBe(`${"ab".repeat(6)}${"b".repeat(64)}`);
  });

  it("says what is damaged in a word, and unpacks no more than it may", () => {
    const packed = snappy.compressSync(Buffer.from(`${long.slice(0, 300)}receipts of today`));
    for (const damaged of damages(packed)) {
      const [few, into] = [1_000, new Workspace()];
      try {
        expect(unpackSnappy(damaged, few, into).length).toBeLessThanOrEqual(1_000);
      } catch (error) {
        if (error instanceof TooMuchError) continue;
        expect((error as Error).message).toMatch(/^(not snappy data|a snappy block|a copy refers)/);
      }
      expect(into.bytes.length).toBeLessThan(140_000);
    }
  });

  it("allots nothing for what can't be there", () => {
    const into = new Workspace();
    // 50 MB in six bytes.
    expect(() => unpackSnappy(Buffer.from([0x80, 0xe1, 0xeb, 0x17, 0, 0x61]), 100_000_000, into)).toThrow(
      "a snappy block is truncated",
    );
    expect(into.bytes.length).toBeLessThan(140_000);
  });
});
