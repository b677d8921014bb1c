import { otherCode } from "../ledger/cells.ts";
import type { KeyCounter } from "../ledger/counter.ts";
import { Delays } from "../ledger/delays.ts";
import { ignoredKinds, malformedReasons } from "../receipts/receipt.ts";
import { emptyAside } from "./aside.ts";
import { Moves } from "./compare.ts";
import type {
  DimensionCounts,
  Gap,
  KeyCounts,
  KeyLabels,
  ReplayCounts,
  ReplaySeries,
  Unread,
} from "./counts.ts";
import { delayHistoryOf } from "./delay-history.ts";
import { addAside, addDelays, gathered } from "./gather.ts";
import { isCell, labelsOf, type Naming, namedCodes, namedValues } from "./named.ts";
import { orderMargin, recordsInOrder } from "./order.ts";
import type { StretchState } from "./replay-partition.ts";
import { segmentsBy } from "./segments.ts";
import { seriesOf, sortedByLabels } from "./series.ts";
import type { ShareState } from "./share.ts";
import type { ReplayState } from "./state-file.ts";
import type { TallyState } from "./tally.ts";
import type { ReplayWindow } from "./window.ts";

export interface MergeOptions extends Naming {
  readonly window: ReplayWindow;
  /** When the logs' ends were taken, in ms since the epoch. */
  readonly takenAt: number;
  /** The configured dimensions, in their order; those of all topics. */
  readonly dimensions: readonly string[];
  /** Whether a topic looks for duplicates. */
  readonly looksForDuplicates?: boolean;
}

/**
 * Puts together what the shares of a replay have counted. The result depends on the receipts alone: not on
 * how they were shared out, nor on the order in which they were read.
 */
export function mergeStates(
  states: readonly ShareState[],
  { window, takenAt, dimensions, looksForDuplicates = false, ...naming }: MergeOptions,
): ReplayCounts {
  const { stretches, tallies } = gathered(states);
  const series: ReplaySeries[] = [];
  const unnamed = { codes: 0, andMore: false };
  const aside = emptyAside();
  const delays = new Delays();
  for (const tally of tallies) {
    const named = namedCodes(tally, naming);
    unnamed.codes += named.unnamed;
    // Its memory had no room for more names.
    unnamed.andMore ||= tally.counters.some((counter) => isCell(counter) && counter.code === otherCode);
    series.push(...seriesOf(tally, named.slotLabels));
    addAside(aside, tally.aside);
    addDelays(delays, tally.delays);
  }
  return {
    window,
    series: sortedByLabels(series),
    unnamed,
    dimensions: dimensions.length === 0 ? undefined : countsBy(dimensions, tallies, naming),
    segments: segmentsBy(tallies),
    keys: looksForDuplicates ? keysOf(tallies) : undefined,
    records: aside.records,
    malformed: countsByWord(malformedReasons, aside.malformed),
    ignored: countsByWord(ignoredKinds, aside.ignored),
    conflicts: aside.conflicts,
    outside: { before: aside.before, after: aside.after },
    late: aside.late,
    undated: aside.undated,
    delays: [...delays.all()].sort((a, b) =>
      `${a.channel} ${a.outcome}` < `${b.channel} ${b.outcome}` ? -1 : 1,
    ),
    receiptDelays: delayHistoryOf(tallies),
    gaps: stretches.flatMap((state) => gapsOf(state, window)).sort(byPlace),
    unread: unreadOf({ states, takenAt }),
    undecided: stretches
      .map(({ stretch: { topic, partition, undecided } }) => ({ topic, partition, offsets: undecided }))
      .filter(({ offsets }) => offsets > 0)
      .sort(byPlace),
  };
}

function keysOf(tallies: readonly TallyState[]): KeyCounts {
  const seriesFor = (kind: KeyCounter["kind"]) =>
    sortedByLabels(
      tallies.flatMap((tally) => {
        const labels = tally.counters.map((counter): KeyLabels | undefined =>
          counter.kind === kind
            ? { topic: tally.topic, provider: counter.provider, channel: counter.channel }
            : undefined,
        );
        return seriesOf(tally, labels);
      }),
    );
  return { duplicates: seriesFor("duplicates"), unkeyed: seriesFor("unkeyed") };
}

function countsBy(
  names: readonly string[],
  tallies: readonly TallyState[],
  naming: Pick<Naming, "dimensionValues">,
): DimensionCounts {
  const named = tallies.map((tally) => ({ tally, ...namedValues(tally, naming) }));
  return {
    names,
    series: sortedByLabels(named.flatMap(({ tally, slotLabels }) => seriesOf(tally, slotLabels))),
    unnamed: {
      values: named.reduce((sum, { unnamed }) => sum + unnamed, 0),
      andMore: tallies.some(({ aside }) => aside.unnamed > 0),
    },
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

function gapsOf({ stretch, removed, lost, oldestAt }: StretchState, { from }: ReplayWindow): Gap[] {
  const { topic, partition, removedBefore } = stretch;
  const gaps: Gap[] = [];
  // A log that begins before the window still has all of it.
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

/** Counts that were kept by place in a closed set, by word; what never came is left out. */
function countsByWord<T extends string>(words: readonly T[], counts: readonly number[]): Map<T, number> {
  return new Map(words.map((word, index) => [word, counts[index] ?? 0] as const).filter(([, n]) => n > 0));
}
