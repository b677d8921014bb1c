import { expect, it } from "vitest";
import { delayParts } from "../../../src/ledger/delay-parts.ts";
import type { DelayColumnCounts, DelayHistory } from "../../../src/replay/counts.ts";
import { delaySharesOf, delayTable } from "../../../src/replay/report/delay-shares.ts";
import { renderReport } from "../../../src/replay/report/render.ts";
import { countsOf } from "../sinks/history.ts";

const labels = { topic: "a", provider: "aliyun", channel: "sms", outcome: "delivered" } as const;

function column(counts: Readonly<Record<string, number>>, topic = "a"): DelayColumnCounts {
  const buckets = delayParts.slice(0, -1).map((part) => Uint32Array.of(counts[part] ?? 0));
  return { labels: { ...labels, topic }, steps: Uint32Array.of(0), buckets, sums: Float64Array.of(0) };
}

const without = {
  ...{ steps: Uint32Array.of(0), counts: Uint32Array.of(7), total: 7 },
  labels: { ...labels, outcome: "failed", reason: "no_sent_time" },
} as const;

const history: DelayHistory = {
  columns: [column({ 5: 50, 15: 39 }), column({ 30: 1, 300: 9, "+Inf": 1 }, "b")],
  unmeasured: [without],
};

it("are percentiles by their bucket's bound, and shares, all topics together", () => {
  const rest = { provider: "aliyun", channel: "sms" };
  expect(delaySharesOf(history)).toEqual([
    {
      ...{ ...rest, outcome: "delivered", count: 100, unmeasured: 0, p50: 5, p90: 30, p99: 300 },
      ...{ within5s: 0.5, within30s: 0.9, within5m: 0.99 },
    },
    {
      ...{ ...rest, outcome: "failed", count: 0, unmeasured: 7, p50: null, p90: null, p99: null },
      ...{ within5s: null, within30s: null, within5m: null },
    },
  ]);
});

it("that lie beyond a day have no bound", () => {
  const [shares] = delaySharesOf({ columns: [column({ 5: 1, "+Inf": 1 })], unmeasured: [] });
  expect(shares).toMatchObject({ p50: 5, p90: null, p99: null });
  expect(delayTable(shares === undefined ? [] : [shares])[1]?.slice(5, 8)).toEqual([
    ...["up to 5 seconds", "over 1 day", "over 1 day"],
  ]);
});

it("stand in all three reports", () => {
  const counts = { ...countsOf({ from: 0, to: 60_000 }, []), receiptDelays: history };
  const [text, json, csv] = (["table", "json", "csv"] as const).map((one) => renderReport(counts, one, 0));
  expect(text).toContain(
    `
PROVIDER  CHANNEL  OUTCOME    MEASURED  NOT  P50              P90               P99              IN 5 S  IN 30 S  IN 5 MIN
aliyun    sms      delivered       100    0  up to 5 seconds  up to 30 seconds  up to 5 minutes  50.0 %  90.0 %   99.0 %
aliyun    sms      failed            0    7  -                -                 -                -       -        -
`,
  );
  expect(JSON.parse(json ?? "").receiptDelays).toEqual(delaySharesOf(history));
  expect(csv?.split("\n\n")[1]).toBe(
    `provider,channel,outcome,count,unmeasured,p50,p90,p99,within5s,within30s,within5m
aliyun,sms,delivered,100,0,5,30,300,0.5,0.9,0.99
aliyun,sms,failed,0,7,,,,,,
`,
  );
});
