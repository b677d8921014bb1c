import { delayParts } from "../../ledger/delay-parts.ts";
import { definitions } from "../../metrics/definitions.ts";
import type { DelayColumnCounts } from "../counts.ts";
import { spanFlag } from "../spans.ts";
import type { SampleFamily, SampleSeries, WrittenAs } from "./samples.ts";

const suffixes = ["_bucket", "_sum", "_count"] as const;
type Suffix = (typeof suffixes)[number];

const gaugeHelp: Readonly<Record<Suffix, (span: string) => string>> = {
  _bucket: (span) => `The delivered and failed receipts of the last ${span} that took at most le seconds.`,
  _sum: (span) => `What the delivered and failed receipts of the last ${span} took, in seconds.`,
  _count: (span) => `The delivered and failed receipts of the last ${span} whose delay is known.`,
};

/** @returns the sample names of delays; see {@link delayFamilies} */
export function delayNames(as: WrittenAs, step: number): string[] {
  return suffixes.map((suffix) => `${nameOf(as, step)}${suffix}`);
}

function nameOf(as: WrittenAs, step: number): string {
  const { name } = definitions.delays;
  return as === "counter" ? name : `${name}_${spanFlag(step)}`;
}

/**
 * The delays: as counters, the histogram of the live series; as gauges, its three parts with each step's own values, so
 * that quantiles of `sum_over_time` of the buckets work too. All series of a column have samples at the same times.
 *
 * @param step of the window, in ms: it is part of the gauges' names
 */
export function delayFamilies(
  columns: readonly DelayColumnCounts[],
  as: WrittenAs,
  step: number,
): SampleFamily[] {
  if (columns.length === 0) return [];
  const { help } = definitions.delays;
  const name = nameOf(as, step);
  const series = columns.map((column) => seriesOf(column, name));
  if (as === "counter") {
    const names = delayNames(as, step);
    return [{ metric: { name, family: name, help, type: "histogram" }, names, groups: series }];
  }
  return suffixes.map((suffix) => {
    const own = `${name}${suffix}`;
    return {
      metric: { name: own, family: own, help: gaugeHelp[suffix](spanFlag(step)), type: as },
      names: [own],
      groups: series.flat().flatMap((one) => (one.name === own ? [[one]] : [])),
    };
  });
}

/** Cumulative buckets, as in a histogram. */
function seriesOf({ labels, steps, buckets, sums }: DelayColumnCounts, name: string): SampleSeries[] {
  const own = { ...labels } as Readonly<Record<string, string>>;
  const within = new Uint32Array(steps.length);
  const cumulative = buckets.map((counts, place) => {
    for (const [index, count] of counts.entries()) within[index] = (within[index] ?? 0) + count;
    const le = String(delayParts[place]);
    return { name: `${name}_bucket`, labels: { ...own, le }, steps, counts: within.slice() };
  });
  return [
    ...cumulative,
    { name: `${name}_sum`, labels: own, steps, counts: sums },
    { name: `${name}_count`, labels: own, steps, counts: within },
  ];
}
