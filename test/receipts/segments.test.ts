import { describe, expect, it } from "vitest";
import { segmentStateOf, segmentsIn, segmentsReader } from "../../src/receipts/segments.ts";

describe("a number of segments", () => {
  it.each([
    [1, 1],
    ["1", 1],
    [" 02 ", 2],
    [255, 255],
    ["255", 255],
  ])("%j is %d", (value, segments) => {
    expect([segmentsIn(value), segmentStateOf(segmentsIn(value))]).toEqual([segments, "counted"]);
  });

  it.each([
    [undefined, "not_said"],
    [null, "not_said"],
    ["", "not_said"],
    [0, "out_of_range"],
    ["0", "out_of_range"],
    [-1, "out_of_range"],
    ["-1", "out_of_range"],
    [256, "out_of_range"],
    ["99999999999999999999", "out_of_range"],
    [1.5, "not_a_number"],
    ["1.0", "not_a_number"],
    ["one", "not_a_number"],
    ["１", "not_a_number"],
    [" ", "not_a_number"],
    [true, "not_a_number"],
    [[1], "not_a_number"],
    [{}, "not_a_number"],
  ])("%j is none: %s", (value, state) => {
    expect(segmentsIn(value)).toBeLessThan(1);
    expect(segmentStateOf(segmentsIn(value))).toBe(state);
  });

  it("is what the first pointer that leads to something says, and nobody's where a shape names none", () => {
    const read = segmentsReader({ segments: ["/a", "/b/c"] });
    expect(
      [{ a: 2, b: { c: 3 } }, { a: null, b: { c: 3 } }, { a: "" }, { a: "x", b: { c: 3 } }].map(read),
    ).toEqual([2, 3, 0, segmentsIn("x")]);
    expect(segmentsReader({})({ a: 2 })).toBeUndefined();
    expect(segmentStateOf(undefined)).toBe("not_said");
  });
});
