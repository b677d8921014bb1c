import type { ReplayCounts, ReplaySeries, SeriesLabels, ValueLabels } from "../../../src/replay/counts.ts";
import type { Random } from "../../lab/random.ts";

const minute = 60_000;

/** The labels of a series of failed SMS, apart from what the test says. */
export function labelsOf(code: string, rest: Partial<SeriesLabels> = {}): SeriesLabels {
  return {
    topic: "dlr.receipts",
    provider: "aliyun",
    channel: "sms",
    scope: "sms_receipt",
    code,
    category: "blacklist",
    outcome: "failed",
    ...rest,
  };
}

/**
 * What a replay counts of receipts that lie at these times.
 *
 * @param times by series, ms since the epoch, ascending, in the window
 */
export function countsOf(
  window: { readonly from: number; readonly to: number; readonly step?: number },
  receipts: readonly { readonly labels: SeriesLabels; readonly times: readonly number[] }[],
): ReplayCounts {
  const { from, to, step = minute } = window;
  const series = receipts.map(({ labels, times }) => seriesOf({ from, step }, labels, times));
  return {
    window: { from, to, step, slack: undefined, by: "event" },
    series,
    unnamed: { codes: 0, andMore: false },
    records: series.reduce((sum, { total }) => sum + total, 0),
    malformed: new Map(),
    ignored: new Map(),
    conflicts: 0,
    outside: { before: 0, after: 0 },
    late: 0,
    undated: 0,
    delays: [],
    receiptDelays: { columns: [], unmeasured: [] },
    gaps: [],
    unread: [],
    undecided: [],
  };
}

/** The same with the receipts of these times by the values of one dimension. */
export function countsBy(
  counts: ReplayCounts,
  dimension: string,
  times: Readonly<Record<string, readonly number[]>>,
  rest: Partial<ValueLabels> = {},
): ReplayCounts {
  const { code, scope, ...labels } = labelsOf("");
  const series = Object.entries(times).map(([value, own]) =>
    seriesOf(counts.window, { ...labels, dimension, value, ...rest }, own),
  );
  return {
    ...counts,
    dimensions: {
      names: [...new Set([...(counts.dimensions?.names ?? []), dimension])],
      series: [...(counts.dimensions?.series ?? []), ...series],
      unnamed: { values: 0, andMore: false },
    },
  };
}

function seriesOf<Labels>(
  { from, step }: { readonly from: number; readonly step: number },
  labels: Labels,
  times: readonly number[],
): ReplaySeries<Labels> {
  const byStep = Map.groupBy(times, (time) => Math.floor((time - from) / step));
  return {
    labels,
    steps: Uint32Array.from(byStep.keys()),
    counts: Uint32Array.from(byStep.values(), ({ length }) => length),
    total: times.length,
  };
}

/** Times anywhere in [from, to), ascending. */
export function scatter(random: Random, count: number, from: number, to: number): number[] {
  return Array.from({ length: count }, () => from + random.below(to - from)).sort((a, b) => a - b);
}
