import { describe, expect, it } from "vitest";
import { manyCodes } from "../../src/bounds.ts";
import { Counts } from "../../src/ledger/counts.ts";
import { largeMap } from "./large-map.ts";
import { packagedMap, receipt } from "./support.ts";

const map = packagedMap();

function cells(counts: Counts): Record<string, number> {
  return Object.fromEntries(
    [...counts.cells()].map(({ scope, code, category, outcome, count }) => [
      `${scope} ${code} ${category} ${outcome}`,
      count,
    ]),
  );
}

describe("codes for which there is no room", () => {
  it("folds the rarest codes into _other of their category without losing a count, and takes no new ones", () => {
    const counts = new Counts({ map, provider: undefined, unknownCodes: 50 });
    for (const [code, times] of [["A1", 5] as const, ["A2", 1] as const, ["A3", 3] as const]) {
      for (let n = 0; n < times; n++) counts.fold([receipt(code)], undefined);
    }
    counts.fold([receipt("006"), receipt("12"), receipt("12")], undefined);
    expect(counts.foldRarest(0.5, 4096)).toBe(3);
    expect(counts.folded).toEqual({ codes: 3, limit: 4096 });
    counts.fold([receipt("A2"), receipt("A1"), receipt("A9"), receipt("006"), receipt("640")], undefined);
    expect(cells(counts)).toEqual({
      "sms_receipt A1 unknown failed": 6,
      "sms_receipt A3 unknown failed": 3,
      "sms_receipt _other unknown failed": 3,
      "sms_receipt _other blacklist failed": 2,
      "sms_receipt _other empty_number failed": 3,
    });
    expect(counts.foldRarest(1, 4096)).toBe(2);
    expect(counts.foldRarest(1, 4096)).toBe(0);
    expect(cells(counts)).toEqual({
      "sms_receipt _other unknown failed": 12,
      "sms_receipt _other blacklist failed": 2,
      "sms_receipt _other empty_number failed": 3,
    });
  });

  it("folds unlisted codes before listed ones that are as rare", () => {
    const counts = new Counts({ map, provider: undefined, unknownCodes: 50 });
    counts.fold([receipt("006"), receipt("A1"), receipt("12"), receipt("A2")], undefined);
    expect(counts.foldRarest(0.5, 4096)).toBe(2);
    expect(cells(counts)).toEqual({
      "sms_receipt 006 blacklist failed": 1,
      "sms_receipt 12 empty_number failed": 1,
      "sms_receipt _other unknown failed": 2,
    });
  });

  it("has the _other of every category at 0 once codes are folded, and no code that has not come", () => {
    const counts = new Counts({ map, provider: undefined, unknownCodes: 50, scopes: ["sms_receipt"] });
    counts.fold([receipt("006"), receipt("006"), receipt("12")], undefined);
    counts.foldRarest(0.5, 4096);
    counts.openListed();
    const open = counts.counters.flatMap((counter, slot) =>
      counter.kind === "receipts" && (counts.bySlot[slot] ?? -1) >= 0
        ? [`${counter.code} ${counter.category} ${counts.bySlot[slot]}`]
        : [],
    );
    expect(open.sort()).toEqual([
      "006 blacklist 2",
      "_other blacklist 0",
      "_other content_blocked 0",
      "_other delivered 0",
      "_other empty_number 1",
      "_other power_off 0",
      "_other rate_limited 0",
      "_other suspended 0",
    ]);
    counts.unfold();
    counts.fold([receipt("12")], undefined);
    expect(cells(counts)).toEqual({
      "sms_receipt 006 blacklist failed": 2,
      "sms_receipt _other empty_number failed": 1,
      "sms_receipt 12 empty_number failed": 1,
    });
  });

  it("opens the _other of every category at 0 where the codes are many, and a code when it comes", () => {
    const many = largeMap({ codes: manyCodes + 1, categories: 7, seed: 1 });
    const counts = new Counts({ map: many, provider: undefined, unknownCodes: 50, scopes: ["sms_receipt"] });
    const codes = () =>
      counts.counters.flatMap((counter) => (counter.kind === "receipts" ? [counter.code] : []));
    expect(new Set(codes())).toEqual(new Set(["_other"]));
    expect(codes()).toHaveLength(7);
    counts.fold([receipt("C7")], undefined);
    expect(codes()).toContain("C7");
    const notMany = largeMap({ codes: manyCodes, categories: 7, seed: 1 });
    const few = new Counts({
      map: notMany,
      provider: undefined,
      unknownCodes: 50,
      scopes: ["sms_receipt"],
    });
    expect(few.counters.filter(({ kind }) => kind === "receipts")).toHaveLength(manyCodes);
  });

  it("closes a code that was merged alone: its later receipts are counted too", () => {
    const counts = new Counts({ map, provider: undefined, unknownCodes: 50 });
    counts.fold([receipt("A1"), receipt("A2"), receipt("A2")], undefined);
    expect(counts.foldRarest(0.5, 4096)).toBe(1);
    counts.fold([receipt("A1"), receipt("A2")], undefined);
    expect(cells(counts)).toEqual({
      "sms_receipt A2 unknown failed": 3,
      "sms_receipt _other unknown failed": 2,
    });
  });
});
