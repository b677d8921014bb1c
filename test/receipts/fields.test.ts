import { describe, expect, it } from "vitest";
import { redacted } from "../../src/masking.ts";
import { codeOf, hasAny, isFields, own } from "../../src/receipts/fields.ts";

describe("members", () => {
  const plain = { a: null };
  const strange = JSON.parse('{"__proto__":"p","constructor":1}');

  it("are those of objects, not of arrays, texts or null", () => {
    expect([{}, plain, [], null, "{}", 1, undefined].map(isFields)).toEqual([
      ...[true, true],
      ...[false, false, false, false, false],
    ]);
  });

  it.each(["__proto__", "constructor", "toString"])("are never inherited: %s", (name) => {
    expect(own(plain, name)).toBeUndefined();
    expect(hasAny(plain, [name])).toBe(false);
  });

  it("may have the names of what others inherit", () => {
    expect([own(strange, "__proto__"), own(strange, "constructor")]).toEqual(["p", 1]);
    expect(hasAny(strange, ["a", "__proto__"])).toBe(true);
  });

  it("are there whatever their value", () => {
    expect(own(plain, "a")).toBeNull();
    expect(hasAny(plain, ["b", "a"])).toBe(true);
    expect(hasAny(plain, ["b"])).toBe(false);
    expect(hasAny(plain, [])).toBe(false);
  });
});

describe("a code", () => {
  const rows: readonly { value: unknown; code: string | undefined }[] = [
    { value: "DB:0141", code: "DB:0141" },
    { value: " 012 ", code: " 012 " },
    { value: "", code: "" },
    { value: undefined, code: "" },
    { value: null, code: "" },
    { value: 0, code: "0" },
    { value: -103, code: "-103" },
    { value: 1.5, code: "1.5" },
    { value: 13_912_345_678, code: redacted },
    { value: "13912345678", code: redacted },
    { value: "1\u200b2", code: "12" },
    { value: true, code: undefined },
    { value: {}, code: undefined },
    { value: ["12"], code: undefined },
  ];
  it.each(rows)("of $value is $code", ({ value, code }) => {
    expect(codeOf(value)).toBe(code);
  });
});
