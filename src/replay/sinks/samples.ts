import { definitions } from "../../metrics/definitions.ts";
import type { ReplayCounts, ReplaySeries } from "../counts.ts";
import { spanFlag, spanWords } from "../spans.ts";
import type { ReplayWindow } from "../window.ts";
import { delayFamilies } from "./delay-families.ts";

/**
 * The type of the written metrics. `counter`: like the live counter, for the same panels and rules.
 * `gauge`: the count of each step, exact in `sum_over_time` and idempotent when written again.
 */
export type WrittenAs = "counter" | "gauge";

/** One value of a series. */
export interface Sample {
  /** The end of its step, in ms since the epoch. */
  readonly at: number;
  /** A counter's receipts up to then, or a gauge's receipts of the step. */
  readonly value: number;
}

/** The metric that the samples belong to. */
export interface SampleMetric {
  /** The name of its samples; of a histogram's, what they begin with. */
  readonly name: string;
  /** The name of its family: OpenMetrics' name of a counter has no `_total`. */
  readonly family: string;
  readonly help: string;
  readonly type: WrittenAs | "histogram";
}

/** The part of a series that its samples are made from. */
interface Steps {
  readonly steps: Uint32Array;
  readonly counts: Uint32Array | Float64Array;
}

/** A series under the name of its samples. */
export interface SampleSeries extends Steps {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A metric and its series. */
export interface SampleFamily {
  readonly metric: SampleMetric;
  /** Every name that its samples may have. */
  readonly names: readonly string[];
  /** Series whose samples belong together, moment by moment, as those of one histogram do. */
  readonly groups: readonly (readonly SampleSeries[])[];
}

/** The metrics of a history: the receipts, then what else is counted about them, if there is any. */
export function familiesOf(counts: ReplayCounts, as: WrittenAs): SampleFamily[] {
  const { window, series, dimensions, segments, keys, receiptDelays } = counts;
  const families = [familyOf(metricOf(as, window.step), series)];
  const add = (counted: Counted, own: readonly ReplaySeries<object>[]) =>
    families.push(familyOf(metricOf(as, window.step, counted), own));
  if (dimensions !== undefined) add("receiptsBy", dimensions.series);
  if (segments !== undefined) {
    add("segments", segments.series);
    add("segmentReceipts", segments.receipts);
  }
  if (keys !== undefined) {
    add("duplicates", keys.duplicates);
    add("unkeyed", keys.unkeyed);
  }
  if (receiptDelays.unmeasured.length > 0) add("unmeasured", receiptDelays.unmeasured);
  return [...families, ...delayFamilies(receiptDelays.columns, as, window.step)];
}

function familyOf(metric: SampleMetric, series: readonly ReplaySeries<object>[]): SampleFamily {
  const { name } = metric;
  const groups = series.map(({ labels, steps, counts }) => [
    { name, labels: { ...labels } as Readonly<Record<string, string>>, steps, counts },
  ]);
  return { metric, names: [name], groups };
}

/**
 * @param step of the window, in ms: a gauge's name carries it, for its values mean nothing without
 * @param counted the receipts by code, or what else is counted of them
 */
export function metricOf(as: WrittenAs, step: number, counted: Counted = "receipts"): SampleMetric {
  const { name, help } = definitions[counted];
  const family = name.replace(/_total$/, "");
  if (as === "counter") return { name, family, help, type: as };
  const gauge = `${family}_${spanFlag(step)}`;
  return { name: gauge, family: gauge, help: gaugeHelp[counted](spanFlag(step)), type: as };
}

type Counted = keyof typeof gaugeHelp;

const gaugeHelp = {
  receipts: (span: string) => `Delivery receipts and API answers of the last ${span}.`,
  receiptsBy: (span: string) => `The receipts of the last ${span} by a configured dimension.`,
  segments: (span: string) => `The segments of the receipts of the last ${span} that say how many they had.`,
  segmentReceipts: (span: string) => `The receipts of the last ${span} by what they say of their segments.`,
  unmeasured: (span: string) =>
    `The delivered and failed receipts of the last ${span} without a delay, by reason.`,
  duplicates: (span: string) => `Receipts of the last ${span} that came before; they count nowhere else.`,
  unkeyed: (span: string) => `Receipts of the last ${span} that lack a part of the topic's key.`,
};

/**
 * The samples of a series, their times strictly ascending.
 *
 * A counter starts with a 0 one step before its first receipts, since `increase` ignores the first value of a series.
 * From there to the end of the window it has a sample at the end of each step, even if that counts nothing, like a
 * live one at each scrape: `rate` and `increase` assume evenly spaced samples, and extrapolate what they
 * see by the distance between them to the edges of their window.
 * A gauge has one sample for each step that counts something.
 */
export function* samplesOf(series: Steps, window: ReplayWindow, as: WrittenAs): Generator<Sample> {
  yield* as === "counter" ? counterSamples(series, window) : gaugeSamples(series, window);
}

function* counterSamples({ steps, counts }: Steps, window: ReplayWindow): Generator<Sample> {
  const { from, to, step } = window;
  const [first] = steps;
  if (first === undefined) return;
  let value = 0;
  yield { at: from + first * step, value };
  const end = (to - from) / step;
  for (let passed = first, index = 0; passed < end; passed++) {
    if (steps[index] === passed) value += counts[index++] ?? 0;
    yield { at: from + (passed + 1) * step, value };
  }
}

function* gaugeSamples({ steps, counts }: Steps, window: ReplayWindow): Generator<Sample> {
  for (const [index, value] of counts.entries()) {
    yield { at: window.from + ((steps[index] ?? 0) + 1) * window.step, value };
  }
}

/** How old the oldest sample of a replay is, in words: `45.3 days`. */
export function ageOfOldest(counts: ReplayCounts, as: WrittenAs, now: number): string {
  const oldest = counts.series.reduce((least, series) => {
    const first = samplesOf(series, counts.window, as).next();
    return first.done === true ? least : Math.min(least, first.value.at);
  }, now);
  return spanWords(now - oldest);
}
