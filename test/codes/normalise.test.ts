import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normaliseCode } from "../../src/codes/normalise.ts";

describe("normaliseCode", () => {
  test.each([
    { name: "a plain code is its own key", code: "DB:0141", key: "DB:0141" },
    { name: "case is folded", code: "mk:0010", key: "MK:0010" },
    { name: "blanks around are dropped", code: " \t024\u3000\n", key: "024" },
    { name: "blanks inside stay", code: "A B", key: "A B" },
    { name: "full width is folded", code: "ｍｋ：００１０", key: "MK:0010" },
    { name: "U+2212 is a minus", code: "\u2212103", key: "-103" },
    { name: "a full-width minus is a minus", code: "\uff0d103", key: "-103" },
    { name: "a small minus is a minus", code: "\ufe63103", key: "-103" },
    { name: "a raised minus is a minus", code: "\u207b103", key: "-103" },
    { name: "a dash is no minus", code: "\u2013103", key: "\u2013103" },
    { name: "leading zeros stay", code: "002", key: "002" },
    { name: "what upper case takes apart is put together again", code: "\u0390", key: "\u03aa\u0301" },
    { name: "a lone surrogate stays", code: "a\ud800", key: "A\ud800" },
    { name: "what no code is as long as is its own key", code: "x".repeat(257), key: "x".repeat(257) },
  ])("$name", ({ code, key }) => {
    expect(normaliseCode(code)).toBe(key);
  });

  test.each([
    { name: "a leading zero", a: "002", b: "2" },
    { name: "two leading zeros", a: "0012", b: "012" },
    { name: "a minus sign", a: "-103", b: "103" },
    { name: "a colon", a: "DB:0141", b: "DB0141" },
    { name: "a longer word", a: "DELIVERED", b: "DELIVER" },
    { name: "a fraction", a: "1.0", b: "1" },
  ])("$name keeps two codes apart", ({ a, b }) => {
    expect(normaliseCode(a)).not.toBe(normaliseCode(b));
  });

  test("takes no time for a text that is made to be slow", () => {
    const slow = `a${"\u0300\u0316".repeat(500_000)}`;
    expect(normaliseCode(slow)).toBe(slow);
  });

  const anyText = fc.string({ unit: "binary", maxLength: 40 });

  test("is idempotent, whatever the text", () => {
    fc.assert(
      fc.property(anyText, (code) => {
        const key = normaliseCode(code);
        expect(normaliseCode(key)).toBe(key);
      }),
    );
  });

  test("is idempotent for every character, alone and with a mark", () => {
    const broken: string[] = [];
    // of the planes in which Unicode has no character, and those of private use, one in a hundred
    const isBare = (point: number) => point >= 0x40000 && point >> 16 !== 0xe;
    for (let point = 0; point <= 0x10ffff; point += isBare(point) ? 100 : 1) {
      for (const text of [String.fromCodePoint(point), `${String.fromCodePoint(point)}\u0301`]) {
        const key = normaliseCode(text);
        if (normaliseCode(key) !== key) broken.push(point.toString(16));
      }
    }
    expect(broken).toEqual([]);
  });

  test("does not depend on case, width or blanks around", () => {
    const code = fc.stringMatching(/^[A-Za-z0-9:._-]{1,12}$/);
    fc.assert(
      fc.property(code, (code) => {
        const wide = [...code].map((c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)).join("");
        const key = normaliseCode(code);
        expect([code.toLowerCase(), code.toUpperCase(), wide, `  ${code}\t`].map(normaliseCode)).toEqual([
          key,
          key,
          key,
          key,
        ]);
      }),
    );
  });

  test("never makes one code of two numerals", () => {
    const digits = fc.stringMatching(/^-?[0-9]{1,8}$/);
    fc.assert(
      fc.property(digits, digits, (a, b) => {
        expect(normaliseCode(a) === normaliseCode(b)).toBe(a === b);
      }),
    );
  });
});
