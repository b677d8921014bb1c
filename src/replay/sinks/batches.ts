import type { ReplayCounts } from "../counts.ts";
import type { OpenMetricsOptions } from "./openmetrics.ts";
import { encodeLabels, type TimeSeries } from "./protobuf.ts";
import { familiesOf, type Sample, samplesOf, type WrittenAs } from "./samples.ts";

/** What one request carries. */
export interface Batch {
  readonly series: readonly TimeSeries[];
  /** How many, over all series. */
  readonly samples: number;
}

/** The usual `max_samples_per_send` of a Prometheus that sends. */
const batchSamples = 2_000;

/** A receiver's out-of-order window counts back from the newest sample it has, so all series walk side by side. */
const sliceMs = 3_600_000;

/** A series and the place in it. */
interface Cursor {
  readonly labels: Buffer;
  readonly samples: Iterator<Sample, void>;
  next: Sample | undefined;
}

/**
 * The samples of a replay in requests: all series of one hour, then those of the next.
 *
 * @param now ms since the epoch; later samples are moved here, see {@link clamp}
 * @param written counts the moved ones along
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
 * Moves what is later than `now` to `now`: a receiver refuses the future, or takes it and then refuses the past.
 * Of several samples at that moment a counter keeps the last, a gauge their sum, so that none of its receipts is lost.
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

/** @returns the end of the hour of the earliest sample that is left, in ms since the epoch; undefined without one */
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
