import type { ReplayCounts } from "../counts.ts";
import type { OpenMetricsOptions } from "./openmetrics.ts";
import { encodeLabels, type TimeSeries } from "./protobuf.ts";
import { familiesOf, type Sample, samplesOf, type WrittenAs } from "./samples.ts";

/** The content of one request. */
export interface Batch {
  readonly series: readonly TimeSeries[];
  /** Number of samples in all series. */
  readonly samples: number;
}

/** The default `max_samples_per_send` of Prometheus. */
const batchSamples = 2_000;

/** A receiver's out-of-order window is relative to its newest sample, so all series advance together. */
const sliceMs = 3_600_000;

/** A series and a position in it. */
interface Cursor {
  readonly labels: Buffer;
  readonly samples: Iterator<Sample, void>;
  next: Sample | undefined;
}

/**
 * Splits a replay's samples into requests: all series of one hour, then those of the next.
 *
 * @param now ms since the epoch; later samples are moved to it, see {@link clamp}
 * @param written counts the moved ones
 */
export function* batchesOf(
  counts: ReplayCounts,
  { as, job, instance, now }: OpenMetricsOptions & { readonly now: number },
  written: { clamped: number },
): Generator<Batch> {
  const cursors = familiesOf(counts, as).flatMap(({ groups }) =>
    groups.flat().map((one): Cursor => {
      const samples = clamp(samplesOf(one, counts.window, as), as, now, written);
      const labels = encodeLabels({ ...one.labels, __name__: one.name, job, instance });
      return { labels, samples, next: samples.next().value ?? undefined };
    }),
  );
  for (let end = nextSlice(cursors); end !== undefined; end = nextSlice(cursors)) {
    let series: TimeSeries[] = [];
    let size = 0;
    for (const cursor of cursors) {
      while (cursor.next !== undefined && cursor.next.at < end) {
        const samples = take(cursor, end, batchSamples - size);
        series.push({ labels: cursor.labels, samples });
        size += samples.length;
        if (size < batchSamples) continue;
        yield { series, samples: size };
        series = [];
        size = 0;
      }
    }
    if (size > 0) yield { series, samples: size };
  }
}

/**
 * Moves samples later than `now` to `now`: a receiver rejects the future, or accepts it and then rejects the past. If
 * several land there, a counter keeps the last, a gauge their sum, so that no receipts are lost.
 */
function* clamp(
  samples: Iterable<Sample>,
  as: WrittenAs,
  now: number,
  written: { clamped: number },
): Generator<Sample, void> {
  let last: Sample | undefined;
  for (const { at, value } of samples) {
    if (at < now) {
      yield { at, value };
      continue;
    }
    if (at > now) written.clamped++;
    last = { at: now, value: as === "gauge" ? (last?.value ?? 0) + value : value };
  }
  if (last !== undefined) yield last;
}

/** @returns the end of the hour of the earliest remaining sample, in ms since the epoch; undefined without one */
function nextSlice(cursors: readonly Cursor[]): number | undefined {
  const earliest = cursors.reduce((least, { next }) => Math.min(least, next?.at ?? Infinity), Infinity);
  return earliest === Infinity ? undefined : (Math.floor(earliest / sliceMs) + 1) * sliceMs;
}

/** The next samples of a series before `end`, at most `limit`. */
function take(cursor: Cursor, end: number, limit: number): Sample[] {
  const samples: Sample[] = [];
  while (cursor.next !== undefined && cursor.next.at < end && samples.length < limit) {
    samples.push(cursor.next);
    cursor.next = cursor.samples.next().value ?? undefined;
  }
  return samples;
}
