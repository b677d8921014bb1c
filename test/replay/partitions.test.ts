import { describe, expect, it } from "vitest";
import { choiceOf, isChosen, parsePartitions, writePartitions } from "../../src/replay/partitions.ts";

describe("a choice of partitions", () => {
  it.each([
    ["5", [[5, 5]]],
    ["0-31", [[0, 31]]],
    [
      "40, 0-31",
      [
        [0, 31],
        [40, 40],
      ],
    ],
  ])("is read: %s", (text, ranges) => {
    expect(parsePartitions(text)).toEqual(ranges.map(([first, last]) => ({ first, last })));
  });

  it.each(["", "a", "-1", "3-1", "0,", "0-3,2", "4,4", "1-", "99999999", "0..3"])("is none: '%s'", (text) => {
    expect(parsePartitions(text)).toBeUndefined();
  });

  it("is written the same for the same partitions", () => {
    const written = (text: string) => writePartitions(parsePartitions(text) ?? []);
    expect(written("3,0-1,2")).toBe("0-3");
    expect(written("7,0-1, 5-6")).toBe("0-1,5-7");
    expect(choiceOf([4, 0, 1, 9])).toBe("0-1,4,9");
  });

  it("has the partitions between both ends, and all where there is none", () => {
    const ranges = parsePartitions("1-2,5");
    expect([0, 1, 2, 3, 4, 5, 6].filter((partition) => isChosen(ranges, partition))).toEqual([1, 2, 5]);
    expect(isChosen(undefined, 9)).toBe(true);
  });
});
