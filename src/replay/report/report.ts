import type { DelaySeries } from "../../ledger/delays.ts";
import type { Move } from "../compare.ts";
import type {
  DimensionCounts,
  Gap,
  KeyLabels,
  ReplayCounts,
  ReplaySeries,
  SeriesLabels,
  ValueLabels,
} from "../counts.ts";
import { spanFlag } from "../spans.ts";
import type { ReplayWindow } from "../window.ts";
import { type DelayShares, delaySharesOf } from "./delay-shares.ts";
import { localTime, type Period, periodMs, periodStart } from "./local-time.ts";
import { percentile } from "./percentile.ts";
import { type SegmentSum, segmentParts, segmentSums } from "./segment-table.ts";

/**
 * The shape of `--report json`. Times are RFC 3339 in the zone asked for, spans such as `6h`, delays in seconds.
 * Receipts of a step that begins in one hour or day and ends in the next are counted in the first.
 */
export interface Report {
  readonly window: {
    readonly from: string;
    readonly to: string;
    readonly step: string;
    /** Null where nothing was to be left unread. */
    readonly slack: string | null;
    readonly by: ReplayWindow["by"];
  };
  /** Records read, those behind the window included. */
  readonly records: number;
  /** Receipts in the window: the sum of the counts. */
  readonly receipts: number;
  /** Records by reason; reasons that did not come are left out. */
  readonly malformed: Readonly<Record<string, number>>;
  /** Records that are no receipts by intent, by kind; kinds that did not come are left out. */
  readonly ignored: Readonly<Record<string, number>>;
  readonly conflicts: number;
  /** Receipts that came before, which are in no count, and those without a key; only where they are looked for. */
  readonly duplicates?: readonly (PeriodCounts & KeyLabels)[];
  readonly unkeyed?: readonly (PeriodCounts & KeyLabels)[];
  /** Receipts whose time is before or after the window: in no count. */
  readonly outside: { readonly before: number; readonly after: number };
  /** Receipts of the window that were recorded in the last tenth of the slack or later; 0 without a slack. */
  readonly late: number;
  /** Receipts without a time of their own, placed by their record's. */
  readonly undated: number;
  /** What the keys of `periods` are the start of: hours of a window of up to three days (unless a step is longer), else days. */
  readonly per: Period;
  /** The most frequent first. */
  readonly categories: readonly (PeriodCounts & { readonly category: string })[];
  /** Sorted by their labels. */
  readonly counts: readonly (PeriodCounts & SeriesLabels)[];
  readonly delays: readonly Delay[];
  /** The delays that a running exporter keeps, of what was delivered or failed, by provider, channel and outcome. */
  readonly receiptDelays: readonly DelayShares[];
  readonly gaps: readonly (Omit<Gap, "oldestAt"> & { readonly oldest?: string })[];
  /** The receipts by the values of each dimension, sorted by their labels; only where there are dimensions. */
  readonly dimensions?: Readonly<Record<string, readonly (PeriodCounts & Omit<ValueLabels, "dimension">)[]>>;
  /** The values that share the label `_other`: how many, and whether there were more. */
  readonly unnamedValues?: DimensionCounts["unnamed"];
  /** The segments by category and outcome, the most first; only where receipts say how many they have. */
  readonly segments?: readonly SegmentSum[];
  /** Codes that the map does not list and that share the label `_other`: how many, and whether there were more. */
  readonly unnamed: ReplayCounts["unnamed"];
  /** What was left unread behind the window: between which times, and whether it may hold receipts of the window. */
  readonly unread: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly offsets: number;
    readonly after: string;
    readonly until: string;
    readonly suspect: boolean;
  }[];
  /** Offsets behind a transaction that was open when the reading began: they could not be read yet. */
  readonly undecided: ReplayCounts["undecided"];
  /** How many of the receipts another map places elsewhere, and which; only where there is one to compare with. */
  readonly moved?: number;
  readonly moves?: readonly Move[];
}

export interface PeriodCounts {
  readonly count: number;
  /** By the start of the hour or day; those without a receipt are left out. */
  readonly periods: Readonly<Record<string, number>>;
}

