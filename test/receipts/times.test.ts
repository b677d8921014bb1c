import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { viewOf } from "../../src/receipts/bytes.ts";
import { parseDateAndTime, parseTime, parseTimeBytes } from "../../src/receipts/times.ts";

const china = 480;

describe("a time that there is", () => {
  const rows = [
    { name: "the common form", value: "2015-04-14 12:21:23", iso: "2015-04-14T12:21:23+08:00" },
    { name: "a leap day", value: "2016-02-29 23:59:59", iso: "2016-02-29T23:59:59+08:00" },
    { name: "a leap day of a century", value: "2000-02-29 00:00:00", iso: "2000-02-29T00:00:00+08:00" },
    { name: "T", value: "2015-04-14T12:21:23", iso: "2015-04-14T12:21:23+08:00" },
    { name: "Z", value: "2015-04-14T12:21:23Z", iso: "2015-04-14T12:21:23Z" },
    { name: "a fraction", value: "2015-04-14 12:21:23.4567", iso: "2015-04-14T12:21:23.456+08:00" },
    {
      name: "a fraction and a zone",
      value: "2015-04-14T12:21:23.5-03:30",
      iso: "2015-04-14T12:21:23.500-03:30",
    },
    { name: "a zone east", value: "2015-04-14 12:21:23 +0530", iso: "2015-04-14T12:21:23+05:30" },
    { name: "14 digits", value: "20231231123456", iso: "2023-12-31T12:34:56+08:00" },
    { name: "14 digits as a number", value: 20231231123456, iso: "2023-12-31T12:34:56+08:00" },
    { name: "epoch seconds", value: 1483200000, iso: "2016-12-31T16:00:00Z" },
    { name: "epoch seconds in a string", value: "1483200000", iso: "2016-12-31T16:00:00Z" },
    { name: "epoch seconds with a fraction", value: 1483200000.25, iso: "2016-12-31T16:00:00.250Z" },
    { name: "epoch milliseconds", value: 1483200000001, iso: "2016-12-31T16:00:00.001Z" },
    { name: "epoch milliseconds in a string", value: "1483200000001", iso: "2016-12-31T16:00:00.001Z" },
    { name: "blanks around", value: " 2015-04-14 12:21:23\n", iso: "2015-04-14T12:21:23+08:00" },
  ];
  it.each(rows)("$name", ({ value, iso }) => {
    expect(parseTime(value, china)).toBe(Date.parse(iso));
  });
});

describe("a time that there is not", () => {
  const rows = [
    { name: "month 13", value: "2015-13-01 00:00:00" },
    { name: "month 0", value: "0000-00-00 00:00:00" },
    { name: "day 0", value: "2015-01-00 00:00:00" },
    { name: "30 February", value: "2016-02-30 00:00:00" },
    { name: "29 February of a common year", value: "2015-02-29 00:00:00" },
    { name: "29 February of a common century", value: "2100-02-29 00:00:00" },
    { name: "31 April", value: "20150431000000" },
    { name: "hour 24", value: "2015-01-01 24:00:00" },
    { name: "minute 60", value: "2015-01-01 00:60:00" },
    { name: "second 60", value: "2015-01-01 00:00:60" },
    { name: "letters", value: "2015-0A-01 00:00:00" },
    { name: "signs", value: "2015-+1-01 00:00:00" },
    { name: "full-width digits", value: "２０１５-04-14 12:21:23" },
    { name: "digits only when cut to one byte", value: "\u0132015-04-14 12:21:23" },
    { name: "other separators of the month", value: "2015/04-14 12:21:23" },
    { name: "other separators of the day", value: "2015-04/14 12:21:23" },
    { name: "a zone beyond a day", value: "2015-01-01 00:00:00+24:00" },
    { name: "the zero of a language", value: "0001-01-01 00:00:00" },
    { name: "a date alone", value: "2015-04-14" },
    { name: "a time alone", value: "12:21:23" },
    { name: "a small number", value: 12 },
    { name: "nothing", value: "" },
    { name: "null", value: null },
    { name: "a boolean", value: true },
    { name: "an object", value: { toString: 1 } },
  ];
  it.each(rows)("$name", ({ value }) => {
    expect(parseTime(value, china)).toBeNaN();
  });
});

describe("a date and a time of day apart", () => {
  const expected = Date.parse("2023-12-31T12:34:56+08:00");
  const rows = [
    { name: "with separators", date: "2023-12-31", time: "12:34:56", ms: expected },
    { name: "digits", date: "20231231", time: "123456", ms: expected },
    { name: "numbers", date: 20231231, time: 123456, ms: expected },
    { name: "no date", date: undefined, time: "2023-12-31 12:34:56", ms: expected },
    { name: "a time that holds both", date: "2022-01-01", time: "2023-12-31 12:34:56", ms: expected },
    { name: "no time", date: "2023-12-31", time: undefined, ms: Number.NaN },
    { name: "a date of the wrong type", date: { toString: 1 }, time: "12:34:56", ms: Number.NaN },
  ];
  it.each(rows)("$name", ({ date, time, ms }) => {
    expect(parseDateAndTime(date, time, china)).toBe(ms);
  });
});

describe("any time", () => {
  const firstMs = Date.UTC(1970, 0, 1);
  const lastMs = Date.UTC(9999, 11, 31, 23, 59, 59);
  const seconds = fc.integer({ min: firstMs / 1000, max: lastMs / 1000 });

  it("is read as the calendar of the runtime has it", () => {
    fc.assert(
      fc.property(seconds, fc.integer({ min: -840, max: 840 }), (second, offset) => {
        const text = new Date(second * 1000).toISOString().slice(0, 19).replace("T", " ");
        const ms = second * 1000 - offset * 60_000;
        expect(parseTime(text, offset)).toBe(ms);
        expect(parseTime(text.replaceAll(/[-: ]/g, ""), offset)).toBe(ms);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is read by itself, whichever date was read before it", () => {
    const dates = ["2015-04-14", "2015-04-15", "2015-05-14", "2016-04-14", "2015-04-31", "x015-04-14"];
    for (const before of dates) {
      for (const date of dates) {
        parseTime(`${before} 00:00:00`, 0);
        expect(parseTime(`${date} 01:02:03`, 0)).toBe(
          Date.parse(date === "2015-04-31" ? "" : `${date}T01:02:03Z`),
        );
      }
    }
  });

  it("is read the same from bytes as from a string", () => {
    const almost = fc
      .tuple(seconds, fc.nat(18), fc.integer({ min: 0x20, max: 0x7e }))
      .map(([second, at, code]) => {
        const text = new Date(second * 1000).toISOString().slice(0, 19).replace("T", " ");
        return text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
      });
    fc.assert(
      fc.property(fc.oneof(almost, fc.string({ unit: "grapheme-ascii" })), (text) => {
        const bytes = Buffer.from(`"${text}"`);
        const start = bytes.byteOffset + 1;
        expect(parseTimeBytes(viewOf(bytes), start, start + text.length, china)).toBe(parseTime(text, china));
      }),
      { numRuns: 5_000 },
    );
  });
});
