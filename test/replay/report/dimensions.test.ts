import { describe, expect, it } from "vitest";
import type { ReplayCounts } from "../../../src/replay/counts.ts";
import { renderReport } from "../../../src/replay/report/render.ts";
import { valueTable } from "../../../src/replay/report/value-table.ts";
import { countsBy, countsOf, labelsOf } from "../sinks/history.ts";
import { at, china, delivered } from "./four-days.ts";

const ok = { category: "delivered", outcome: "delivered" } as const;

function counted(): ReplayCounts {
  const times = ["2026-10-01 00:10", "2026-10-01 01:10", "2026-10-01 01:20"].map(at);
  const counts = countsOf({ from: at("2026-10-01 00:00"), to: at("2026-10-01 02:00") }, [
    { labels: delivered, times },
    { labels: labelsOf("MB:1042"), times },
  ]);
  const failed = countsBy(counts, "signature", { Shop: times.slice(0, 2), Bank: times.slice(2) });
  return countsBy(failed, "signature", { Shop: times.slice(0, 1), Bank: times.slice(1) }, ok);
}

describe("a report by dimension", () => {
  it("has a table for each, behind the others", () => {
    const text = renderReport(counted(), "table", china);
    expect(text).toContain(`
DIMENSION  VALUE  RECEIPTS  DELIVERED  FAILS MOSTLY AS
signature  Bank          3  66.7 %     blacklist 1
signature  Shop          3  33.3 %     blacklist 2

records 6, receipts 6, `);
    expect(text).not.toContain("_other");
  });

  it("says how many values share _other", () => {
    const counts = counted();
    const unnamedOf = (unnamed: { readonly values: number; readonly andMore: boolean }) =>
      renderReport(
        { ...counts, dimensions: { names: [], series: [], ...counts.dimensions, unnamed } },
        "table",
        china,
      );
    const rest =
      "of dimensions. Of each dimension of a topic the commonest keep their name, as many as dimension_values says.";
    expect(unnamedOf({ values: 1, andMore: false })).toContain(`Under _other: 1 value ${rest}\n`);
    expect(unnamedOf({ values: 9, andMore: true })).toContain(`Under _other: more than 9 values ${rest}\n`);
  });

  it("has each value's counts as JSON", () => {
    const { dimensions, unnamedValues } = JSON.parse(renderReport(counted(), "json", china));
    expect(unnamedValues).toEqual({ values: 0, andMore: false });
    const [first, ...others] = dimensions.signature;
    expect(others).toHaveLength(3);
    expect(first).toEqual({
      ...{ topic: "dlr.receipts", provider: "aliyun", channel: "sms", value: "Shop" },
      ...{ category: "blacklist", outcome: "failed", count: 2 },
      periods: { "2026-10-01T00:00:00+08:00": 1, "2026-10-01T01:00:00+08:00": 1 },
    });
  });

  it("has a second table as CSV, behind an empty line", () => {
    const [codes, values, ...more] = renderReport(counted(), "csv", china).split("\n\n");
    expect(more).toEqual([]);
    const { dimensions, ...without } = counted();
    expect(`${codes}\n`).toBe(renderReport(without, "csv", china));
    expect(values).toBe(`\
hour,topic,provider,channel,dimension,value,category,outcome,count
2026-10-01T00:00:00+08:00,dlr.receipts,aliyun,sms,signature,Shop,blacklist,failed,1
2026-10-01T00:00:00+08:00,dlr.receipts,aliyun,sms,signature,Shop,delivered,delivered,1
2026-10-01T01:00:00+08:00,dlr.receipts,aliyun,sms,signature,Shop,blacklist,failed,1
2026-10-01T01:00:00+08:00,dlr.receipts,aliyun,sms,signature,Bank,blacklist,failed,1
2026-10-01T01:00:00+08:00,dlr.receipts,aliyun,sms,signature,Bank,delivered,delivered,2
`);
  });
});

describe("a table of values", () => {
  const count = (value: string, category: string, outcome: string, count: number) => ({
    ...{ value, category, outcome, count },
  });

  it("has lines for the commonest alone, and one for the others together", () => {
    const counts = Array.from({ length: 40 }, (_, n) => count(`V${n}`, "delivered", "delivered", 100 - n));
    const rows = valueTable("app", [...counts, count("V39", "blacklist", "failed", 7)]);
    expect(rows).toHaveLength(1 + 31);
    expect(rows.at(-2)).toEqual(["app", "V29", 71, "100.0 %", "-"]);
    expect(rows.at(-1)).toEqual(["app", "10 others", 662, "98.9 %", "blacklist 7"]);
  });

  it("has every line while they fit", () => {
    const counts = Array.from({ length: 31 }, (_, n) => count(`V${n}`, "delivered", "delivered", 1));
    expect(valueTable("app", counts)).toHaveLength(1 + 31);
  });

  it("has no delivered share where nothing has ended, and an API's refusals as failures", () => {
    const counts = [count("A", "accepted", "accepted", 3), count("A", "rate_limited", "request_rejected", 2)];
    expect(valueTable("app", counts).at(-1)).toEqual(["app", "A", 5, "-", "rate_limited 2"]);
  });
});
