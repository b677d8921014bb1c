import { definitions } from "../../metrics/definitions.ts";
import type { ReplaySeries } from "../counts.ts";
import type { ReplayWindow } from "../window.ts";
import { spanFlag } from "./spans.ts";

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

/** Prometheus takes a series whose last sample is older than this for gone; in ms. */
const lookback = 300_000;

/** @param step of the window, in ms: a gauge's name carries it, for its values mean nothing without */
export function metricOf(as: WrittenAs, step: number): SampleMetric {
  const { name, help } = definitions.receipts;
  const family = name.replace(/_total$/, "");
  if (as === "counter") return { name, family, help };
  const gauge = `${family}_${spanFlag(step)}`;
  return {
    name: gauge,
    family: gauge,
    help: `Delivery receipts and API answers of the last ${spanFlag(step)}.`,
  };
}

/**
 * The samples of a series, their times strictly ascending.
 *
 * A counter begins with a 0 one step before its first receipts, for `increase` cannot see what a series is born
 * with. From there to the end of the window it has a sample at both ends of each step that counts something, so that
 * every receipt rises within its own step, and between them at least one every 5 minutes, so that it is never stale.
 * A gauge has one sample for each step that counts something.
 */
export function* samplesOf(series: ReplaySeries, window: ReplayWindow, as: WrittenAs): Generator<Sample> {
  yield* as === "counter" ? counterSamples(series, window) : gaugeSamples(series, window);
}

function* counterSamples({ steps, counts }: ReplaySeries, window: ReplayWindow): Generator<Sample> {
  const { from, to, step } = window;
  const end = (to - from) / step;
  const stride = Math.max(1, Math.floor(lookback / step));
  // Steps that have passed since `from` at the last sample.
  let passed = steps[0] ?? end;
  if (passed === end) return;
  let value = 0;
  yield { at: from + passed * step, value };
  for (let index = 0; ; index++) {
    const next = steps[index] ?? end;
    while (passed < next) {
      passed = Math.min(passed + stride, next);
      yield { at: from + passed * step, value };
    }
    const count = counts[index];
    if (count === undefined) return;
    value += count;
    passed = next + 1;
    yield { at: from + passed * step, value };
  }
}

function* gaugeSamples({ steps, counts }: ReplaySeries, window: ReplayWindow): Generator<Sample> {
  for (const [index, value] of counts.entries()) {
    yield { at: window.from + ((steps[index] ?? 0) + 1) * window.step, value };
  }
}
