import { describe, expect, it } from "vitest";
import { askedOf } from "../../../src/receipts/formats/asked.ts";
import { type Format, foreign } from "../../../src/receipts/formats/format.ts";
import { namesOf } from "../../../src/receipts/formats/recognise.ts";

function formatOf(names?: readonly string[]): Format {
  return { names, read: () => foreign };
}

describe("formats are asked by their members", () => {
  const a = formatOf(["a"]);
  const anything = formatOf();
  const ab = formatOf(["a", "b"]);
  const asked = askedOf([a, anything, ab]);
  const rows = [
    { value: { a: 1 }, formats: [a, anything, ab] },
    { value: { b: null }, formats: [anything, ab] },
    { value: { c: 1 }, formats: [anything] },
    { value: {}, formats: [anything] },
    { value: [{ a: 1 }], formats: [anything] },
    { value: JSON.parse('{"__proto__":{"a":1}}'), formats: [anything] },
  ];
  it.each(rows)("$value", ({ value, formats }) => {
    expect(asked(value)).toEqual(formats);
  });

  it("of any number of formats", () => {
    const many = Array.from({ length: 60 }, (_, n) => formatOf([`m${n}`]));
    for (const place of [0, 3, 25, 26, 27, 51]) {
      expect(askedOf(many)({ [`m${place}`]: 1 })).toEqual([many[place], ...many.slice(52)]);
    }
    expect(askedOf(many)({ m0: 1, m51: 1 })).toEqual([many[0], ...many.slice(51)]);
    expect(askedOf(many)({ m55: 1 })).toContain(many[55]);
  });
});

describe("the members that tests need", () => {
  const rows = [
    { sets: [[{ has: ["/a", "/b/c"] }]], names: ["a", "b"] },
    { sets: [[{ lacks: ["/x"] }, { at: "/op", is: ["d"] }]], names: ["op"] },
    { sets: [[{ has: ["/a"] }], [{ lacks: ["/x"] }]], names: undefined },
    { sets: [[{ has: ["/0/a"] }]], names: undefined },
    { sets: [[{ has: [""] }]], names: undefined },
    { sets: [], names: [] },
  ];
  it.each(rows)("$sets", ({ sets, names }) => {
    expect(namesOf(sets)).toEqual(names);
  });
});
