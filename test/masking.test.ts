import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { longestCode } from "../src/bounds.ts";
import { hasUnseen, identifies, maskNumbers, personalDigits, readCode, redacted } from "../src/masking.ts";
import { codeMapOf } from "./bench/workload.ts";
import { numbersInText, shows } from "./written-numbers.ts";

describe("readCode", () => {
  it("leaves no number in a code, however it is written", () => {
    fc.assert(
      fc.property(numbersInText, (number) => {
        expect(readCode(number.text)).toBe(redacted);
      }),
      { numRuns: 5000 },
    );
  });

  const codes = [
    ...["DB:0141", "MK:0010", "mk:0010", "200010", "isv.BUSINESS_LIMIT_CONTROL", "CL:105", "XL:206", "-103"],
    ...[
      "0000012",
      "1234567:7654321",
      "200010/200105",
      "999999",
      "DELIVRD",
      "其他",
      "MOBILE_NOT_ON_SERVICE",
      "E200015",
    ],
    ...[" Mk 1 ", "1.0", "UNDELIV", "MI:0013", "IC:0055", "REJECT-12", "20001234", "_other", "a\\b", ""],
  ];
  it.each(codes)("leaves the code %j as it is", (code) => {
    expect(readCode(code)).toBe(code);
  });

  it("leaves every code of the packaged map and of the seed as it is", () => {
    const text =
      readFileSync("config/code-map.yaml", "utf8") + readFileSync("test/seed/taxonomy.csv", "utf8");
    const own = [...text.matchAll(/^ {8}"?([^\s"#]+)"?:$|"([^"]+)"/gm)].map(([, a, b]) => a ?? b ?? "");
    const listed = own.filter((code) => /^[\w:.-]{1,40}$/.test(code));
    expect(listed.length).toBeGreaterThan(150);
    expect(listed.filter((code) => readCode(code) !== code || identifies(code, personalDigits))).toEqual([]);
  });

  it.each([
    { name: "control characters", sent: "a\n\u0000\u007f\u0085b", code: "ab" },
    { name: "right-to-left marks", sent: "\u202eDB:\u200f0141\u202c", code: "DB:0141" },
    { name: "isolates", sent: "\u2066MK\u2069:0010", code: "MK:0010" },
    { name: "zero-width characters", sent: "2\u200b0\u200c0\u200d0\u20601\ufeff0", code: "200010" },
    { name: "line separators", sent: "a\u2028b\u2029", code: "ab" },
    { name: "variation selectors and fillers", sent: "a\ufe0f\u3164b", code: "ab" },
    { name: "lone surrogates", sent: "a\ud83dz\udc00", code: "az" },
    { name: "all there is", sent: "\u200b\u202e\n", code: "" },
  ])("leaves out $name", ({ sent, code }) => {
    expect(readCode(sent)).toBe(code);
  });

  it("looks at the beginning of a long code, which may be made to take for ever", () => {
    // Each of these marks goes in front of the one before, in the square of their number: it takes a minute as a whole.
    const marks = "\u0300\u0316".repeat(100_000);
    const before = process.cpuUsage();
    expect(readCode(`${"\u200b".repeat(1_000)} a${marks}`)).toBe(`a${marks}`.slice(0, longestCode));
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(5_000);
  });

  it("gives what it takes, whatever that is, and nothing that is unseen", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (sent) => {
        const code = readCode(sent);
        expect(code.isWellFormed()).toBe(true);
        expect(hasUnseen(code)).toBe(false);
        expect(readCode(code)).toBe(code);
      }),
      { numRuns: 3000 },
    );
  });
});

describe("maskNumbers", () => {
  it("masks every number in a text", () => {
    fc.assert(
      fc.property(numbersInText, (number) => {
        const masked = maskNumbers(`code "${number.text}" is in a text`);
        expect(shows(masked, number)).toBe(false);
        expect(masked).toContain(redacted);
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    { name: "addresses", text: "brokers: [10.0.0.1:9092, 192.168.100.200:9092,192.168.100.201:9092]" },
    { name: "a day", text: "since 2026-01-01, or 20260101" },
    { name: "moments", text: "2026-01-01T12:00:00.123Z, 2026-01-01 12:00, 20260101120000" },
    { name: "moments with a zone", text: "2026-10-01T08:00:00+08:00 or 2026-10-01T08:00:00.5-03:30" },
    { name: "a list of codes", text: 'codes "200010", "200011", "200012"' },
    { name: "a hash", text: "code map 25a317898a94" },
    { name: "a line number", text: "it stands in line 123456789" },
  ])("leaves $name as they are", ({ text }) => {
    expect(maskNumbers(text)).toBe(text);
  });

  it.each([
    { text: "2026-10-01 13900000000", masked: redacted },
    { text: "from 10.0.0.1:9092 13900000000", masked: `from ${redacted}` },
    { text: "0A6F4B2C-9D8E-4C7A-B3F1-A2B4C6D8E0F1", masked: redacted },
  ])("masks the number in $text", ({ text, masked }) => {
    expect(maskNumbers(text)).toBe(masked);
  });

  it("leaves a map of many codes as it is", () => {
    const text = codeMapOf(300);
    expect(text.split("\n").filter((line) => maskNumbers(line) !== line)).toEqual([]);
  });
});