/** How long receipts took: estimates from buckets. Beyond three days reads as three days. */
export interface Delay {
  readonly channel: string;
  readonly outcome: string;
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

const hourMs = 3_600_000;
const longestByHour = 72 * hourMs;

/**
 * What a replay counted, as a {@link Report}.
 *
 * @param utcOffsetMinutes where local days begin, and the zone of the times
 */
export function reportOf(counts: ReplayCounts, utcOffsetMinutes: number): Report {
  const { window } = counts;
  const zoned = (at: number) => localTime(at, utcOffsetMinutes);
  const per = window.to - window.from > longestByHour || window.step > hourMs ? "day" : "hour";
  const inPeriods = (one: Pick<ReplaySeries, "steps" | "counts" | "total">): PeriodCounts => ({
    count: one.total,
    periods: periodsOf(one, window, per, utcOffsetMinutes),
  });
  const series = counts.series.map((one) => ({ ...one.labels, ...inPeriods(one) }));
  return {
    window: {
      from: zoned(window.from),
      to: zoned(window.to),
      step: spanFlag(window.step),
      slack: window.slack === undefined ? null : spanFlag(window.slack),
      by: window.by,
    },
    records: counts.records,
    receipts: series.reduce((sum, { count }) => sum + count, 0),
    malformed: Object.fromEntries([...counts.malformed].filter(([, count]) => count > 0)),
    ignored: Object.fromEntries([...counts.ignored].filter(([, count]) => count > 0)),
    conflicts: counts.conflicts,
    ...(counts.keys && {
      duplicates: counts.keys.duplicates.map((one) => ({ ...one.labels, ...inPeriods(one) })),
      unkeyed: counts.keys.unkeyed.map((one) => ({ ...one.labels, ...inPeriods(one) })),
    }),
    outside: counts.outside,
    late: counts.late,
    undated: counts.undated,
    per,
    categories: [...Map.groupBy(series, ({ category }) => category)]
      .map(([category, own]) => ({ category, ...summed(own) }))
      .sort((a, b) => b.count - a.count || (a.category < b.category ? -1 : 1)),
    counts: series,
    delays: counts.delays.filter((series) => series.counts.some((count) => count > 0)).map(delayOf),
    receiptDelays: delaySharesOf(counts.receiptDelays),
    gaps: counts.gaps.map(({ oldestAt, ...gap }) =>
      oldestAt === undefined ? gap : { ...gap, oldest: zoned(oldestAt) },
    ),
    ...(counts.dimensions && byDimension(counts.dimensions, inPeriods)),
    ...(counts.segments && { segments: segmentSums(segmentParts(counts.segments)) }),
    unnamed: counts.unnamed,
    unread: counts.unread.map(({ after, until, suspect, ...own }) => ({
      ...own,
      after: zoned(after),
      until: zoned(until),
      suspect: suspect !== undefined,
    })),
    undecided: counts.undecided,
  };
}

function periodsOf(
  { steps, counts }: Pick<ReplaySeries, "steps" | "counts">,
  { from, step }: ReplayWindow,
  per: Period,
  utcOffsetMinutes: number,
): Record<string, number> {
  const periods: [start: string, count: number][] = [];
  for (let index = 0; index < counts.length;) {
    const start = periodStart(from + (steps[index] ?? 0) * step, per, utcOffsetMinutes);
    const end = (start + periodMs[per] - from) / step;
    let sum = 0;
    // A loop of little: it runs before it is compiled.
    for (; index < counts.length && (steps[index] ?? 0) < end; index++) sum += counts[index] ?? 0;
    periods.push([localTime(start, utcOffsetMinutes), sum]);
  }
  return Object.fromEntries(periods);
}

function byDimension(
  { names, series, unnamed }: DimensionCounts,
  inPeriods: (one: ReplaySeries<ValueLabels>) => PeriodCounts,
): Pick<Report, "dimensions" | "unnamedValues"> {
  const own = series.map((one) => ({ ...one.labels, ...inPeriods(one) }));
  const dimensions = names.map((name) => [
    name,
    own.filter(({ dimension }) => dimension === name).map(({ dimension, ...rest }) => rest),
  ]);
  return { dimensions: Object.fromEntries(dimensions), unnamedValues: unnamed };
}

/** Several counts as one. */
function summed(parts: readonly PeriodCounts[]): PeriodCounts {
  const periods: Record<string, number> = {};
  for (const part of parts) {
    for (const [start, count] of Object.entries(part.periods)) periods[start] = (periods[start] ?? 0) + count;
  }
  return { count: parts.reduce((sum, { count }) => sum + count, 0), periods };
}

function delayOf(series: DelaySeries): Delay {
  const { channel, outcome, counts } = series;
  // More digits than milliseconds would look like knowledge.
  const [p50 = 0, p95 = 0, p99 = 0] = [0.5, 0.95, 0.99].map(
    (share) => Math.round(1000 * percentile(series, share)) / 1000,
  );
  return { channel, outcome, count: counts.reduce((sum, count) => sum + count, 0), p50, p95, p99 };
}
