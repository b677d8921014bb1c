import { describe, expect, it } from "vitest";
import { digitAt, formOf } from "../../../src/receipts/dimensions/number-form.ts";

/** What is read of a number: whether it is China's, the digits that are to be seen of it, and how many it has. */
function read(number: string): string {
  const form = formOf(number);
  if (typeof form === "string") return form;
  const { isChinese, from, length, isMasked } = form;
  let digits = "";
  for (let index = from; digitAt(index) !== undefined; index++) digits += digitAt(index);
  return `${isChinese ? "86 " : "+"}${digits}${isMasked ? "…" : ""} (${length})`;
}

describe("a number is China's", () => {
  it.each([
    { number: "13800138000", form: "86 13800138000 (11)" },
    { number: "1064801380000", form: "86 1064801380000 (13)" },
    { number: "8613800138000", form: "86 13800138000 (11)" },
    { number: "0086 0571-0013-8000", form: "86 57100138000 (11)" },
    { number: "＋86（10）6480–1380", form: "86 1064801380 (10)" },
    { number: "010.64801380", form: "86 1064801380 (10)" },
    { number: "400-013-8000", form: "86 4000138000 (10)" },
    { number: "tel:+8613800138000", form: "86 13800138000 (11)" },
    { number: "138****8000", form: "86 138… (11)" },
    { number: "13•", form: "86 13… (3)" },
  ])("$number", ({ number, form }) => {
    expect(read(number)).toBe(form);
  });
});

describe("a number is another country's", () => {
  it.each([
    { number: "+1 415 555 0100", form: "+14155550100 (11)" },
    { number: "12025550100", form: "+12025550100 (11)" },
    { number: "447700900000", form: "+447700900000 (12)" },
    { number: "00852 6123 4567", form: "+85261234567 (11)" },
    { number: "0044xxxxxxxxxx", form: "+44… (12)" },
  ])("$number", ({ number, form }) => {
    expect(read(number)).toBe(form);
  });
});

describe("no number can be read from", () => {
  it.each([
    { number: "", form: "_none" },
    { number: "\t ()", form: "_none" },
    { number: "+", form: "_other" },
    { number: "1380013800", form: "_other" },
    { number: "10012345678", form: "_other" },
    { number: "4155550100", form: "_other" },
    { number: "123456789012345678", form: "_other" },
    { number: "1380013800o", form: "_other" },
    { number: "****", form: "_other" },
  ])("$number", ({ number, form }) => {
    expect(read(number)).toBe(form);
  });

  it("and nothing is left of the number before it", () => {
    formOf("13800138000");
    formOf("13800138000 or so");
    expect(digitAt(0)).toBeUndefined();
  });
});
