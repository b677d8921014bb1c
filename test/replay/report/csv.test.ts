import { describe, expect, it } from "vitest";
import { csvText } from "../../../src/replay/report/csv.ts";

describe("a cell", () => {
  const rows = [
    { name: "as it is", cell: "MB 1042;'x'", text: "MB 1042;'x'" },
    { name: "a number", cell: -1.5, text: "-1.5" },
    { name: "empty", cell: "", text: "" },
    { name: "with a comma", cell: "a,b", text: '"a,b"' },
    { name: "with quotes, each of them doubled", cell: '"a" "b"', text: '"""a"" ""b"""' },
    { name: "with a line feed", cell: "a\nb", text: '"a\nb"' },
    { name: "with a carriage return", cell: "a\rb", text: '"a\rb"' },
  ];
  it.each(rows)("$name", ({ cell, text }) => {
    expect(csvText([[cell, cell]])).toBe(`${text},${text}\n`);
  });
});

it("has a line for each row, the last one ended too, and none for no rows", () => {
  expect(csvText([["a", 1], ["b"]])).toBe("a,1\nb\n");
  expect(csvText([])).toBe("");
});
