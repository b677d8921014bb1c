import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recentText } from "../../src/receipts/recent-text.ts";

describe("recentText", () => {
  it("is the text of the bytes, whatever was asked before", () => {
    const text = fc.string({ unit: "grapheme-ascii", maxLength: 20 });
    fc.assert(
      fc.property(text, text, text, (before, middle, after) => {
        const bytes = Buffer.from(before + middle + after);
        expect(recentText(bytes, before.length, before.length + middle.length)).toBe(middle);
      }),
      { numRuns: 5_000 },
    );
  });

  it("tells apart texts that hash to the same place", () => {
    const bytes = Buffer.from("AaBB");
    expect(recentText(bytes, 0, 2)).toBe("Aa");
    expect(recentText(bytes, 2, 4)).toBe("BB");
    expect(recentText(bytes, 0, 2)).toBe("Aa");
  });
});
