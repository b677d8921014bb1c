import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { labelsOf, valueLabel } from "../../../src/receipts/dimensions/value-label.ts";

describe("the label of a value", () => {
  it.each([
    ["阿里云", "阿里云"],
    ["【阿里云】", "【阿里云】"],
    [" Acme, Inc. ", "Acme, Inc."],
    ["SMS_154950909", "SMS_154950909"],
    ["SMS_TEMPLATE_LOGIN_2024_V2", "SMS_TEMPLATE_LOGIN_2024_V2"],
    ["1110290", "1110290"],
    ["", "_none"],
    ["\u200b", "_none"],
    ["_other", "\\_other"],
    ["\\x", "\\\\x"],
  ])("%j is %j", (sent, label) => {
    expect(valueLabel(sent)).toBe(label);
  });

  it.each([
    ["a phone number", "13800138000"],
    ["one with its country", "+86 138-0013-8000"],
    ["one in full width", "１３８００１３８０００"],
    ["one behind a word", "SMS_13800138000"],
    ["a number of a landline", "02188886666"],
    ["a message's id", "108907212^4545"],
    ["a UUID", "5f8c1e2a-90ab-4cde-8f01-23456789abcd"],
    ["hexadecimal digits", "5f8c1e2a90ab4cde"],
    ["letters and digits", "mid8f3kd02kq91xz77ab3"],
    ["an address", "someone@example.com"],
    ["a message's text", "您的验证码是1234，请勿泄露。"],
    ["a sentence", "Your code is 1234. Do not share it"],
    ["many words", "this is a text of several words"],
    ["what is too long", "x".repeat(65)],
    ["bytes that are no text", "\uFFFD\uFFFD"],
    ["one of our own", "_redacted"],
  ])("of %s is _redacted", (_, sent) => {
    expect(valueLabel(sent)).toBe("_redacted");
  });

  it("never has eleven digits in a row, is never empty, and has no control characters, whatever was sent", () => {
    const piece = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^\d{1,12}$/), fc.constant("-"));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const label = valueLabel(pieces.join(""));
        expect(label).not.toMatch(/\d{11}|\p{Cc}|^$/u);
        expect(label.length).toBeLessThanOrEqual(65);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("a dimension", () => {
  it("takes the part that its pattern matches", () => {
    const label = labelsOf({ match: "^([A-Z]{2})-", values: undefined });
    expect(["AB-1", "ab-1", "", "XY-13800138000"].map(label)).toEqual(["AB", "_other", "_none", "XY"]);
  });

  it("takes all that its pattern matches where that has no group", () => {
    expect(labelsOf({ match: "[a-z]+", values: undefined })("12 acme 3")).toBe("acme");
  });

  it("names the values that are listed, and no others", () => {
    const label = labelsOf({ match: undefined, values: { "1": "marketing", "2": "codes" } });
    expect(["1", "2", "3", ""].map(label)).toEqual(["marketing", "codes", "_other", "_none"]);
  });
});
