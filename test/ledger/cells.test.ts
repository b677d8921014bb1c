import { describe, expect, it } from "vitest";
import type { CodeMap } from "../../src/codes/code-map.ts";
import { parseCodeMap } from "../../src/codes/parse.ts";
import { type CellOptions, Cells } from "../../src/ledger/cells.ts";
import { Delays } from "../../src/ledger/delays.ts";
import { smallMap } from "../codes/small-map.ts";
import { packagedMap, receipt } from "./support.ts";

const map = packagedMap();

function cellsOf(options: Partial<CellOptions> = {}, delays = new Delays()): Cells {
  return new Cells({ map, provider: undefined, unknownCodes: 50, ...options }, delays);
}

function parsed(text: string): CodeMap {
  const result = parseCodeMap(text, "map.yaml");
  if ("problems" in result) throw new Error(JSON.stringify(result.problems));
  return result.map;
}

/** The codes of the counters that receipts fall into, one after the other. */
function codesOf(cells: Cells, codes: readonly string[]): string[] {
  return codes.map((code) => {
    const counter = cells.counters[cells.targets.of(receipt(code)).slot];
    return counter?.kind === "receipts" ? counter.code : (counter?.kind ?? "none");
  });
}

describe("the cell of a receipt", () => {
  const rows = [
    {
      name: "a listed code",
      of: receipt("DB:0141"),
      cell: { provider: "aliyun", channel: "sms", code: "DB:0141", category: "blacklist", outcome: "failed" },
    },
    {
      name: "a listed code, spelt otherwise",
      of: receipt(" db:0141 "),
      cell: { code: "DB:0141", category: "blacklist" },
    },
    {
      name: "no code",
      of: receipt(""),
      cell: { code: "_none", category: "unknown", outcome: "failed" },
    },
    {
      name: "a code that is not listed",
      of: receipt("NEW:1"),
      cell: { code: "NEW:1", category: "unknown", outcome: "failed" },
    },
    {
      name: "the provider that the receipt names",
      of: receipt("DB:0141", "failed", { provider: "tencent" }),
      cell: { provider: "tencent" },
    },
    {
      name: "the topic's provider before the receipt's",
      options: { provider: "acme" },
      of: receipt("DB:0141", "failed", { provider: "tencent" }),
      cell: { provider: "acme", code: "DB:0141", category: "unknown" },
    },
    {
      name: "a scope that no map knows, on a topic that says its channel",
      options: { channel: "voice" } as const,
      of: receipt("1", "failed", { scope: "elsewhere" }),
      cell: { scope: "elsewhere", channel: "voice" },
    },
    {
      name: "a scope that no map knows",
      of: receipt("1", "failed", { scope: "elsewhere" }),
      cell: { scope: "elsewhere", channel: "unknown" },
    },
  ];
  it.each(rows)("$name", ({ options, of, cell }) => {
    const cells = cellsOf(options);
    expect(cells.counters[cells.targets.of(of).slot]).toMatchObject({ kind: "receipts", ...cell });
  });

  it("is the same for the same again, whatever came between", () => {
    const cells = cellsOf();
    const all = [
      receipt("006"),
      receipt("006", "delivered"),
      receipt("006", "failed", { scope: "voice_receipt" }),
      receipt("006", "failed", { provider: "tencent" }),
      receipt("NEW:1"),
    ];
    const slots = all.map((one) => cells.targets.of(one).slot);
    expect(new Set(slots).size).toBe(all.length);
    for (const [index, one] of all.entries()) expect(cells.targets.of(one).slot).toBe(slots[index]);
    expect(all.toReversed().map((one) => cells.targets.of(one).slot)).toEqual(slots.toReversed());
  });

  it("opens a conflict's counter with the first conflict", () => {
    const cells = cellsOf();
    expect(cells.targets.of(receipt("006")).conflict).toBe(-1);
    const { conflict } = cells.targets.of(receipt("006", "delivered"));
    expect(cells.counters[conflict]).toEqual({ kind: "conflicts", scope: "sms_receipt" });
  });

  it("observes delays by channel and outcome", () => {
    const delays = new Delays();
    const cells = cellsOf({}, delays);
    const { delay } = cells.targets.of(receipt("006"));
    expect(delay).toBe(delays.series("sms", "failed"));
    expect(cells.targets.of(receipt("DB:0141")).delay).toBe(delay);
    expect(cells.targets.of(receipt("006", "delivered")).delay).toBe(delays.series("sms", "delivered"));
  });

  it("stays right over more codes than are kept at hand", () => {
    const cells = cellsOf({ unknownCodes: 10_000 });
    const codes = Array.from({ length: 5_000 }, (_, n) => `X${n}`);
    expect(codesOf(cells, codes)).toEqual(codes);
    expect(codesOf(cells, codes)).toEqual(codes);
    expect(cells.counters).toHaveLength(5_000);
  });
});

describe("codes that the map does not list", () => {
  it("share one counter once there are too many", () => {
    const cells = cellsOf({ unknownCodes: 2 });
    expect(codesOf(cells, ["A", "B", "C", "A", "D", "006"])).toEqual([
      "A",
      "B",
      "_other",
      "A",
      "_other",
      "006",
    ]);
  });

  it("leave those alone that stand for none or for a person", () => {
    const cells = cellsOf({ unknownCodes: 0 });
    expect(codesOf(cells, ["", "13800000000", "A"])).toEqual(["_none", "_redacted", "_other"]);
  });

  it("take room once for each scope, not for each flag", () => {
    const cells = cellsOf({ unknownCodes: 1 });
    for (const flag of ["failed", "none", "delivered"] as const) cells.targets.of(receipt("A", flag));
    expect(codesOf(cells, ["A", "B"])).toEqual(["A", "_other"]);
  });

  it("fall into _other once they are closed, and all new ones with them", () => {
    const cells = cellsOf();
    codesOf(cells, ["A", "B", "006"]);
    cells.closeUnlisted(cells.counters.filter((counter) => cells.isUnlisted(counter)).slice(0, 1));
    expect(codesOf(cells, ["A", "B", "C", "006"])).toEqual(["_other", "B", "_other", "006"]);
  });
});

describe("listed codes", () => {
  it("are opened with their scope's conflicts, each once", () => {
    const cells = cellsOf({ map: parsed(smallMap), provider: "acme" });
    cells.openListed(["sms_receipt", "nowhere"]);
    const opened = [
      { kind: "conflicts", scope: "sms_receipt" },
      { code: "012", category: "empty_number", outcome: "failed", channel: "sms", provider: "acme" },
      { code: "exp-1", category: "unknown", outcome: "unknown" },
      { kind: "conflicts", scope: "nowhere" },
    ];
    expect(cells.counters).toMatchObject(opened);
    cells.openListed(["sms_receipt"]);
    expect(cells.counters).toHaveLength(opened.length);
  });

  it("are those of the newest map: what was opened before stays where it was", () => {
    const cells = cellsOf({ map: parsed(smallMap), provider: "acme" });
    const { slot } = cells.targets.of(receipt("012"));
    const before = cells.counters[slot];
    cells.adopt(parsed(smallMap.replaceAll("category: empty_number", "category: unknown")));
    const moved = cells.targets.of(receipt("012")).slot;
    expect(moved).not.toBe(slot);
    expect(cells.counters[slot]).toBe(before);
    expect(cells.counters[moved]).toMatchObject({ code: "012", category: "unknown" });
  });
});
