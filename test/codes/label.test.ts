import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOfLabel, labelOfUnknown, noCode, redactedCode } from "../../src/codes/label.ts";
import { readCode } from "../../src/masking.ts";

describe("labelOfUnknown", () => {
  test.each([
    { name: "an ordinary code is kept raw", raw: "mk:0099", label: "mk:0099" },
    { name: "blanks and case are kept", raw: " Mk 1 ", label: " Mk 1 " },
    { name: "Chinese is kept", raw: "其他", label: "其他" },
    { name: "a backslash, so that escapes stay unambiguous", raw: "a\\nb", label: "a\\\\nb" },
    { name: "64 characters fit", raw: "x".repeat(64), label: "x".repeat(64) },
    { name: "the 65th is cut", raw: "x".repeat(65), label: "x".repeat(64) },
    { name: "100,000 characters", raw: "x".repeat(100_000), label: "x".repeat(64) },
    { name: "no pair is split", raw: `${"x".repeat(63)}😀`, label: "x".repeat(63) },
    { name: "a pair that fits", raw: `${"x".repeat(62)}😀!`, label: `${"x".repeat(62)}😀` },
    { name: "no escape is split", raw: `${"x".repeat(63)}\\`, label: "x".repeat(63) },
    { name: "an escape that fits", raw: `${"x".repeat(62)}\\`, label: `${"x".repeat(62)}\\\\` },
    { name: "a reserved word of ours", raw: "_other", label: "\\_other" },
    { name: "any leading underscore", raw: "_", label: "\\_" },
    { name: "an underscore further on", raw: "a_b", label: "a_b" },
    { name: "seven digits", raw: "0000012", label: "0000012" },
    { name: "seven digits and seven digits", raw: "1234567:7654321", label: "1234567:7654321" },
  ])("shows $name", ({ raw, label }) => {
    expect(labelOfUnknown(raw)).toBe(label);
  });

  test.each([
    { name: "a phone number", raw: "13000000000" },
    { name: "a phone number with its country", raw: "+86 130-0000-0000" },
    { name: "a phone number inside a text", raw: "fail(13000000000)" },
    { name: "full-width digits", raw: "１３０００００００００" },
    { name: "Arabic digits", raw: "٠١٢٣٤٥٦٧٨٩" },
    { name: "digits with dashes of any kind", raw: "130\u20130000\u22120000" },
    { name: "digits with invisible signs between", raw: "1300\u200b0000\u00ad000" },
    { name: "digits with control characters between", raw: "1300\n0000\n000" },
    { name: "a biz_id", raw: "134523^4351232" },
    { name: "a call id", raw: "116012854210^102806272414" },
    { name: "eight digits, as a map may list them", raw: "20001234" },
    { name: "a code that says so itself", raw: "_redacted" },
    { name: "a UUID", raw: "0A6F4B2C-9D8E-4C7A-B3F1-A2B4C6D8E0F1" },
    { name: "a UUID without hyphens", raw: "0a6f4b2c9d8e4c7ab3f1a2b4c6d8e0f1" },
    { name: "a number after the 64th character", raw: `${"x".repeat(70)}13000000000` },
  ])("redacts $name", ({ raw }) => {
    expect(labelOfUnknown(raw)).toBe(redactedCode);
  });

  test("is short, printable, free of numbers that identify, and never a reserved word by accident", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.constantFrom("\n", "\0", "\\", "\ud800", "😀", "_none", "_", "+", " ", "^"),
      fc.stringMatching(/^[0-9]{1,12}$/),
    );
    const raws = fc
      .array(piece, { minLength: 1, maxLength: 12 })
      .map((pieces) => readCode(pieces.join("")))
      .filter((code) => code !== "");
    fc.assert(
      fc.property(raws, (raw) => {
        const label = labelOfUnknown(raw);
        expect(label.length).toBeLessThanOrEqual(64);
        expect(label).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(label.isWellFormed()).toBe(true);
        expect(label.normalize("NFKC").replaceAll(/[\s+-]/g, "")).not.toMatch(/\d{8}/);
        if (label.startsWith("_")) expect(label).toBe(redactedCode);
        expect(label).not.toBe(noCode);
      }),
      { numRuns: 2000 },
    );
  });

  test("keeps different short codes apart", () => {
    const raws = fc.string({
      unit: fc.constantFrom("\\", "n", "x", "0", "_", "u"),
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(raws, raws, (a, b) => {
        expect(labelOfUnknown(a) === labelOfUnknown(b)).toBe(a === b);
      }),
      { numRuns: 2000 },
    );
  });

  test("takes time in proportion to its input", () => {
    // CPU time, of which others on the machine take none: it takes 50 ms, and minutes when it goes with the square
    const before = process.cpuUsage();
    labelOfUnknown(`1${" ".repeat(200_000)}`.repeat(5));
    labelOfUnknown("abcdef0-".repeat(100_000));
    const { user } = process.cpuUsage(before);
    expect(user / 1_000).toBeLessThan(5_000);
  });
});

describe("codeOfLabel", () => {
  test("is the code that the label was made of, or nothing where that can't be told", () => {
    const codes = fc.string({
      unit: fc.constantFrom("a", "7", "\\", "_", ":", " ", "码", "😀"),
      minLength: 1,
    });
    fc.assert(
      fc.property(codes, (code) => {
        const label = labelOfUnknown(code);
        const cut = label.length >= 63;
        expect(codeOfLabel(label)).toBe(label === redactedCode || cut ? undefined : code);
      }),
    );
  });

  test.each(["_other", "_none", "_redacted", "", "x".repeat(63)])("is nothing for %j", (label) => {
    expect(codeOfLabel(label)).toBeUndefined();
  });
});
