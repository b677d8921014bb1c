import { expect, it } from "vitest";
import { countedWords, table } from "../src/table.ts";

it("aligns text to the left and numbers to the right, under a head that may be wider", () => {
  expect(
    table([
      ["CODE", "COUNT", "WORDS"],
      ["DELIVRD", 12_345_678, "a"],
      ["12", 9, "longer than its head"],
    ]),
  ).toBe(`\
CODE     COUNT     WORDS
DELIVRD  12345678  a
12              9  longer than its head
`);
});

it("ends no line with blanks", () => {
  expect(
    table([
      ["A", "B"],
      ["long", ""],
      ["", "x"],
    ]),
  ).toBe("A     B\nlong\n      x\n");
});

it("is empty without rows, and as wide as the head where there is nothing else", () => {
  expect(table([])).toBe("");
  expect(table([["A", "B"]])).toBe("A  B\n");
});

it("tells counts by name in one line, and 0 of none", () => {
  expect(countedWords({ not_json: 2, tombstone: 1 })).toBe("2 not_json, 1 tombstone");
  expect(countedWords({})).toBe("0");
});
