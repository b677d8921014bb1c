import { describe, expect, it } from "vitest";
import { readPage } from "../../docs/pages.ts";
import { sizesOf } from "./sizes.ts";

describe("the size of a snapshot", () => {
  it.each([10, 100, 500, 2_000])("with %i codes in use is what docs/exactness.md says", (codes) => {
    const { format1, format2, unpublished } = sizesOf(codes);
    const page = readPage("docs/exactness.md");
    const row = new RegExp(`^\\| ${codes.toLocaleString("en")} \\| (.+) \\|$`, "m").exec(page)?.[1] ?? "";
    const stated = row.split(" | ").map(Number);
    const measured = [format1 / codes, format2 / codes, unpublished / codes];
    // To a tenth, and another zlib may pack a little otherwise.
    expect(stated, `measured: ${measured.map((size) => size.toFixed(1)).join(" | ")}`).toHaveLength(3);
    for (const [at, size] of measured.entries()) {
      expect(Math.abs((stated[at] ?? 0) - size), `${size}`).toBeLessThan(0.06 + 0.02 * size);
    }
  });
});
