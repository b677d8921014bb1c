import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { type Frame, renderLine, renderTable } from "../../src/demo/table.ts";

const frame: Frame = {
  seconds: 12,
  receipts: 4800,
  malformed: 3,
  lag: 40,
  categories: [
    { name: "blacklist", total: 50, perMinute: 249.6 },
    { name: "busy", total: 0, perMinute: 0 },
    { name: "delivered", total: 4700, perMinute: 23_500 },
    { name: "power_off", total: 50, perMinute: 250 },
  ],
};

describe("renderTable", () => {
  it("shows the categories that occurred, the most frequent first", () => {
    expect(renderTable(frame, 24).map(stripVTControlCharacters)).toEqual([
      "   12 s      4,800 receipts       40 records behind",
      "category                       total    per minute",
      "delivered                      4,700        23,500",
      "blacklist                         50           250",
      "power_off                         50           250",
      "malformed records                  3",
    ]);
  });

  it("leaves out the rarest when the terminal is low, and says so", () => {
    const lines = renderTable(frame, 4);
    expect(lines.length).toBeLessThanOrEqual(4);
    expect(lines.at(-1)).toContain("and 2 more categories");
  });
});

describe("renderLine", () => {
  it("says the same in one line", () => {
    expect(renderLine(frame)).toBe(
      "12 s, 4,800 receipts: delivered 4,700 (23,500/min), blacklist 50 (250/min), power_off 50 (250/min), malformed 3",
    );
  });
});
