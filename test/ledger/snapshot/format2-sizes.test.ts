import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sizesOf } from "./sizes.ts";

describe("the size of a snapshot", () => {
  it.each([10, 100, 500, 2_000])("with %i codes in use is what the README says", (codes) => {
    const { format1, format2, unpublished } = sizesOf(codes);
    const readme = readFileSync("README.md", "utf8");
    const row = new RegExp(`^\\| ${codes.toLocaleString("en")} \\| (.+) \\|$`, "m").exec(readme)?.[1] ?? "";
    const stated = row.split(" | ").map(Number);
    const measured = [format1 / codes, format2 / codes, unpublished / codes];
    // To a tenth, and another zlib may pack a little otherwise.
    expect(stated, `measured: ${measured.map((size) => size.toFixed(1)).join(" | ")}`).toHaveLength(3);
    for (const [at, size] of measured.entries()) {
      expect(Math.abs((stated[at] ?? 0) - size), `${size}`).toBeLessThan(0.06 + 0.02 * size);
    }
  });
});
