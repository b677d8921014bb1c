import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDateAndTime, parseTime, parseTimeBytes } from "../../src/receipts/times.ts";
import { viewOf } from "./support.ts";
import { momentIn, timeForms } from "./time-forms.ts";

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
    { name: "12 digits as a number", value: 190910160719, iso: "2019-09-10T16:07:19+08:00" },
    { name: "a number with an exponent", value: 1.4832e9, iso: "2016-12-31T16:00:00Z" },
    {
      name: "14 digits and a fraction, a number",
      value: 20231231123456.5,
      iso: "2023-12-31T12:34:56.500+08:00",
    },
    { name: "blanks around", value: " 2015-04-14 12:21:23\n", iso: "2015-04-14T12:21:23+08:00" },
    { name: "blanks around digits", value: "\t1483200000 ", iso: "2016-12-31T16:00:00Z" },
    { name: "full-width digits", value: "２０１５-04-14 12:21:23", iso: "2015-04-14T12:21:23+08:00" },
    { name: "full width", value: "２０１５／４／１４　１２：２１", iso: "2015-04-14T12:21:00+08:00" },
    { name: "full-width digits alone", value: "１４８３２０００００", iso: "2016-12-31T16:00:00Z" },
    { name: "RFC 2822", value: "Tue, 14 Apr 2015 12:21:23 +0800", iso: "2015-04-14T12:21:23+08:00" },
  ];
  it.each(rows)("$name", ({ value, iso }) => {
    expect(parseTime(value, china)).toBe(Date.parse(iso));
  });

  it("is that of the closest record, digits or number", () => {
    for (const value of ["1909101607", 1909101607, " 1909101607"]) {
      expect(parseTime(value, china, Date.UTC(2019, 8, 10))).toBe(Date.parse("2019-09-10T16:07:00+08:00"));
      expect(parseTime(value, china, Date.UTC(2030, 6, 1))).toBe(1_909_101_607_000);
    }
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
    { name: "the digits of another alphabet", value: "٢٠١٥-04-14 12:21:23" },
    { name: "digits only when cut to one byte", value: "\u0132015-04-14 12:21:23" },
    { name: "other separators of the month", value: "2015/04-14 12:21:23" },
    { name: "other separators of the day", value: "2015-04/14 12:21:23" },
    { name: "a zone beyond a day", value: "2015-01-01 00:00:00+24:00" },
    { name: "the zero of a language", value: "0001-01-01 00:00:00" },
    { name: "a date alone", value: "2015-04-14" },
    { name: "a time alone", value: "12:21:23" },
    { name: "a small number", value: 12 },
    { name: "not a number", value: Number.NaN },
    { name: "infinity", value: Number.POSITIVE_INFINITY },
    { name: "more than a time has", value: `2015-04-14 12:21:23.${"0".repeat(100)}` },
    { name: "nothing", value: "" },
    { name: "blanks", value: " \t" },
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
    { name: "no seconds", date: "2023-12-31", time: "12:34", ms: Date.parse("2023-12-31T12:34:00+08:00") },
    { name: "slashes", date: "2023/12/31", time: "12:34:56", ms: expected },
    {
      name: "a number just after midnight",
      ...{ date: 20231231, time: 1234, ms: Date.parse("2023-12-31T00:12:34+08:00") },
    },
    { name: "a number in the morning", date: 20231231, time: 93456, ms: expected - 3 * 3_600_000 },
    { name: "no date", date: undefined, time: "2023-12-31 12:34:56", ms: expected },
    { name: "a time that holds both", date: "2022-01-01", time: "2023-12-31 12:34:56", ms: expected },
    { name: "no time", date: "2023-12-31", time: undefined, ms: Number.NaN },
    { name: "a date of the wrong type", date: { toString: 1 }, time: "12:34:56", ms: Number.NaN },
  ];
  it.each(rows)("$name", ({ date, time, ms }) => {
    expect(parseDateAndTime(date, time, china)).toBe(ms);
  });

  it("where the time alone is digits that may be two", () => {
    const recordedAt = Date.UTC(2019, 8, 10);
    const ms = Date.parse("2019-09-10T16:07:00+08:00");
    expect(parseDateAndTime(undefined, "1909101607", china, recordedAt)).toBe(ms);
  });
});

describe("any moment reads back, whatever zone the clock on the wall is in, from", () => {
  it.each(timeForms)("$name", ({ write, precision }) => {
    fc.assert(
      fc.property(momentIn(2015, 2099), fc.integer({ min: -12, max: 12 }), (moment, hours) => {
        const ms = Math.floor(moment.ms / precision) * precision;
        const recordedAt = moment.ms + hours * 3_600_000;
        expect(parseTime(write(moment), moment.utcOffsetMinutes, recordedAt)).toBe(ms);
      }),
      { numRuns: 300 },
    );
  });
});

describe("any text", () => {
  const moments = momentIn(1971, 2099);
  const written = fc
    .tuple(moments, fc.constantFrom(...timeForms))
    .map(([moment, { write }]) => String(write(moment)));
  const almost = fc
    .tuple(written, fc.nat(), fc.constantFrom("", "\0", " ", ..."0129-+:./TZe,()[]"))
    .map(
      ([text, at, put]) => `${text.slice(0, at % text.length)}${put}${text.slice((at % text.length) + 1)}`,
    );
  const recorded = fc.option(fc.integer({ min: 0, max: Date.UTC(2100, 0) }), { nil: Number.NaN });

  it("of ASCII is read the same from bytes as from a string", () => {
    const ascii = fc.oneof(written, almost, fc.string({ unit: "grapheme-ascii" })).filter(isAscii);
    let read = 0;
    fc.assert(
      fc.property(ascii, recorded, (text, recordedAt) => {
        const bytes = Buffer.from(`"${text}"`);
        const start = bytes.byteOffset + 1;
        const ms = parseTimeBytes(viewOf(bytes), start, start + text.length, china, recordedAt);
        if (!Number.isNaN(ms)) read++;
        expect(ms).toBe(parseTime(text, china, recordedAt));
      }),
      { numRuns: 5_000 },
    );
    expect(read).toBeGreaterThan(1_500);
  });

  it("and any other value is a time since 1970 or none", () => {
    const values = fc.oneof(written, almost, fc.string({ unit: "binary" }), fc.double(), fc.jsonValue());
    fc.assert(
      fc.property(values, values, recorded, (date, value, recordedAt) => {
        for (const ms of [parseTime(value, 0, recordedAt), parseDateAndTime(date, value, 0, recordedAt)]) {
          // A zone of its own may be a day ahead.
          if (!Number.isNaN(ms)) expect(ms).toBeGreaterThan(-86_400_000);
        }
      }),
      { numRuns: 5_000 },
    );
  });
});

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}
