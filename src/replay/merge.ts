import { otherCode } from "../ledger/cells.ts";
import type { Counter, ReceiptCounter } from "../ledger/counter.ts";
import { Delays } from "../ledger/delays.ts";
import { malformedReasons } from "../receipts/receipt.ts";
import { Moves } from "./compare.ts";
import type { Gap, ReplayCounts, ReplaySeries, SeriesLabels } from "./counts.ts";
import type { ShareState, StretchState } from "./share.ts";
import { emptyAside, type TallyState } from "./tally.ts";
import { Timeline } from "./timeline.ts";
import type { ReplayWindow } from "./window.ts";

export interface MergeOptions {
  readonly window: ReplayWindow;
  /** Whether a code is listed in the map; of those that are not, the commonest keep their name. */
  readonly isListed: (cell: SeriesLabels) => boolean;
  /** How many unlisted codes keep their name in each topic; the rest is `_other`. */
  readonly unknownCodes: number;
}

/**
 * Puts together what the shares of a replay have counted. The result depends on the receipts alone: not on
 * how they were shared out, nor on the order in which they were read.
 */
export function mergeStates(
  states: readonly ShareState[],
  { window, isListed, unknownCodes }: MergeOptions,
): ReplayCounts {
  const byTopic = Map.groupBy(
    states.flatMap(({ tallies }) => tallies),
    ({ topic }) => topic,
  );
  const series = [...byTopic].flatMap(([topic, tallies]) =>
    seriesOf(topic, tallies, { window, isListed, unknownCodes }),
  );
  const aside = emptyAside();
  const delays = new Delays();
  for (const tally of [...byTopic.values()].flat()) {
    for (const key of ["records", "conflicts", "before", "after", "late", "undated"] as const) {
      aside[key] += tally.aside[key];
    }
    for (const [index, count] of tally.aside.malformed.entries()) {
      aside.malformed[index] = (aside.malformed[index] ?? 0) + count;
    }
    for (const { channel, outcome, counts, sum } of tally.delays) {
      const merged = delays.series(channel, outcome);
      for (const [index, count] of counts.entries())
        merged.counts[index] = (merged.counts[index] ?? 0) + count;
      // Times are whole milliseconds: rounded to them, a sum does not depend on the order.
      merged.sum = Math.round((merged.sum + sum) * 1000) / 1000;
    }
  }
  const malformed = malformedReasons.map((reason, index) => [reason, aside.malformed[index] ?? 0] as const);
  return {
    window,
    series: series.sort((a, b) => (labelKey(a.labels) < labelKey(b.labels) ? -1 : 1)),
    records: aside.records,
    malformed: new Map(malformed.filter(([, count]) => count > 0)),
    conflicts: aside.conflicts,
    outside: { before: aside.before, after: aside.after },
    late: aside.late,
    undated: aside.undated,
    delays: [...delays.all()].sort((a, b) =>
      `${a.channel} ${a.outcome}` < `${b.channel} ${b.outcome}` ? -1 : 1,
    ),
    gaps: states
      .flatMap(({ stretches }) => stretches)
      .flatMap((state) => gapsOf(state, window))
      .sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition)),
  };
}

/** What the map of the replay does to receipts that the other map placed. */
export function movesOf(states: readonly ShareState[]): Moves {
  const moves = new Moves();
  for (const { topic, counters, otherCounters, moves: counted } of states.flatMap(({ tallies }) => tallies)) {
    for (const [key, count] of counted) {
      const [otherSlot = 0, slot = 0, day = 0] = key.split(" ").map(Number);
      const before = otherCounters[otherSlot];
      const after = counters[slot];
      if (isCell(before) && isCell(after))
        moves.add(labelsOf(topic, before), labelsOf(topic, after), day, count);
    }
  }
  return moves;
}

function seriesOf(topic: string, tallies: readonly TallyState[], options: MergeOptions): ReplaySeries[] {
  const slots = new Map<string, number>();
  const labels: SeriesLabels[] = [];
  const totals: number[] = [];
  const timeline = new Timeline();
  const slotOf = (cell: SeriesLabels): number => {
    const key = labelKey(cell);
    const slot = slots.get(key) ?? labels.length;
    if (slot === labels.length) {
      slots.set(key, slot);
      labels.push(cell);
      totals.push(0);
    }
    return slot;
  };
  const named = namedCodes(topic, tallies, options);
  for (const { counters, pieces } of tallies) {
    for (const [from, at, counts] of pieces) {
      const counter = counters[from];
      if (!isCell(counter)) continue;
      const cell = labelsOf(topic, counter);
      const kept = !isLimited(cell, options) || named.has(codeKey(cell));
      const slot = slotOf(kept ? cell : { ...cell, code: otherCode });
      timeline.merge(slot, at, counts);
      totals[slot] = (totals[slot] ?? 0) + sumOf(counts);
    }
  }
  return labels.map((cell, slot) => {
    const steps = [...timeline.steps(slot)];
    return {
      labels: cell,
      steps: Uint32Array.from(steps, ([step]) => step),
      counts: Uint32Array.from(steps, ([, count]) => count),
      total: totals[slot] ?? 0,
    };
  });
}

/** The unlisted codes that keep their name: the commonest, and of equals the first by name. */
function namedCodes(topic: string, tallies: readonly TallyState[], options: MergeOptions): Set<string> {
  const totals = new Map<string, number>();
  for (const { counters, pieces } of tallies) {
    for (const [slot, , counts] of pieces) {
      const counter = counters[slot];
      if (!isCell(counter)) continue;
      const cell = labelsOf(topic, counter);
      if (!isLimited(cell, options)) continue;
      totals.set(codeKey(cell), (totals.get(codeKey(cell)) ?? 0) + sumOf(counts));
    }
  }
  const sorted = [...totals].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return new Set(sorted.slice(0, options.unknownCodes).map(([key]) => key));
}

/** Labels of our own, such as `_none`, always stay; no code as sent begins like them. */
function isLimited(cell: SeriesLabels, { isListed }: MergeOptions): boolean {
  return !cell.code.startsWith("_") && !isListed(cell);
}

function gapsOf({ stretch, removed, lost, oldestAt }: StretchState, { from }: ReplayWindow): Gap[] {
  const { topic, partition, removedBefore } = stretch;
  const gaps: Gap[] = [];
  // A log that begins before the window has lost nothing of it.
  const before = oldestAt === undefined || oldestAt > from ? removedBefore : 0;
  if (before > 0) gaps.push({ topic, partition, offsets: before, reason: "retention", oldestAt });
  if (lost > 0) gaps.push({ topic, partition, offsets: lost, reason: "deleted", oldestAt: undefined });
  if (removed > 0) gaps.push({ topic, partition, offsets: removed, reason: "removed", oldestAt: undefined });
  return gaps;
}

function isCell(counter: Counter | undefined): counter is ReceiptCounter {
  return counter?.kind === "receipts";
}

function labelsOf(topic: string, cell: ReceiptCounter): SeriesLabels {
  const { provider, channel, scope, code, category, outcome } = cell;
  return { topic, provider, channel, scope, code, category, outcome };
}

function labelKey({ topic, provider, channel, scope, code, category, outcome }: SeriesLabels): string {
  return [topic, provider, channel, scope, code, category, outcome].join("\t");
}

function codeKey({ provider, scope, code }: SeriesLabels): string {
  return [provider, scope, code].join("\t");
}

function sumOf(counts: Uint32Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
