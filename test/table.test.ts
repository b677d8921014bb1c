import { expect, it } from "vitest";
import { table } from "../src/table.ts";

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
