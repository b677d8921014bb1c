import { describe, expect, it } from "vitest";
import { differences, readCounts, renderSummary } from "../../src/demo/settle.ts";
import type { Sent } from "../../src/demo/stream.ts";
import { parseMetrics } from "../lab/scrape.ts";

const sent: Sent = {
  records: 6,
  receipts: 5,
  codes: new Map([
    ["sms_receipt 12", 2],
    ["sms_receipt DELIVRD", 3],
  ]),
  categories: new Map([
    ["empty_number", 2],
    ["delivered", 3],
  ]),
  malformed: new Map([["not_json", 1]]),
};

function page(partition0: number, partition1: number, malformed: number): string {
  const series = (partition: number, code: string, category: string) =>
    `dlr_receipts_total{partition="${partition}",scope="sms_receipt",code="${code}",category="${category}"}`;
  return [
    `${series(0, "12", "empty_number")} 2`,
    `${series(0, "DELIVRD", "delivered")} ${partition0}`,
    `${series(1, "DELIVRD", "delivered")} ${partition1}`,
    `${series(1, "640", "empty_number")} 0`,
    `dlr_malformed_records_total{partition="0",reason="not_json"} ${malformed}`,
    "",
  ].join("\n");
}

describe("differences", () => {
  it.for([
    { name: "nothing when the partitions add up", text: page(1, 2, 1), lines: [] },
    {
      name: "what is missing, by code and category",
      text: page(1, 1, 1),
      lines: ["codes sms_receipt DELIVRD: sent 3, counted 2", "categories delivered: sent 3, counted 2"],
    },
    {
      name: "what was never sent",
      text: `${page(1, 2, 1)}dlr_malformed_records_total{partition="1",reason="empty"} 1\n`,
      lines: ["malformed empty: sent 0, counted 1"],
    },
    { name: "a wrong reason count", text: page(3, 0, 2), lines: ["malformed not_json: sent 1, counted 2"] },
  ])("says $name", ({ text, lines }) => {
    expect(differences(sent, readCounts(parseMetrics(text)))).toEqual(lines);
  });
});

describe("renderSummary", () => {
  it("sets sent beside counted, the most frequent first", () => {
    expect(renderSummary(sent, readCounts(parseMetrics(page(1, 2, 0))))).toBe(
      [
        "category                            sent     counted",
        "delivered                              3           3",
        "empty_number                           2           2",
        "malformed: not_json                    1           0",
        "",
      ].join("\n"),
    );
  });
});
