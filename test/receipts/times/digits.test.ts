import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { parseDigits } from "../../../src/receipts/times/digits.ts";

const china = 480;
const day = 86_400_000;

afterEach(() => {
  vi.useRealTimers();
});

function read(text: string, recorded: string): number {
  return parseDigits(text, china, Date.parse(recorded));
}

describe("digits that may be two times are the one closest to the record", () => {
  const rows = [
    { digits: "1909101607", recorded: "2019-09-10T08:08:00Z", iso: "2019-09-10T16:07:00+08:00" },
    { digits: "1909101607", recorded: "2030-07-01T00:00:00Z", iso: "2030-07-01T02:00:07Z" },
    { digits: "1911230919", recorded: "2019-11-24T00:00:00Z", iso: "2019-11-23T09:19:00+08:00" },
    { digits: "1911230919", recorded: "2026-11-26T00:00:00Z", iso: "2019-11-23T09:19:00+08:00" },
    { digits: "1911230919", recorded: "1970-01-01T00:00:00Z", iso: "2019-11-23T09:19:00+08:00" },
    { digits: "2611252030", recorded: "2026-11-25T12:31:00Z", iso: "2026-11-25T20:30:00+08:00" },
    { digits: "1701010000", recorded: "2017-01-01T00:00:00Z", iso: "2017-01-01T00:00:00+08:00" },
    { digits: "1701010000", recorded: "2023-11-26T00:00:00Z", iso: "2023-11-26T14:46:40Z" },
    { digits: "201211100954", recorded: "2020-12-12T00:00:00Z", iso: "2020-12-11T10:09:54+08:00" },
    { digits: "201211100954", recorded: "2012-11-10T00:00:00Z", iso: "2012-11-10T09:54:00+08:00" },
  ];
  it.each(rows)("$digits at $recorded", ({ digits, recorded, iso }) => {
    expect(read(digits, recorded)).toBe(Date.parse(iso));
  });

  it("whose time is now where it has none", () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2019-09-11T00:00:00Z") });
    expect(parseDigits("1909101607", china, Number.NaN)).toBe(Date.parse("2019-09-10T16:07:00+08:00"));
    vi.setSystemTime(Date.parse("2030-07-02T00:00:00Z"));
    expect(parseDigits("1909101607", china, Number.NaN)).toBe(1_909_101_607_000);
  });

  // In August 2014 the two readings of 10 digits meet.
  it("and flip in the very middle, which is that of the first reading", () => {
    const pairs = [
      { digits: "1408142030", second: "2014-08-14T20:30:00+08:00" },
      { digits: "1408170000", second: "2014-08-17T00:00:00+08:00" },
    ];
    for (const { digits, second: iso } of pairs) {
      const first = Number(digits) * 1000;
      const second = Date.parse(iso);
      const middle = (first + second) / 2;
      const step = Math.sign(second - first);
      expect(Math.abs(second - first)).toBeLessThan(2 * day);
      expect(parseDigits(digits, china, middle - step)).toBe(first);
      expect(parseDigits(digits, china, middle)).toBe(first);
      expect(parseDigits(digits, china, middle + step)).toBe(second);
    }
  });

  it("but where the later one is more than a day ahead of the record", () => {
    const pairs = [
      { digits: "1909101607", earlier: Date.parse("2019-09-10T16:07:00+08:00"), later: 1_909_101_607_000 },
      { digits: "1301010000", earlier: 1_301_010_000_000, later: Date.parse("2013-01-01T00:00:00+08:00") },
      {
        digits: "201211100954",
        earlier: Date.parse("2012-11-10T09:54:00+08:00"),
        later: Date.parse("2020-12-11T10:09:54+08:00"),
      },
    ];
    for (const { digits, earlier, later } of pairs) {
      expect(parseDigits(digits, china, later - day - 1)).toBe(earlier);
      expect(parseDigits(digits, china, later - day)).toBe(later);
      expect(parseDigits(digits, china, earlier - day - 1)).toBe(earlier);
    }
  });
});

