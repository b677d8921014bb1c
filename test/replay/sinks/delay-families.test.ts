import { expect, it } from "vitest";
import { delayParts } from "../../../src/ledger/delay-parts.ts";
import type { DelayColumnCounts } from "../../../src/replay/counts.ts";
import { delayFamilies } from "../../../src/replay/sinks/delay-families.ts";
import { openMetricsText } from "../../../src/replay/sinks/openmetrics.ts";
import type { WrittenAs } from "../../../src/replay/sinks/samples.ts";
import { countsOf } from "./history.ts";

const minute = 60_000;
const from = Date.parse("2026-10-01T00:00:00+08:00");

/** Three receipts of 5 s or less and one beyond a day in the second minute, one of up to 15 s in the third. */
const column: DelayColumnCounts = {
  labels: { topic: "sms", provider: "aliyun", channel: "sms", outcome: "delivered" },
  steps: Uint32Array.of(1, 2),
  buckets: delayParts
    .slice(0, -1)
    .map((part) => Uint32Array.of(part === 5 ? 3 : part === "+Inf" ? 1 : 0, part === 15 ? 1 : 0)),
  sums: Float64Array.of(90_010, 14),
};

function linesOf(as: WrittenAs): string[] {
  const counts = countsOf({ from, to: from + 4 * minute }, []);
  const delays = { columns: [column], unmeasured: [] };
  const written = { samples: 0, series: 0, bytes: 0 };
  const options = { as, job: "j", instance: "i" };
  const text = Buffer.concat([
    ...openMetricsText({ ...counts, receiptDelays: delays }, options, written),
  ]).toString();
  return text
    .split("\n")
    .filter((line) => line.includes("delay"))
    .map((line) =>
      line.replace(/\{(?:.*?(le="[^"]*"))?.*?\}/, (_, le) => (le === undefined ? "" : `{${le}}`)),
    )
    .filter((line) => line.startsWith("#") || /le="(?:5|15|\+Inf)"|_sum|_count/.test(line));
}

it("are one histogram, its samples moment by moment, in buckets that hold all below them", () => {
  const name = "dlr_receipt_delay_seconds";
  const at = (index: number) => (from + index * minute) / 1000;
  const moment = (index: number, five: number, fifteen: number, all: number, sum: number) => [
    `${name}_bucket{le="5"} ${five} ${at(index)}`,
    `${name}_bucket{le="15"} ${fifteen} ${at(index)}`,
    `${name}_bucket{le="+Inf"} ${all} ${at(index)}`,
    `${name}_sum ${sum} ${at(index)}`,
    `${name}_count ${all} ${at(index)}`,
  ];
  expect(linesOf("counter").filter((line) => !line.startsWith("# HELP"))).toEqual([
    `# TYPE ${name} histogram`,
    ...moment(1, 0, 0, 0, 0),
    ...moment(2, 3, 3, 4, 90_010),
    ...moment(3, 3, 4, 5, 90_024),
    ...moment(4, 3, 4, 5, 90_024),
  ]);
});

it("as gauges are each step's own, with the step in their names", () => {
  const name = "dlr_receipt_delay_seconds_1m";
  const [second, third] = [2, 3].map((index) => (from + index * minute) / 1000);
  expect(linesOf("gauge").filter((line) => !line.startsWith("# HELP"))).toEqual([
    `# TYPE ${name}_bucket gauge`,
    ...[`${name}_bucket{le="5"} 3 ${second}`, `${name}_bucket{le="5"} 0 ${third}`],
    ...[`${name}_bucket{le="15"} 3 ${second}`, `${name}_bucket{le="15"} 1 ${third}`],
    ...[`${name}_bucket{le="+Inf"} 4 ${second}`, `${name}_bucket{le="+Inf"} 1 ${third}`],
    ...[`# TYPE ${name}_sum gauge`, `${name}_sum 90010 ${second}`, `${name}_sum 14 ${third}`],
    ...[`# TYPE ${name}_count gauge`, `${name}_count 4 ${second}`, `${name}_count 1 ${third}`],
  ]);
});

it("are none where nothing has a delay", () => {
  expect(delayFamilies([], "counter", minute)).toEqual([]);
});
