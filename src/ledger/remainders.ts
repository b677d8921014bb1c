import { otherValue } from "../receipts/dimensions/dimension.ts";
import type {
  Counter,
  DelayCounter,
  DimensionCounter,
  ReceiptCounter,
  SegmentCounter,
  SegmentReceiptsCounter,
  UnmeasuredCounter,
} from "./counter.ts";
import type { Counts } from "./counts.ts";
import { measuredOutcomes } from "./delay-parts.ts";
import { otherCategory, segmentedOutcomes } from "./receipt-segments.ts";
import type { SnapshotCounter, SnapshotState } from "./snapshot/state.ts";

/** A cell of a snapshot as it is counted today. */
export function cellAgain(counts: Counts, { provider, scope, code, category, outcome }: ReceiptCounter) {
  return counts.cell(provider, scope, code, category, outcome);
}

/**
 * The counters of a snapshot, including those that it omits because they follow from the receipts: `_other` of a
 * dimension, and `not_kept` delays and segments. So receipts from before a dimension was configured, or counted by a
 * version without delays or segments, are included. Dimensions that are no longer configured are ignored.
 *
 * Counts that exceed the receipts are not trusted: an earlier version without them has counted in between, or the map
 * has moved a scope to another channel.
 */
export function withRemainders(counts: Counts, { counters, zerosSeen }: SnapshotState): SnapshotCounter[] {
  const entries = counters.filter(({ counter }) => !isPartOfReceipts(counter));
  const cells = entries.flatMap(({ counter, count }) =>
    counter.kind === "receipts" ? [{ of: cellAgain(counts, counter), count }] : [],
  );
  const totals = totalsBy(cells, columnOf);
  for (const dimension of counts.dimensions) {
    const own = counters.flatMap(({ counter, count, seen }) =>
      counter.kind === "receiptsBy" && counter.dimension === dimension ? [{ counter, count, seen }] : [],
    );
    const byColumn = Map.groupBy(own, ({ counter }) => columnOf(counter));
    for (const [column, { of, count }] of totals) {
      const there = byColumn.get(column) ?? [];
      const named = there.filter(({ counter }) => counter.value !== otherValue);
      const sum = sumOf(named);
      const kept = sum <= count ? named : [];
      entries.push(...kept);
      const rest = kept.length === 0 ? count : count - sum;
      if (rest === 0) continue;
      const { provider, channel, category, outcome } = of;
      const labels = { provider, channel, category, outcome, dimension, value: otherValue };
      const seen = there.find(({ counter }) => counter.value === otherValue)?.seen ?? zerosSeen;
      entries.push({ counter: { kind: "receiptsBy", ...labels }, count: rest, seen });
    }
  }
  entries.push(...delaysOf(counters, totalsBy(cells, delayColumnOf), zerosSeen));
  if (counts.countsSegments) entries.push(...segmentsOf(counters, cells, zerosSeen));
  return entries;
}

/** The segments of a snapshot, and how many of the receipts of each of their columns they leave. */
function segmentsOf(
  counters: readonly SnapshotCounter[],
  cells: Parameters<typeof totalsBy>[0],
  zerosSeen: boolean,
): SnapshotCounter[] {
  const own = counters.flatMap(({ counter, count, seen }) =>
    isOfSegments(counter) ? [{ counter, count, seen }] : [],
  );
  // Once categories are counted together, all are.
  const isFolded = own.some(({ counter }) => counter.category === otherCategory);
  const keyOf = (of: SegmentCounter | SegmentReceiptsCounter | ReceiptCounter) =>
    segmentColumnOf(of, isFolded ? otherCategory : of.category);
  const byColumn = Map.groupBy(own, ({ counter }) => keyOf(counter));
  const entries: SnapshotCounter[] = [];
  for (const [column, { of, count }] of totalsBy(cells, keyOf)) {
    const { provider, channel, outcome } = of;
    if (channel === "voice" || !segmentedOutcomes.includes(outcome)) continue;
    const there = byColumn.get(column) ?? [];
    const named = there.filter(({ counter }) => !isNotKept(counter));
    const sum = sumOf(named.filter(({ counter }) => counter.kind === "segmentReceipts"));
    const kept = sum <= count ? named : [];
    entries.push(...kept);
    const rest = kept.length === 0 ? count : count - sum;
    if (rest === 0) continue;
    const seen = there.find(({ counter }) => isNotKept(counter))?.seen ?? zerosSeen;
    const category = isFolded ? otherCategory : of.category;
    const labels = { provider, channel, category, outcome, segments: "not_kept" } as const;
    entries.push({ counter: { kind: "segmentReceipts", ...labels }, count: rest, seen });
  }
  return entries;
}

