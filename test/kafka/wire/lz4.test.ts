import fc from "fast-check";
import { compressFrameSync } from "lz4-napi";
import { describe, expect, it } from "vitest";
import { unpackLz4 } from "../../../src/kafka/wire/lz4.ts";
import { TooMuchError, Workspace } from "../../../src/kafka/wire/workspace.ts";
import { damages, texts } from "./packed.ts";

/** Said of bytes that are no whole frames. */
const refusals =
  /^(not an lz4 frame|lz4 dictionaries|a copy refers|an lz4 block is truncated|the lz4 frame is truncated)/;

/** A frame of these blocks. @param flags without the version */
function frame(flags: number, blocks: readonly (Buffer | { readonly plain: Buffer })[]): Buffer {
  const head = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x40 | flags, 0x70]);
  const size = Buffer.alloc((flags & 0x08) === 0 ? 0 : 8);
  const written = blocks.flatMap((block) => {
    const [bytes, bit] = Buffer.isBuffer(block) ? [block, 0] : [block.plain, 0x80000000];
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length + bit);
    return [length, bytes, Buffer.alloc((flags & 0x10) === 0 ? 0 : 4)];
  });
  return Buffer.concat([
    ...[head, size, Buffer.alloc(1), ...written],
    Buffer.alloc((flags & 0x04) === 0 ? 4 : 8),
  ]);
}

/** "abcdefgh", then 12 bytes from 8 before, then "z". */
const block = Buffer.from([0x88, ...Buffer.from("abcdefgh"), 8, 0, 0x10, 0x7a]);
const unpacked = "abcdefghabcdefghabcdz";
/** Six bytes of what stands 21 before, then "y": of the block before. */
const linked = Buffer.from([0x02, 21, 0, 0x10, 0x79]);

/** More than any of these unpacks to, in bytes. */
const most = 1_000_000;

describe("unpackLz4", () => {
  it("unpacks what another packed, whatever repeats in it", () => {
    const into = new Workspace();
    fc.assert(
      fc.property(texts, fc.boolean(), (text, checked) => {
        const packed = compressFrameSync(text, { contentChecksum: checked, blockChecksums: checked });
        expect(unpackLz4(packed, most, into).equals(text)).toBe(true);
      }),
    );
  });

  it.each([
    { name: "of nothing", packed: frame(0x20, []), text: "" },
    { name: "of no frame", packed: Buffer.alloc(0), text: "" },
    { name: "of one block", packed: frame(0x20, [block]), text: unpacked },
    {
      name: "with sizes and checksums",
      packed: frame(0x20 | 0x08 | 0x10 | 0x04, [block, block]),
      text: unpacked.repeat(2),
    },
    {
      name: "with a block that is not packed",
      packed: frame(0x20, [{ plain: block }]),
      text: block.toString(),
    },
    { name: "whose blocks are linked", packed: frame(0, [block, linked]), text: `${unpacked}abcdefy` },
    {
      name: "behind another",
      packed: Buffer.concat([frame(0x20, [block]), frame(0, [block])]),
      text: unpacked.repeat(2),
    },
  ])("unpacks a frame $name", ({ packed, text }) => {
    expect(unpackLz4(packed, most, new Workspace()).toString()).toBe(text);
  });

  it.each([
    { name: "that needs a dictionary", packed: frame(0x21, [block]) },
    { name: "whose block repeats another's bytes", packed: frame(0x20, [block, linked]) },
    {
      name: "that repeats another frame's bytes",
      packed: Buffer.concat([frame(0, [block]), frame(0, [linked])]),
    },
    { name: "that has no end", packed: frame(0x20, [block]).subarray(0, -4) },
    { name: "whose block ends with a match", packed: frame(0x20, [block.subarray(0, -2)]) },
  ])("refuses a frame $name", ({ packed }) => {
    expect(() => unpackLz4(packed, most, new Workspace())).toThrow(refusals);
  });

  it("says what is damaged in a word, and unpacks no more than it may", () => {
    const packed = frame(0, [block, linked, { plain: block }]);
    for (const damaged of damages(packed)) {
      const [few, into] = [200, new Workspace()];
      try {
        expect(unpackLz4(damaged, few, into).length).toBeLessThanOrEqual(200);
      } catch (error) {
        if (!(error instanceof TooMuchError)) expect((error as Error).message).toMatch(refusals);
      }
      expect(into.bytes.length).toBeLessThan(140_000);
    }
  });

  it("unpacks blocks that need more room than any before", () => {
    const into = new Workspace();
    const long = Buffer.from(Array.from({ length: 300_000 }, (_, n) => `receipt ${n * 7919} `).join(""));
    for (const size of [10, 70_000, 1_000_000, long.length]) {
      const text = long.subarray(0, size);
      expect(unpackLz4(compressFrameSync(text), 100_000_000, into).equals(text)).toBe(true);
    }
  });

  it.each([
    { name: "of literals", start: [0xf0], refused: "an lz4 block is truncated" },
    { name: "of a match", start: [0x1f, 0x61, 1, 0], refused: TooMuchError },
  ])("follows a run $name that is longer than a batch no further", ({ start, refused }) => {
    const endless = frame(0, [Buffer.concat([Buffer.from(start), Buffer.alloc(20_000_000, 255)])]);
    const into = new Workspace();
    expect(() => unpackLz4(endless, most, into)).toThrow(refused);
    expect(into.bytes.length).toBeLessThan(endless.length + 2 * most);
  });

  it("takes memory for what is there, not for what a block might hold", () => {
    // Go's client announces blocks of 4 MiB, whatever it sends.
    const packed = frame(0x20, [block]);
    expect(packed[5]).toBe(0x70);
    const into = new Workspace();
    unpackLz4(packed, most, into);
    expect(into.bytes.length).toBeLessThan(140_000);
  });
});
