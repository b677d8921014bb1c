import { describe, expect, it } from "vitest";
import { type CodeCount, occurrencesOf } from "../../../src/commands/unknown/occurrences.ts";
import { mapWithPacks } from "../../codes/small-pack.ts";

const map = mapWithPacks();

function row(code: string, own: Partial<CodeCount> = {}): CodeCount {
  const usual = { provider: "acme", channel: "sms", scope: "sms_receipt", outcome: "failed", count: 1 };
  return { ...usual, code, firstAt: undefined, lastAt: undefined, ...own };
}

function occurrences(rows: readonly CodeCount[], wanted: { provider?: string; scope?: string } = {}) {
  const totals = new Map([["acme sms", 8]]);
  const { provider, scope } = wanted;
  return occurrencesOf({ unknown: rows, totals, stepMs: undefined }, map, { provider, scope });
}

describe("the codes that a map does not list", () => {
  it("are summed over partitions, with the first and the last time and their share, the most frequent first", () => {
    const rows = [
      row("B"),
      row("A", { count: 2, firstAt: 20, lastAt: 30 }),
      row("A", { firstAt: 10, lastAt: 15 }),
      row("A"),
    ];
    expect(occurrences(rows)).toEqual([
      { ...row("A", { count: 4, firstAt: 10, lastAt: 30 }), share: 0.5 },
      { ...row("B"), share: 0.125 },
    ]);
  });

  it("are without those that are listed by now, without receipts that have none, and without zeros", () => {
    expect(occurrences([row("1"), row("１"), row("_none"), row("X", { count: 0 })])).toEqual([]);
  });

  it("are those of one provider and scope where that is wanted", () => {
    const rows = [row("A"), row("B", { provider: "nimbus" }), row("C", { scope: "other" })];
    expect(occurrences(rows, { provider: "nimbus" }).map(({ code }) => code)).toEqual(["B"]);
    expect(occurrences(rows, { scope: "other" }).map(({ code }) => code)).toEqual(["C"]);
  });

  it("hide what a server was told: numbers, ids, and names that are none", () => {
    const rows = [
      row("13800000000"),
      row("1234-5678"),
      row("_redacted"),
      row("A", { provider: "\u001b[2J" }),
      row("B", { scope: "13800000000" }),
      row("bad\u001b[2J"),
    ];
    expect(occurrences(rows).map(({ code, count }) => `${code} ${count}`)).toEqual([
      "_redacted 3",
      "bad[2J 1",
    ]);
  });
});
