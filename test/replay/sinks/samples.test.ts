import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { definitions } from "../../../src/metrics/definitions.ts";
import type { ReplaySeries } from "../../../src/replay/counts.ts";
import { metricOf, type Sample, samplesOf } from "../../../src/replay/sinks/samples.ts";
import type { ReplayWindow } from "../../../src/replay/window.ts";
import { labelsOf } from "./history.ts";

const minute = 60_000;
const from = Date.parse("2026-10-01T00:00:00Z");

function windowOf(steps: number, step = minute): ReplayWindow {
  return { from, to: from + steps * step, step, slack: 0, by: "event" };
}

/** @param receipts counts by step */
function seriesOf(receipts: Readonly<Record<number, number>>): ReplaySeries {
  const counts = Object.values(receipts);
  return {
    labels: labelsOf("MB:1042"),
    steps: Uint32Array.from(Object.keys(receipts), Number),
    counts: Uint32Array.from(counts),
    total: counts.reduce((sum, count) => sum + count, 0),
  };
}

describe("a counter", () => {
  const rows = [
    {
      name: "begins with 0 one step before its first receipts",
      window: windowOf(4),
      receipts: { 2: 5 },
      samples: ["2m 0", "3m 5", "4m 5"],
    },
    {
      name: "may begin with the window",
      window: windowOf(2),
      receipts: { 0: 5, 1: 1 },
      samples: ["0m 0", "1m 5", "2m 6"],
    },
    {
      name: "ends with the window, also when the last step counts",
      window: windowOf(3),
      receipts: { 2: 7 },
      samples: ["2m 0", "3m 7"],
    },
    {
      name: "is told at each step, whether it rises or not",
      window: windowOf(9),
      receipts: { 0: 1, 5: 2 },
      samples: ["0m 0", "1m 1", "2m 1", "3m 1", "4m 1", "5m 1", "6m 3", "7m 3", "8m 3", "9m 3"],
    },
    {
      name: "is told each step when a step is longer than 5 minutes",
      window: windowOf(4, 10 * minute),
      receipts: { 1: 3 },
      samples: ["10m 0", "20m 3", "30m 3", "40m 3"],
    },
    { name: "without receipts has no samples", window: windowOf(4), receipts: {}, samples: [] },
  ];
  it.each(rows)("$name", ({ window, receipts, samples }) => {
    expect(Array.from(samplesOf(seriesOf(receipts), window, "counter"), inShort)).toEqual(samples);
  });
});

describe("a gauge", () => {
  const rows = [
    { name: "has the count of each step at its end", receipts: { 0: 5, 2: 1 }, samples: ["1m 5", "3m 1"] },
    { name: "without receipts has no samples", receipts: {}, samples: [] },
  ];
  it.each(rows)("$name", ({ receipts, samples }) => {
    expect(Array.from(samplesOf(seriesOf(receipts), windowOf(9), "gauge"), inShort)).toEqual(samples);
  });
});

describe("the metric", () => {
  const rows = [
    { name: "a counter has the live name", as: "counter", step: minute, metric: "dlr_receipts_total" },
    { name: "a gauge carries its step", as: "gauge", step: minute, metric: "dlr_receipts_1m" },
    { name: "an hour", as: "gauge", step: 60 * minute, metric: "dlr_receipts_1h" },
    { name: "no whole minute", as: "gauge", step: 90_000, metric: "dlr_receipts_90s" },
  ] as const;
  it.each(rows)("$name", ({ as, step, metric }) => {
    expect(metricOf(as, step).name).toBe(metric);
  });

  it("is the live one", () => {
    expect(metricOf("counter", minute)).toMatchObject({
      name: definitions.receipts.name,
      family: "dlr_receipts",
      help: definitions.receipts.help,
    });
  });
});

describe("any history", () => {
  const step = fc.constantFrom(1_000, 30_000, minute, 2 * minute, 7 * minute, 60 * minute);
  const receipts = fc
    .uniqueArray(fc.nat(99), { minLength: 1, maxLength: 40 })
    .chain((steps) =>
      fc
        .array(fc.integer({ min: 1, max: 2 ** 31 }), { minLength: steps.length, maxLength: steps.length })
        .map((counts) => Object.fromEntries(steps.map((own, index) => [own, counts[index] ?? 1]))),
    );
  const history = fc.record({ step, receipts, spare: fc.nat(60) });

  it("rises over any stretch by what was counted there", () => {
    fc.assert(
      fc.property(history, fc.nat(160), fc.nat(160), ({ step, receipts, spare }, one, other) => {
        const window = windowOf(100 + spare, step);
        const samples = [...samplesOf(seriesOf(receipts), window, "counter")];
        const [start, end] = [Math.min(one, other), Math.max(one, other)];
        // What Prometheus would see at a moment: the last sample at or before it.
        const at = (boundary: number) =>
          samples.findLast((sample) => sample.at <= from + boundary * step)?.value ?? 0;
        const counted = Object.entries(receipts)
          .filter(([own]) => Number(own) >= start && Number(own) < end)
          .reduce((sum, [, count]) => sum + count, 0);
        expect(at(end) - at(start)).toBe(counted);
      }),
    );
  });

  it("has a sample at every step from the one before its first receipts to the end of the window", () => {
    fc.assert(
      fc.property(history, ({ step, receipts, spare }) => {
        const window = windowOf(100 + spare, step);
        const samples = [...samplesOf(seriesOf(receipts), window, "counter")];
        const first = Math.min(...Object.keys(receipts).map(Number));
        const wanted = Array.from(
          { length: 100 + spare - first + 1 },
          (_, index) => from + (first + index) * step,
        );
        expect(samples.map(({ at }) => at)).toEqual(wanted);
        expect(samples[0]?.value).toBe(0);
      }),
    );
  });

  it("sums up as a gauge", () => {
    fc.assert(
      fc.property(history, ({ step, receipts, spare }) => {
        const series = seriesOf(receipts);
        const samples = [...samplesOf(series, windowOf(100 + spare, step), "gauge")];
        expect(samples.reduce((sum, { value }) => sum + value, 0)).toBe(series.total);
        expect(samples.map(({ at }) => (at - from) / step - 1)).toEqual([...series.steps]);
      }),
    );
  });
});

/** Such as `3m 5`: the minute since the window's start, and the value. */
function inShort({ at, value }: Sample): string {
  return `${(at - from) / minute}m ${value}`;
}