describe("digits that are one time are that, whenever the record is of", () => {
  const rows = [
    { name: "epoch seconds, of month 83", digits: "1483200000", iso: "2016-12-31T16:00:00Z" },
    { name: "epoch seconds, of 30 February", digits: "1602301200", iso: "2020-10-10T03:40:00Z" },
    { name: "epoch seconds, of hour 24", digits: "1602012400", iso: "2020-10-06T19:26:40Z" },
    { name: "epoch seconds, of 29 February 2015", digits: "1502291200", iso: "2017-08-09T15:06:40Z" },
    { name: "12 digits of this century", digits: "090515185745", iso: "2009-05-15T18:57:45+08:00" },
    { name: "12 digits of month 15 or none", digits: "201510300954", iso: "2015-10-30T09:54:00+08:00" },
    { name: "a leap day of 12 digits", digits: "160229235959", iso: "2016-02-29T23:59:59+08:00" },
    { name: "13 digits", digits: "1483200000001", iso: "2016-12-31T16:00:00.001Z" },
    { name: "14 digits", digits: "20231231123456", iso: "2023-12-31T12:34:56+08:00" },
    { name: "16 digits", digits: "1483200000001999", iso: "2016-12-31T16:00:00.001Z" },
    { name: "17 digits", digits: "20231231123456789", iso: "2023-12-31T12:34:56.789+08:00" },
    { name: "19 digits", digits: "1483200000001999999", iso: "2016-12-31T16:00:00.001Z" },
    { name: "seconds and a fraction", digits: "1483200000.25", iso: "2016-12-31T16:00:00.250Z" },
    { name: "date-like seconds and a fraction", digits: "1909101607.5", iso: "2030-07-01T02:00:07.500Z" },
    { name: "milliseconds and a fraction", digits: "1483200000001.4", iso: "2016-12-31T16:00:00.001Z" },
    { name: "an exponent", digits: "1.4832E9", iso: "2016-12-31T16:00:00Z" },
    { name: "an exponent with a sign", digits: "1.483200000001e+12", iso: "2016-12-31T16:00:00.001Z" },
    { name: "a date with an exponent", digits: "2.0231231123456E13", iso: "2023-12-31T12:34:56+08:00" },
  ];
  it.each(rows)("$name", ({ digits, iso }) => {
    for (const recorded of ["2009-01-01", "2023-12-31", "2099-01-01"]) {
      expect(read(digits, recorded)).toBe(Date.parse(iso));
    }
  });

  it("a column of floats is read as one of whole numbers", () => {
    for (const digits of ["2611252030", "201211100954", "20231231123456"]) {
      expect(read(`${digits}.0`, "2026-11-25")).toBe(read(digits, "2026-11-25"));
      expect(read(Number(digits).toExponential(), "2026-11-25")).toBe(read(digits, "2026-11-25"));
    }
  });
});

describe("digits that are no time", () => {
  const rows = [
    { name: "a date alone", digits: "20231231" },
    { name: "9 digits", digits: "483200000" },
    { name: "11 digits", digits: "13900000000" },
    { name: "15 digits", digits: "202312311234567" },
    { name: "18 digits", digits: "706715193751989145" },
    { name: "20 digits", digits: "14832000000019999990" },
    { name: "12 digits of no month", digits: "131313131313" },
    { name: "14 digits of 31 April", digits: "20150431000000" },
    { name: "14 digits before 1970", digits: "19691231235959" },
    { name: "10 zeros", digits: "0000000000" },
    { name: "13 zeros", digits: "0000000000000" },
    { name: "a sign", digits: "-1483200000" },
    { name: "a point alone", digits: "1483200000." },
    { name: "two points", digits: "1483200000.1.1" },
    { name: "an exponent beyond all times", digits: "1e99" },
    { name: "a negative exponent", digits: "1483200000e-1" },
    { name: "another alphabet's digits", digits: "١٤٨٣٢٠٠٠٠٠" },
  ];
  it.each(rows)("$name", ({ digits }) => {
    expect(read(digits, "2016-12-31")).toBeNaN();
  });
});

/** The moment that Date finds, where it finds the same digits there: what a reading has to say. */
function dated(year: string, rest: string): number {
  const at = (from: number) => rest.slice(from, from + 2).padEnd(2, "0");
  const iso = `${year}-${at(0)}-${at(2)}T${at(4)}:${at(6)}:${at(8)}.000`;
  const ms = Date.parse(`${iso}Z`);
  const same = !Number.isNaN(ms) && new Date(ms).toISOString() === `${iso}Z`;
  return same && ms >= 0 ? ms - china * 60_000 : Number.NaN;
}

const sizes = [10, 12, 14] as const;

it("any digits are the closest of the times that Date finds in them, of those that are no future", () => {
  const pair = (most: number) =>
    fc.integer({ min: 0, max: most }).map((part) => String(part).padStart(2, "0"));
  const digits = fc
    .tuple(fc.constantFrom("", "19", "20"), pair(99), pair(13), pair(32), pair(24), pair(60), pair(60))
    .chain(([century, ...parts]) =>
      fc.constantFrom(...sizes).map((size) => (century + parts.join("")).slice(0, size)),
    )
    .filter((text) => sizes.some((size) => size === text.length));
  const counts = { 10: 0, 12: 0, 14: 0, none: 0, both: 0 };
  fc.assert(
    fc.property(digits, fc.integer({ min: 0, max: Date.UTC(2105, 0) }), (text, recordedAt) => {
      const moments = {
        10: () => [Number(text) * 1000, dated(`20${text.slice(0, 2)}`, text.slice(2))],
        12: () => [dated(`20${text.slice(0, 2)}`, text.slice(2)), dated(text.slice(0, 4), text.slice(4))],
        14: () => [dated(text.slice(0, 4), text.slice(4))],
      };
      const size = sizes.find((length) => length === text.length) ?? 10;
      const found = moments[size]().filter((ms) => !Number.isNaN(ms) && ms !== 0);
      counts[size]++;
      if (found.length === 0) counts.none++;
      if (found.length === 2) counts.both++;
      const past = found.filter((ms) => ms <= recordedAt + day);
      const meant = past.length > 0 ? past : found;
      const least = Math.min(...meant.map((ms) => Math.abs(ms - recordedAt)));
      const expected = meant.find((ms) => Math.abs(ms - recordedAt) === least) ?? Number.NaN;
      expect(parseDigits(text, china, recordedAt)).toBe(expected);
    }),
    { numRuns: 20_000 },
  );
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(500);
});
