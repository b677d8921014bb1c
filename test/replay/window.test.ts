import { describe, expect, it } from "vitest";
import { countedAt, parseDuration, parseMoment } from "../../src/replay/window.ts";

const china = 480;
const now = Date.parse("2026-11-24T12:00:00.500Z");

describe("a duration", () => {
  const rows = [
    { name: "seconds", text: "90s", ms: 90_000 },
    { name: "a minute", text: "1m", ms: 60_000 },
    { name: "hours", text: "6h", ms: 21_600_000 },
    { name: "days", text: "30d", ms: 2_592_000_000 },
    { name: "nothing", text: "0s", ms: 0 },
  ];
  it.each(rows)("$name", ({ text, ms }) => {
    expect(parseDuration(text)).toBe(ms);
  });
});

describe("no duration", () => {
  const rows = [
    { name: "nothing", text: "" },
    { name: "a number alone", text: "60" },
    { name: "a unit alone", text: "m" },
    { name: "weeks", text: "1w" },
    { name: "a capital", text: "1H" },
    { name: "a fraction", text: "1.5h" },
    { name: "a sign", text: "-1h" },
    { name: "two parts", text: "1h30m" },
    { name: "a blank", text: "1 h" },
    { name: "too many digits", text: "1000000s" },
    { name: "a name of an object", text: "1constructor" },
    { name: "a line after it", text: "1h\n" },
  ];
  it.each(rows)("$name", ({ text }) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe("a moment", () => {
  const rows = [
    { name: "now", text: "now", iso: "2026-11-24T12:00:00.500Z" },
    { name: "hours ago", text: "-3h", iso: "2026-11-24T09:00:00.500Z" },
    { name: "days ago", text: "-30d", iso: "2026-10-25T12:00:00.500Z" },
    { name: "a local date", text: "2026-10-01", iso: "2026-09-30T16:00:00Z" },
    { name: "a local time to the minute", text: "2026-10-01T08:30", iso: "2026-10-01T00:30:00Z" },
    { name: "a local time with a blank", text: "2026-10-01 08:30:15", iso: "2026-10-01T00:30:15Z" },
    { name: "UTC", text: "2026-10-01T08:30:15Z", iso: "2026-10-01T08:30:15Z" },
    { name: "a zone east", text: "2026-10-01T08:30:15+08:00", iso: "2026-10-01T00:30:15Z" },
    { name: "a zone west", text: "2026-10-01T20:30:15-03:30", iso: "2026-10-02T00:00:15Z" },
    { name: "a zone without seconds", text: "2026-10-01T08:30+08:00", iso: "2026-10-01T00:30:00Z" },
    { name: "a leap day", text: "2024-02-29", iso: "2024-02-28T16:00:00Z" },
    { name: "the last second of a day", text: "2026-12-31T23:59:59", iso: "2026-12-31T15:59:59Z" },
  ];
  it.each(rows)("$name", ({ text, iso }) => {
    expect(parseMoment(text, now, china)).toBe(Date.parse(iso));
  });

  it("without a zone is meant at the offset", () => {
    expect(parseMoment("2026-10-01", now, 0)).toBe(Date.parse("2026-10-01T00:00:00Z"));
    expect(parseMoment("2026-10-01", now, -210)).toBe(Date.parse("2026-10-01T00:00:00-03:30"));
  });
});

describe("no moment", () => {
  const rows = [
    { name: "nothing", text: "" },
    { name: "a word", text: "yesterday" },
    { name: "a capital", text: "Now" },
    { name: "a minus alone", text: "-" },
    { name: "minus what is no duration", text: "-3w" },
    { name: "the future", text: "+3h" },
    { name: "a duration without a minus", text: "3h" },
    { name: "a year alone", text: "2026" },
    { name: "a month alone", text: "2026-10" },
    { name: "one digit", text: "2026-10-1" },
    { name: "month 13", text: "2026-13-01" },
    { name: "month 0", text: "2026-00-01" },
    { name: "day 0", text: "2026-10-00" },
    { name: "30 February", text: "2026-02-30" },
    { name: "29 February of a common year", text: "2026-02-29" },
    { name: "31 April", text: "2026-04-31T12:00" },
    { name: "hour 24", text: "2026-10-01T24:00" },
    { name: "hour 25", text: "2026-10-01T25:00" },
    { name: "minute 60", text: "2026-10-01T10:60" },
    { name: "second 60", text: "2026-10-01T10:00:60" },
    { name: "an hour alone", text: "2026-10-01T10" },
    { name: "a date with a zone", text: "2026-10-01+08:00" },
    { name: "a zone without minutes", text: "2026-10-01T10:00+08" },
    { name: "a zone of a day and more", text: "2026-10-01T10:00+24:00" },
    { name: "a zone with 60 minutes", text: "2026-10-01T10:00+08:60" },
    { name: "epoch seconds", text: "1790812800" },
    { name: "blanks around", text: " 2026-10-01 " },
    { name: "a line after it", text: "2026-10-01\n" },
  ];
  it.each(rows)("$name", ({ text }) => {
    expect(parseMoment(text, now, china)).toBeUndefined();
  });
});

it("a receipt counts at its own time, or at its record's where it has none or this is asked for", () => {
  expect(countedAt(1, 2, "event")).toBe(1);
  expect(countedAt(Number.NaN, 2, "event")).toBe(2);
  expect(countedAt(1, 2, "record")).toBe(2);
});
