import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  blockDigits,
  decidesBlock,
  loadNumberPlan,
  parseNumberPlan,
} from "../../../src/receipts/dimensions/number-plan.ts";

const header = "prefix,digits,block,source,date";
const shipped = readFileSync("config/number-blocks.csv", "utf8");

function wrongIn(...rows: readonly string[]): string {
  try {
    parseNumberPlan([header, ...rows].join("\n"), "plan.csv");
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

it("is read once", () => {
  expect(loadNumberPlan()).toBe(loadNumberPlan());
});

it.each([
  { prefix: "+86138", decides: true },
  { prefix: "+861", decides: false },
  { prefix: "+861740", decides: false },
  { prefix: "+8617400", decides: true },
  { prefix: "+861009", decides: true },
])("$prefix alone decides the block: $decides", ({ prefix, decides }) => {
  expect(decidesBlock(loadNumberPlan(), prefix)).toBe(decides);
});

it("names a source that its head explains in each row", () => {
  const explained = [...shipped.matchAll(/^# (\w+) {2,}\S/gm)].map(([, name]) => name);
  const named = shipped.split("\n").flatMap((line) => /^\+.*,(\w+),[\d-]+$/.exec(line)?.[1] ?? []);
  expect(named.length).toBeGreaterThan(300);
  expect(explained).toEqual(expect.arrayContaining([...new Set(named)]));
});

it("may be saved by an editor of another system", () => {
  const saved = `\uFEFF# mine\r\n${header}\r\n\r\n+86138, 11 ,mobile,me,2026-11-26\r\n`;
  expect(() => parseNumberPlan(saved, "plan.csv")).not.toThrow();
});

describe("what is wrong with a row is said with its place, and what to do", () => {
  it.each([
    { row: "+86138,11,mobile", says: `plan.csv:2: has 3 cells, not 5. Write \`${header}\`.` },
    {
      row: "138,11,mobile,me,2026-11-26",
      says: "plan.csv:2: has a prefix that is none. Write + and digits, such as +86138.",
    },
    {
      row: "+8613800138,11,mobile,me,2026-11-26",
      says: `plan.csv:2: has a prefix that is too long. China's have up to ${blockDigits} digits behind +86, others are calling codes.`,
    },
    {
      row: "+86138,11,movile,me,2026-11-26",
      says:
        "plan.csv:2: has a block that is not known. Take one of mobile, unicom, telecom, broadnet, " +
        "mobile_virtual, unicom_virtual, telecom_virtual, satellite, iot, fixed.",
    },
    {
      row: "+44,,uk,me,2026-11-26",
      says: "plan.csv:2: must have the calling code itself as its block.",
    },
    {
      row: "+86138,eleven,mobile,me,2026-11-26",
      says:
        "plan.csv:2: has a count of digits that is none. Write 5 to 13 behind +86, such as `11` or `10 11`; " +
        "nothing for others.",
    },
    {
      row: "+44,11,+44,me,2026-11-26",
      says:
        "plan.csv:2: has a count of digits that is none. Write 5 to 13 behind +86, such as `11` or `10 11`; " +
        "nothing for others.",
    },
    {
      row: "+86138,11,mobile,me,yesterday",
      says: "plan.csv:2: lacks its source or its date. Name one of the sources above, and a day such as 2026-11-06.",
    },
  ])("$row", ({ row, says }) => {
    expect(wrongIn(row)).toBe(says);
  });

  it("in all rows at once", () => {
    const row = "+86138,11,mobile,me,2026-11-26";
    expect(wrongIn(row, "# again", row, "138").split("\n")).toEqual([
      "plan.csv:4: is there twice. Keep one of the two rows.",
      `plan.csv:5: has 1 cells, not 5. Write \`${header}\`.`,
    ]);
  });

  it("in a file of nothing, or without its head", () => {
    expect(() => parseNumberPlan("# all of it\n", "plan.csv")).toThrow(
      `plan.csv: has no row. Begin with the line \`${header}\`.`,
    );
    expect(() => parseNumberPlan("+44,,+44,me,2026-11-26", "plan.csv")).toThrow(
      `plan.csv:1: must be the names of the columns. Write \`${header}\`.`,
    );
  });
});
