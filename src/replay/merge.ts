import { otherCode } from "../ledger/cells.ts";
import type { Counter, ReceiptCounter } from "../ledger/counter.ts";
import { Delays } from "../ledger/delays.ts";
import { malformedReasons } from "../receipts/receipt.ts";
import { Moves } from "./compare.ts";
import type { Gap, ReplayCounts, ReplaySeries, SeriesLabels, Unread } from "./counts.ts";
import { addAside, addDelays, gathered } from "./gather.ts";
import { orderMargin, recordsInOrder } from "./order.ts";
import type { ShareState, StretchState } from "./share.ts";
import type { ReplayState } from "./state-file.ts";
import { emptyAside, type TallyState } from "./tally.ts";
import { Timeline, totalsOf } from "./timeline.ts";
import type { ReplayWindow } from "./window.ts";

export interface MergeOptions {
  readonly window: ReplayWindow;
  /** When the logs' ends were taken, in ms since the epoch. */
  readonly takenAt: number;
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
  { window, takenAt, isListed, unknownCodes }: MergeOptions,
): ReplayCounts {
  const { stretches, tallies } = gathered(states);
  const series: ReplaySeries[] = [];
  const unnamed = { codes: 0, andMore: false };
  const aside = emptyAside();
  const delays = new Delays();
  for (const tally of tallies) {
    const named = namedCodes(tally, { isListed, unknownCodes });
    unnamed.codes += named.unnamed;
    // Its memory had no room for more names.
    unnamed.andMore ||= tally.counters.some((counter) => isCell(counter) && counter.code === otherCode);
    series.push(...seriesOf(tally, named.slotLabels));
    addAside(aside, tally.aside);
    addDelays(delays, tally.delays);
  }
  const malformed = malformedReasons.map((reason, index) => [reason, aside.malformed[index] ?? 0] as const);
  return {
    window,
    series: series.sort((a, b) => (labelKey(a.labels) < labelKey(b.labels) ? -1 : 1)),
    unnamed,
    records: aside.records,
    malformed: new Map(malformed.filter(([, count]) => count > 0)),
    conflicts: aside.conflicts,
    outside: { before: aside.before, after: aside.after },
    late: aside.late,
    undated: aside.undated,
    delays: [...delays.all()].sort((a, b) =>
      `${a.channel} ${a.outcome}` < `${b.channel} ${b.outcome}` ? -1 : 1,
    ),
    gaps: stretches.flatMap((state) => gapsOf(state, window)).sort(byPlace),
    unread: unreadOf({ states, takenAt }),
    undecided: stretches
      .map(({ stretch: { topic, partition, undecided } }) => ({ topic, partition, offsets: undecided }))
      .filter(({ offsets }) => offsets > 0)
      .sort(byPlace),
  };
}

/** What the map of the replay does to receipts that the other map placed. */
export function movesOf(states: readonly ShareState[]): Moves {
  const moves = new Moves();
  for (const { topic, counters, otherCounters, moves: counted, aside } of states.flatMap(
    ({ tallies }) => tallies,
  )) {
    moves.keep(aside.unmoved);
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

/** @param slotLabels the labels that each slot counts under; undefined for what is no receipt */
function seriesOf(
  { blocks, counters }: TallyState,
  slotLabels: readonly (SeriesLabels | undefined)[],
): ReplaySeries[] {
  const slots = new Map<string, number>();
  const labels: SeriesLabels[] = [];
  const timeline = new Timeline();
  const used = new Set(blocks.slots);
  const merged = counters.map((_, from) => {
    const cell = slotLabels[from];
    if (cell === undefined || !used.has(from)) return -1;
    const key = labelKey(cell);
    const slot = slots.get(key) ?? labels.length;
    if (slot === labels.length) {
      slots.set(key, slot);
      labels.push(cell);
    }
    return slot;
  });
  timeline.merge(blocks, (slot) => merged[slot] ?? -1);
  return timeline.bySlot(labels.length).flatMap(({ steps, counts }, slot) => {
    const cell = labels[slot];
    return cell === undefined ? [] : [{ labels: cell, steps, counts, total: sumOf(counts) }];
  });
}

/**
 * The labels that each slot counts under. Of the codes that are not listed, the commonest keep their name, and of equals
 * the first by name.
 */
function namedCodes(
  { topic, counters, blocks }: TallyState,
  { isListed, unknownCodes }: Pick<MergeOptions, "isListed" | "unknownCodes">,
): { readonly slotLabels: (SeriesLabels | undefined)[]; readonly unnamed: number } {
  const slotTotals = totalsOf(blocks);
  const cells = counters.map((counter) => (isCell(counter) ? labelsOf(topic, counter) : undefined));
  const limited = cells.map((cell) => cell !== undefined && isLimited(cell, isListed));
  const totals = new Map<string, number>();
  for (const [slot, cell] of cells.entries()) {
    const total = slotTotals[slot] ?? 0;
    if (cell === undefined || limited[slot] !== true || total === 0) continue;
    totals.set(codeKey(cell), (totals.get(codeKey(cell)) ?? 0) + total);
  }
  const sorted = [...totals].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const named = new Set(sorted.slice(0, unknownCodes).map(([key]) => key));
  const slotLabels = cells.map((cell, slot) => {
    if (cell === undefined || limited[slot] !== true || named.has(codeKey(cell))) return cell;
    return { ...cell, code: otherCode };
  });
  return { slotLabels, unnamed: sorted.length - named.size };
}

/** Labels of our own, such as `_none`, always stay; no code as sent begins like them. */
function isLimited(cell: SeriesLabels, isListed: MergeOptions["isListed"]): boolean {
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

/**
 * What was left unread since the log had passed the window. Where the records of a topic are further out of order than is
 * believed, it may hold some that were asked for.
 */
export function unreadOf({ states, takenAt }: Pick<ReplayState, "states" | "takenAt">): Unread[] {
  const stretches = states.flatMap((share) => share.stretches);
  const disorder = new Map<string, number>();
  for (const { stretch, order } of stretches) {
    disorder.set(stretch.topic, Math.max(disorder.get(stretch.topic) ?? 0, order.disorder));
  }
  const unread = stretches.flatMap(({ stretch: { topic, partition, end }, next, order }) => {
    if (order.run < recordsInOrder || next >= end) return [];
    const late = disorder.get(topic) ?? 0;
    const suspect = late > orderMargin ? late : undefined;
    return [{ topic, partition, offsets: end - next, after: order.lastAt ?? 0, until: takenAt, suspect }];
  });
  return unread.sort(byPlace);
}

interface Place {
  readonly topic: string;
  readonly partition: number;
}

function byPlace(a: Place, b: Place): number {
  return a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition;
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
