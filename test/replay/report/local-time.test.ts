import { describe, expect, it } from "vitest";
import {
  localMinute,
  localTime,
  type Period,
  periodStart,
  periodsBetween,
  zoneText,
} from "../../../src/replay/report/local-time.ts";

describe("the start of a local hour or day", () => {
  const rows: { name: string; at: string; period: Period; offset: number; start: string }[] = [
    {
      name: "a day that UTC has not begun",
      at: "2026-10-03T00:30:00+08:00",
      period: "day",
      offset: 480,
      start: "2026-10-03T00:00:00+08:00",
    },
    {
      name: "the last moment of a day",
      at: "2026-10-02T15:59:59.999Z",
      period: "day",
      offset: 480,
      start: "2026-10-02T00:00:00+08:00",
    },
    {
      name: "the first moment of a day",
      at: "2026-10-02T16:00:00Z",
      period: "day",
      offset: 480,
      start: "2026-10-03T00:00:00+08:00",
    },
    {
      name: "a day west of UTC",
      at: "2026-10-03T01:00:00Z",
      period: "day",
      offset: -210,
      start: "2026-10-02T00:00:00-03:30",
    },
    {
      name: "an hour in a zone of half hours",
      at: "2026-10-03T10:29:00+05:30",
      period: "hour",
      offset: 330,
      start: "2026-10-03T10:00:00+05:30",
    },
    {
      name: "before 1970",
      at: "1969-12-31T23:30:00Z",
      period: "hour",
      offset: 0,
      start: "1969-12-31T23:00:00Z",
    },
  ];
  it.each(rows)("$name", ({ at, period, offset, start }) => {
    expect(periodStart(Date.parse(at), period, offset)).toBe(Date.parse(start));
  });
});

describe("the hours or days of a window", () => {
  const rows: { name: string; from: string; to: string; period: Period; starts: string[] }[] = [
    {
      name: "whole ones, without the one that begins where it ends",
      from: "2026-10-01T00:00",
      to: "2026-10-03T00:00",
      period: "day",
      starts: ["2026-10-01 00:00", "2026-10-02 00:00"],
    },
    {
      name: "cut ones at both ends",
      from: "2026-10-01T22:30",
      to: "2026-10-02T00:01",
      period: "hour",
      starts: ["2026-10-01 22:00", "2026-10-01 23:00", "2026-10-02 00:00"],
    },
  ];
  it.each(rows)("$name", ({ from, to, period, starts }) => {
    const [first, last] = [from, to].map((time) => Date.parse(`${time}:00+08:00`));
    const own = periodsBetween(first ?? 0, last ?? 0, period, 480);
    expect(own.map((start) => localMinute(start, 480))).toEqual(starts);
  });
});

describe("a time with its zone", () => {
  const at = Date.parse("2026-10-03T00:00:00Z");
  const rows = [
    { name: "China", offset: 480, text: "2026-10-03T08:00:00+08:00" },
    { name: "UTC", offset: 0, text: "2026-10-03T00:00:00+00:00" },
    { name: "west, a half hour", offset: -210, text: "2026-10-02T20:30:00-03:30" },
  ];
  it.each(rows)("$name", ({ offset, text }) => {
    expect(localTime(at, offset)).toBe(text);
    expect(Date.parse(text)).toBe(at);
    expect(text.endsWith(zoneText(offset))).toBe(true);
  });
});
