import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recentText } from "../../src/receipts/recent-text.ts";
import { viewOf } from "./support.ts";

/** The text of a part of some bytes. */
function textIn(bytes: Buffer, start: number, end: number): string {
  return recentText(viewOf(bytes), bytes.byteOffset + start, bytes.byteOffset + end);
}

describe("recentText", () => {
  it("is the text of the bytes, whatever was asked before", () => {
    const text = fc.string({ unit: "grapheme-ascii", maxLength: 20 });
    fc.assert(
      fc.property(text, text, text, (before, middle, after) => {
        const bytes = Buffer.from(before + middle + after);
        expect(textIn(bytes, before.length, before.length + middle.length)).toBe(middle);
      }),
      { numRuns: 5_000 },
    );
  });

  it("tells apart texts of every length that share a place, a beginning or an end", () => {
    const letters = ["A", "B", "a", "\u0000"];
    const texts = [""];
    for (let at = 0; texts.length < 20_000; at++) texts.push(...letters.map((letter) => texts[at] + letter));
    for (const text of [...texts, ...texts.reverse()]) {
      const bytes = Buffer.from(`"${text}"`);
      expect(textIn(bytes, 1, bytes.length - 1)).toBe(text);
    }
  });
});
