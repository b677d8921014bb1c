import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { skeletonOf, skeletonOfRecord } from "../../src/receipts/skeleton.ts";
import { rawRecord } from "./support.ts";

describe("the shape of a value", () => {
  const rows = [
    {
      value: { phone: "13900000000", n: 12, ok: true, none: null },
      shape: { phone: "11 digits", n: "2 digits", ok: "boolean", none: null },
    },
    {
      value: { text: "hello world", half: 1.5, one: "7" },
      shape: { text: "text of 11", half: "number", one: "1 digit" },
    },
    { value: [{ a: "x" }, { a: "y" }, 3], shape: [{ a: "text of 1" }, "2 more"] },
    { value: { message: '{"code":"12"}' }, shape: { message: { "in a text": { code: "2 digits" } } } },
    { value: { "13900000000": 1 }, shape: { "name of 11": "1 digit" } },
    { value: { "a\u009b31m": 1, "\u202eb": 1 }, shape: { "name of 5": "1 digit", "name of 2": "1 digit" } },
    { value: { [`${"n".repeat(57)}13900000000`]: 1 }, shape: { "name of 68": "1 digit" } },
    { value: { ["n".repeat(70)]: 1 }, shape: { [`${"n".repeat(64)}…`]: "1 digit" } },
    { value: [], shape: [] },
  ];
  it.each(rows)("$value", ({ value, shape }) => {
    expect(skeletonOf(value)).toEqual(shape);
  });

  it("is cut where it is wide or deep", () => {
    const wide = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`m${n}`, n]));
    expect(skeletonOf(wide)).toMatchObject({ m0: "1 digit", "…": "10 more" });
    let deep: unknown = "end";
    for (let n = 0; n < 20; n++) deep = { a: deep };
    expect(JSON.stringify(skeletonOf(deep))).toBe(`${'{"a":'.repeat(8)}"…"${"}".repeat(8)}`);
  });

  it("holds no value, whatever the record", () => {
    const secret = fc.constantFrom("SECRETWORD", "SECRETWORD and more");
    const values = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, secret, tie("list"), tie("object"), tie("text")),
      list: fc.array(tie("value"), { maxLength: 3 }),
      object: fc.dictionary(fc.constantFrom("a", "b"), tie("value")),
      text: tie("value").map((value) => JSON.stringify(value)),
    })).value;
    fc.assert(
      fc.property(values, (value) => {
        expect(JSON.stringify(skeletonOf(value))).not.toContain("SECRET");
      }),
    );
  });
});

describe("the shape of a record", () => {
  const rows = [
    { name: "of JSON", value: '{"a":"b"}', shape: '{"a":"text of 1"}' },
    { name: "of packed JSON", value: gzipSync('{"a":"b"}'), shape: '{"a":"text of 1"}' },
    { name: "of a form", value: "a=1&b=x", shape: '{"a":"1 digit","b":"text of 1"}' },
    { name: "of a text", value: "no receipt", shape: '"text of 10"' },
    { name: "of bytes", value: Buffer.from([0xff, 0xff, 0x00]), shape: "3 bytes" },
    { name: "of none", value: null, shape: "no value" },
  ];
  it.each(rows)("$name", ({ value, shape }) => {
    expect(skeletonOfRecord(rawRecord(value), undefined)).toBe(shape);
  });
});
