import { describe, expect, it } from "vitest";
import { Moves, movesText } from "../../src/replay/compare.ts";
import { renderReport } from "../../src/replay/report/render.ts";
import { countsOf, labelsOf } from "./sinks/history.ts";

const unknown = { category: "unknown" };
const emptyNumber = { category: "empty_number" };
const delivered = labelsOf("DELIVRD", { category: "delivered", outcome: "delivered" });
/** 2026-10-03, in days since 1970-01-01. */
const third = 20_729;

/** Some that move and some that stay, not in order. */
function someMoves(): Moves {
  const moves = new Moves();
  moves.add(labelsOf("MK:0010", unknown), labelsOf("MK:0010", emptyNumber), third + 1, 3);
  moves.add(labelsOf("MK:0010", unknown), labelsOf("MK:0010", emptyNumber), third, 2);
  moves.add(labelsOf("MK:0010", unknown), labelsOf("MK:0010", emptyNumber), third, 5);
  moves.add(labelsOf("mk:0010", unknown), labelsOf("MK:0010", emptyNumber), third, 1);
  moves.add(labelsOf("200", unknown), { ...delivered, code: "200" }, third, 9);
  moves.add(delivered, delivered, third, 80);
  return moves;
}

describe("what moves", () => {
  it("as a table", () => {
    expect(movesText(someMoves())).toBe(`\
20 of 100 receipts would move (20.0 %).

FROM              TO                     COUNT
unknown (failed)  empty_number (failed)     11
unknown (failed)  delivered                  9

PROVIDER  SCOPE        CODE               FROM              TO                     COUNT
aliyun    sms_receipt  MK:0010            unknown (failed)  empty_number (failed)     10
aliyun    sms_receipt  200                unknown (failed)  delivered                  9
aliyun    sms_receipt  mk:0010 → MK:0010  unknown (failed)  empty_number (failed)      1

DAY         FROM              TO                     COUNT
2026-10-03  unknown (failed)  delivered                  9
2026-10-03  unknown (failed)  empty_number (failed)      8
2026-10-04  unknown (failed)  empty_number (failed)      3
`);
  });

  it("in the one document of a JSON report", () => {
    const place = { topic: "dlr.receipts", provider: "aliyun", scope: "sms_receipt" };
    const before = { code: "MK:0010", category: "unknown", outcome: "failed" };
    const after = { code: "MK:0010", category: "empty_number", outcome: "failed" };
    const window = { from: Date.UTC(2026, 9, 3), to: Date.UTC(2026, 9, 5) };
    const report = renderReport(countsOf(window, []), "json", 480, someMoves());
    expect(JSON.parse(report)).toMatchObject({
      window: { step: "1m" },
      moved: 20,
      moves: [
        {
          ...place,
          day: "2026-10-03",
          before: { ...before, code: "200" },
          after: { code: "200", category: "delivered", outcome: "delivered" },
          count: 9,
        },
        { ...place, day: "2026-10-03", before, after, count: 7 },
        { ...place, day: "2026-10-03", before: { ...before, code: "mk:0010" }, after, count: 1 },
        { ...place, day: "2026-10-04", before, after, count: 3 },
      ],
    });
  });
});

describe("what is a move", () => {
  const before = labelsOf("MB:1042");
  const rows = [
    { name: "another category", after: { ...before, category: "empty_number" }, moved: 1 },
    { name: "another outcome", after: { ...before, outcome: "unknown" as const }, moved: 1 },
    { name: "another spelling of the code", after: { ...before, code: "mb:1042" }, moved: 0 },
    { name: "nothing else", after: before, moved: 0 },
  ];
  it.each(rows)("$name: $moved", ({ after, moved }) => {
    const moves = new Moves();
    moves.add(before, after, third, 1);
    expect(moves).toMatchObject({ receipts: 1, moved });
  });
});

it("says in one sentence that nothing moves", () => {
  const moves = new Moves();
  moves.add(delivered, delivered, third, 80);
  expect(movesText(moves)).toBe("None of 80 receipts would move: both maps classify them alike.\n");
});