/** The delays of a snapshot, and what they leave of the receipts of their provider, channel and outcome. */
function delaysOf(
  counters: readonly SnapshotCounter[],
  totals: ReadonlyMap<string, Total>,
  zerosSeen: boolean,
): SnapshotCounter[] {
  const own = counters.flatMap(({ counter, count, seen }) =>
    counter.kind === "delays" || counter.kind === "unmeasured" ? [{ counter, count, seen }] : [],
  );
  const byColumn = Map.groupBy(own, ({ counter }) => delayColumnOf(counter));
  const entries: SnapshotCounter[] = [];
  for (const [column, { of, count }] of totals) {
    if (!measuredOutcomes.includes(of.outcome)) continue;
    const there = byColumn.get(column) ?? [];
    const named = there.filter(({ counter }) => !isNotKept(counter));
    const sum = sumOf(named.filter(({ counter }) => !(counter.kind === "delays" && counter.part === "sum")));
    const kept = sum <= count ? named : [];
    entries.push(...kept);
    const rest = kept.length === 0 ? count : count - sum;
    if (rest === 0) continue;
    const { provider, channel, outcome } = of;
    const seen = there.find(({ counter }) => isNotKept(counter))?.seen ?? zerosSeen;
    entries.push({
      counter: { kind: "unmeasured", provider, channel, outcome, reason: "not_kept" },
      count: rest,
      seen,
    });
  }
  return entries;
}

/** The receipts of one column. */
interface Total {
  readonly of: ReceiptCounter;
  count: number;
}

function totalsBy(
  cells: readonly { readonly of: ReceiptCounter; readonly count: number }[],
  keyOf: (cell: ReceiptCounter) => string,
): Map<string, Total> {
  const totals = new Map<string, Total>();
  for (const { of, count } of cells) {
    const total = totals.get(keyOf(of));
    if (total === undefined) totals.set(keyOf(of), { of, count });
    else total.count += count;
  }
  return totals;
}

function isPartOfReceipts({ kind }: SnapshotCounter["counter"]): boolean {
  return ["receiptsBy", "delays", "unmeasured", "segments", "segmentReceipts"].includes(kind);
}

function isNotKept(counter: Counter): boolean {
  if (counter.kind === "segmentReceipts") return counter.segments === "not_kept";
  return counter.kind === "unmeasured" && counter.reason === "not_kept";
}

function isOfSegments(counter: Counter): counter is SegmentCounter | SegmentReceiptsCounter {
  return counter.kind === "segments" || counter.kind === "segmentReceipts";
}

function segmentColumnOf(
  { provider, channel, outcome }: Pick<ReceiptCounter, "provider" | "channel" | "outcome">,
  category: string,
): string {
  return `${provider}\t${channel}\t${category}\t${outcome}`;
}

function sumOf(entries: readonly { readonly count: number }[]): number {
  return entries.reduce((sum, { count }) => sum + count, 0);
}

function columnOf({ provider, channel, category, outcome }: ReceiptCounter | DimensionCounter): string {
  return `${provider}\t${channel}\t${category}\t${outcome}`;
}

function delayColumnOf({
  provider,
  channel,
  outcome,
}: ReceiptCounter | DelayCounter | UnmeasuredCounter): string {
  return `${provider}\t${channel}\t${outcome}`;
}
