import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { momentOf, parseCommon } from "../../../src/receipts/times/wall-clock.ts";

const seconds = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31, 23, 59, 59) / 1000 });

describe("the common form", () => {
  it("is read as the calendar of the runtime has it, with a blank or a T", () => {
    fc.assert(
      fc.property(seconds, fc.integer({ min: -840, max: 840 }), (second, offset) => {
        const text = new Date(second * 1000).toISOString().slice(0, 19);
        const ms = second * 1000 - offset * 60_000;
        expect(parseCommon(text, offset)).toBe(ms);
        expect(parseCommon(text.replace("T", " "), offset)).toBe(ms);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is read by itself, whichever date was read before it", () => {
    const dates = ["2015-04-14", "2015-04-15", "2015-05-14", "2016-04-14", "2015-04-31", "x015-04-14"];
    for (const before of dates) {
      for (const date of dates) {
        parseCommon(`${before} 00:00:00`, 0);
        expect(parseCommon(`${date} 01:02:03`, 0)).toBe(
          Date.parse(date === "2015-04-31" ? "" : `${date}T01:02:03Z`),
        );
      }
    }
  });
});

it("a calendar's date and a clock's time are a moment where Date finds the same ones there", () => {
  const part = (most: number) => fc.integer({ min: -1, max: most });
  const shown = fc.record({
    ...{ year: fc.integer({ min: 1968, max: 2105 }), month: part(14), day: part(33) },
    ...{ hour: part(25), minute: part(61), second: part(61) },
  });
  let there = 0;
  fc.assert(
    fc.property(shown, fc.integer({ min: -840, max: 840 }), (wall, offset) => {
      const { year, month, day, hour, minute, second } = wall;
      const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
      const same =
        year >= 1970 &&
        date.getUTCMonth() === month - 1 &&
        date.getUTCDate() === day &&
        date.getUTCHours() === hour &&
        date.getUTCMinutes() === minute &&
        date.getUTCSeconds() === second;
      if (same) there++;
      expect(momentOf(wall, offset)).toBe(same ? date.getTime() - offset * 60_000 : Number.NaN);
    }),
    { numRuns: 10_000 },
  );
  expect(there).toBeGreaterThan(3_000);
});
