import { describe, expect, it } from "vitest";
import {
  firstToken,
  isBlankUnit,
  looksLikeJson,
  mayBeJson,
} from "../../../src/receipts/encodings/json-start.ts";

describe("how JSON begins", () => {
  const rows = [
    { text: '{"a":1}', may: true, looks: true },
    { text: "\uFEFF \r\n\t{ }", may: true, looks: true },
    { text: "[ ]", may: true, looks: true },
    { text: '[\n{"a":1}', may: true, looks: true },
    { text: '["{}"]', may: true, looks: true },
    { text: '"{}"\n\0', may: true, looks: true },
    { text: '"{}', may: false, looks: false },
    { text: '"', may: false, looks: false },
    { text: "{'a':1}", may: true, looks: false },
    { text: "[INFO]", may: true, looks: false },
    { text: "{", may: true, looks: false },
    { text: "1", may: false, looks: false },
    { text: "", may: false, looks: false },
    { text: " \0{}", may: false, looks: false },
  ];
  it.each(rows)("$text", ({ text, may, looks }) => {
    const bytes = Buffer.from(text);
    expect({ may: mayBeJson(bytes, 0), looks: looksLikeJson(bytes, 0) }).toEqual({ may, looks });
  });

  it("is looked for from a place on", () => {
    expect([mayBeJson(Buffer.from("x {}"), 1), looksLikeJson(Buffer.from("x {}"), 1)]).toEqual([true, true]);
    expect([firstToken(Buffer.from("{  1"), 1), firstToken(Buffer.from("{  "), 1)]).toEqual([3, 3]);
  });
});

it("blanks are those of JSON", () => {
  const blanks = Array.from({ length: 0x2100 }, (_, unit) => unit).filter(isBlankUnit);
  expect(blanks).toEqual([0x09, 0x0a, 0x0d, 0x20]);
  expect(isBlankUnit(undefined)).toBe(false);
});
