import { expect, it } from "vitest";
import { frames, framesOf, pairsOf } from "../../src/receipts/frames.ts";

it("are tried in their order, whatever the object's", () => {
  const backwards = Object.fromEntries(frames.toReversed().map(({ member }) => [member, 1]));
  expect(framesOf({ other: 1, ...backwards })).toEqual(frames.map(({ member }) => member));
  expect(framesOf({ other: 1 })).toEqual([]);
});

it("name each member once", () => {
  expect(new Set(frames.map(({ member }) => member)).size).toBe(frames.length);
});

it.each([
  {
    pairs: [
      { key: "a", value: "1" },
      { key: "b", value: "2" },
    ],
    object: { a: "1", b: "2" },
  },
  { pairs: [{ Key: "a", Value: "1" }], object: { a: "1" } },
  { pairs: [{ key: "a", value: "1", more: 1 }], object: undefined },
  { pairs: [{ key: "a" }, { key: "b", value: "2" }], object: undefined },
  { pairs: [{ key: 1, value: "2" }], object: undefined },
  { pairs: [["a", "1"]], object: undefined },
  { pairs: [null], object: undefined },
  { pairs: [], object: undefined },
])("names and values are one object: $pairs", ({ pairs, object }) => {
  expect(pairsOf(pairs)).toEqual(object);
});

it("a name like the language's own is a name", () => {
  const object = pairsOf([{ key: "__proto__", value: "1" }]);
  expect(Object.keys(object ?? {})).toEqual(["__proto__"]);
});
