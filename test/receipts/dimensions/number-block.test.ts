import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { numberBlock, numberCountry } from "../../../src/receipts/dimensions/number-block.ts";
import { blockDigits, chineseBlocks } from "../../../src/receipts/dimensions/number-plan.ts";

describe("the block of a number", () => {
  it.each([
    { number: "13800138000", block: "mobile" },
    { number: "13480013800", block: "mobile" },
    { number: "14700138000", block: "mobile" },
    { number: "13000138000", block: "unicom" },
    { number: "14600138000", block: "unicom" },
    { number: "19600138000", block: "unicom" },
    { number: "13300138000", block: "telecom" },
    { number: "14900138000", block: "telecom" },
    { number: "19200138000", block: "broadnet" },
    { number: "16100138000", block: "broadnet" },
    { number: "17030138000", block: "mobile_virtual" },
    { number: "16500138000", block: "mobile_virtual" },
    { number: "17040138000", block: "unicom_virtual" },
    { number: "16700138000", block: "unicom_virtual" },
    { number: "17100138000", block: "unicom_virtual" },
    { number: "17000138000", block: "telecom_virtual" },
    { number: "16200138000", block: "telecom_virtual" },
    { number: "13490138000", block: "satellite" },
    { number: "17400138000", block: "satellite" },
    { number: "17490138000", block: "satellite" },
    { number: "16190138000", block: "satellite" },
    { number: "1064801380000", block: "iot" },
    { number: "1440001380000", block: "iot" },
    { number: "1460001380000", block: "iot" },
    { number: "01064801380", block: "fixed" },
    { number: "057100138000", block: "fixed" },
    { number: "07551380000", block: "fixed" },
    { number: "4000138000", block: "fixed" },
    { number: "8000138000", block: "fixed" },
    { number: "15400138000", block: "_other" },
    { number: "19400138000", block: "_other" },
    { number: "17419138000", block: "_other" },
    { number: "14400138000", block: "_other" },
  ])("$number: $block", ({ number, block }) => {
    expect(numberBlock(number)).toBe(block);
    expect(numberCountry(number)).toBe("+86");
  });

  it.each([
    "13800138000",
    "8613800138000",
    "+8613800138000",
    "008613800138000",
    "0086-138-0013-8000",
    "+86 (138) 0013.8000",
    " 138 0013 8000\n",
    "（86）138－0013－8000",
    "＋８６１３８００１３８０００",
    "013800138000",
    "+86 0 138 0013 8000",
    "tel:+8613800138000",
    "138****8000",
    "1380013****",
    "138＊＊＊＊8000",
    "138xxxx8000",
    "138***",
    "+86138****8000",
    "86138********",
  ])("however it is written: %j", (number) => {
    expect([numberBlock(number), numberCountry(number)]).toEqual(["mobile", "+86"]);
  });

  it.each([
    { number: "+447700900000", code: "+44" },
    { number: "00447700900000", code: "+44" },
    { number: "447700900000", code: "+44" },
    { number: "+85261234567", code: "+852" },
    { number: "85261234567", code: "+852" },
    { number: "+1 (415) 555-0100", code: "+1" },
    { number: "12025550100", code: "+1" },
    { number: "+7 701 000 0000", code: "+7" },
    { number: "tel:+22500000000", code: "+225" },
    { number: "+4477****", code: "+44" },
  ])("abroad the calling code: $number", ({ number, code }) => {
    expect([numberBlock(number), numberCountry(number)]).toEqual([code, code]);
  });

  it.each([
    { what: "nothing", number: "", is: "_none" },
    { what: "blanks", number: " - ", is: "_none" },
    { what: "words", number: "unknown", is: "_other" },
    { what: "a time in ms", number: "1767225600000", is: "_other" },
    { what: "a message id", number: "706715193751989145", is: "_other" },
    { what: "a local number", number: "61234567", is: "_other" },
    { what: "a number without its country", number: "4155550100", is: "_other" },
    { what: "a short number", number: "10086", is: "_other" },
    { what: "too few digits", number: "+86138", is: "_other" },
    { what: "a code that no country has", number: "+9990000000", is: "_other" },
    { what: "digits of which none is to be seen", number: "*******8000", is: "_other" },
    { what: "two numbers", number: "13800138000,13800138001", is: "_other" },
    { what: "a plus behind a digit", number: "86+13800138000", is: "_other" },
    { what: "two of them", number: "++8613800138000", is: "_other" },
    { what: "a very long text", number: " ".repeat(1000), is: "_other" },
  ])("$what is $is", ({ number, is }) => {
    expect([numberBlock(number), numberCountry(number)]).toEqual([is, is]);
  });

  it("needs the digits that tell the blocks apart", () => {
    expect(numberBlock("134****8000")).toBe("_other");
    expect(numberBlock("1348***8000")).toBe("mobile");
    expect(numberBlock("1349***8000")).toBe("satellite");
    expect(numberCountry("134****8000")).toBe("+86");
    expect(numberBlock("170****8000")).toBe("_other");
  });
});

const digit = fc.integer({ min: 0, max: 9 });
const digits = (count: number) =>
  fc.array(digit, { minLength: count, maxLength: count }).map((all) => all.join(""));

it(`the first ${blockDigits} of as many digits behind +86 tell the block`, () => {
  const tails = fc.integer({ min: 2, max: 6 }).chain((count) => fc.tuple(digits(count), digits(count)));
  fc.assert(
    fc.property(fc.constantFrom("+86", "0086"), digits(blockDigits), tails, (country, head, [one, other]) => {
      expect(numberBlock(`${country}${head}${one}`)).toBe(numberBlock(`${country}${head}${other}`));
    }),
    { numRuns: 5000 },
  );
});

it("whatever is given, one of the labels comes back, and nothing else of it", () => {
  const written = fc.tuple(
    fc.constantFrom("", "+", "00", "86", "+86", "0", "tel:"),
    fc.integer({ min: 0, max: 16 }).chain(digits),
    fc.constantFrom("", "****", "-", " ", "x", "８"),
    fc.integer({ min: 0, max: 8 }).chain(digits),
  );
  const labels = new Set([...chineseBlocks, "_none", "_other"]);
  fc.assert(
    fc.property(
      fc.oneof(
        written.map((parts) => parts.join("")),
        fc.string({ unit: "binary" }),
      ),
      (number) => {
        const [block, country] = [numberBlock(number), numberCountry(number)];
        expect(labels.has(block) || /^\+\d{1,3}$/.test(block)).toBe(true);
        expect(country).toMatch(/^(?:\+\d{1,3}|_none|_other)$/);
      },
    ),
    { numRuns: 20_000 },
  );
});
