import { definitions } from "../../metrics/definitions.ts";
import type { KeyLabels, ReplayCounts, ReplaySeries, SeriesLabels, ValueLabels } from "../counts.ts";
import { spanFlag, spanWords } from "../spans.ts";
import type { ReplayWindow } from "../window.ts";

/**
 * What a history is written as. `counter`: as the live counter is, so that the same panels and rules read it.
 * `gauge`: each step's own count, exact in `sum_over_time` and the same however often it is written.
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
  /** The name of its samples. */
  readonly name: string;
  /** The name of its family: OpenMetrics' name of a counter has no `_total`. */
  readonly family: string;
  readonly help: string;
}

/** What of a series its samples depend on. */
type Steps = Pick<ReplaySeries, "steps" | "counts">;

/** A metric and its series. */
export interface SampleFamily {
  readonly metric: SampleMetric;
  readonly series: readonly ReplaySeries<Labels>[];
}

export type Labels = SeriesLabels | ValueLabels | KeyLabels;

/** What a history is written as: the receipts, and behind them those by dimension and the duplicates, where they are asked for. */
export function familiesOf(
  { window, series, dimensions, keys }: ReplayCounts,
  as: WrittenAs,
): SampleFamily[] {
  const family = (counted: Counted, series: SampleFamily["series"]) => ({
    metric: metricOf(as, window.step, counted),
    series,
  });
  return [
    family("receipts", series),
    ...(dimensions === undefined ? [] : [family("receiptsBy", dimensions.series)]),
    ...(keys === undefined ? [] : [family("duplicates", keys.duplicates), family("unkeyed", keys.unkeyed)]),
  ];
}

/** What a history can count. */
type Counted = "receipts" | "receiptsBy" | "duplicates" | "unkeyed";

/**
 * @param step of the window, in ms: a gauge's name carries it, for its values mean nothing without
 * @param counted the receipts by code, those by dimension, or what is said of their keys
 */
export function metricOf(as: WrittenAs, step: number, counted: Counted = "receipts"): SampleMetric {
  const { name, help } = definitions[counted];
  const family = name.replace(/_total$/, "");
  if (as === "counter") return { name, family, help };
  const gauge = `${family}_${spanFlag(step)}`;
  return { name: gauge, family: gauge, help: gaugeHelp[counted](spanFlag(step)) };
}

const gaugeHelp = {
  receipts: (span: string) => `Delivery receipts and API answers of the last ${span}.`,
  receiptsBy: (span: string) => `The receipts of the last ${span} by a configured dimension.`,
  duplicates: (span: string) => `Receipts of the last ${span} that came before; they count nowhere else.`,
  unkeyed: (span: string) => `Receipts of the last ${span} that lack a part of the topic's key.`,
};

/**
 * The samples of a series, their times strictly ascending.
 *
 * A counter begins with a 0 one step before its first receipts, for `increase` cannot see what a series is born
 * with. From there to the end of the window it has a sample at the end of each step, whether that counts something or
 * not, as a live one has at each scrape: `rate` and `increase` take samples for evenly spread, and stretch what they
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
