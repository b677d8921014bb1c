import { expect, it } from "vitest";
import { segmentSums, segmentTable } from "../../../src/replay/report/segment-table.ts";

const failed = { category: "blacklist", outcome: "failed" } as const;
const delivered = { category: "delivered", outcome: "delivered" } as const;

it("segments are summed by category and outcome, the most first, with the receipts that do not say theirs", () => {
  const sums = segmentSums([
    { ...delivered, state: undefined, count: 10 },
    { ...failed, state: undefined, count: 20 },
    { ...failed, state: undefined, count: 10 },
    { ...delivered, state: "counted", count: 9 },
    { ...failed, state: "counted", count: 5 },
    { ...failed, state: "not_said", count: 2 },
    { ...failed, state: "out_of_range", count: 1 },
  ]);
  expect(sums).toEqual([
    { ...failed, segments: 30, receipts: { counted: 5, not_said: 2, out_of_range: 1 } },
    { ...delivered, segments: 10, receipts: { counted: 9 } },
  ]);
  expect(segmentTable(sums)).toEqual([
    ["CATEGORY", "OUTCOME", "SEGMENTS", "SHARE", "RECEIPTS", "WITHOUT A NUMBER"],
    ["blacklist", "failed", 30, "75.0 %", 5, 3],
    ["delivered", "delivered", 10, "25.0 %", 9, 0],
  ]);
});
