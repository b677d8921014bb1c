import { type Counter, counterKey } from "../ledger/counter.ts";
import { type DelaySeries, Delays } from "../ledger/delays.ts";
import { type Aside, emptyAside } from "./aside.ts";
import { addSum, type DelaySums } from "./delay-sums.ts";
import type { MoveCounts } from "./other-map.ts";
import type { ShareState } from "./share.ts";
import type { TallyState } from "./tally.ts";
import { type Blocks, Timeline } from "./timeline.ts";

/**
 * Merges the counts of several shares, with one tally for each topic: its size depends on the counts, not on the
 * number of shares. The order of the shares only affects the order of counters.
 */
export function gathered(states: readonly ShareState[]): ShareState {
  const byTopic = Map.groupBy(
    states.flatMap(({ tallies }) => tallies),
    ({ topic }) => topic,
  );
  return {
    stretches: states.flatMap(({ stretches }) => stretches),
    tallies: [...byTopic].map(([topic, tallies]) => gatheredTally(topic, tallies)),
  };
}

function gatheredTally(topic: string, tallies: readonly TallyState[]): TallyState {
  const counters = new Counters();
  const otherCounters = new Counters();
  const delays = new Delays();
  const delaySums: DelaySums = new Map();
  const aside = emptyAside();
  const moves: MoveCounts = new Map();
  const slotsOf = tallies.map((tally) => tally.counters.map((counter) => counters.slot(counter)));
  for (const [place, tally] of tallies.entries()) {
    const slots = slotsOf[place] ?? [];
    const otherSlots = tally.otherCounters.map((counter) => otherCounters.slot(counter));
    for (const [from, sums] of tally.delaySums) {
      for (const [step, seconds] of sums) addSum(delaySums, slots[from] ?? -1, step, seconds);
    }
    for (const [key, count] of tally.moves) {
      const [other = 0, slot = 0, day = 0] = key.split(" ").map(Number);
      const moved = `${otherSlots[other]} ${slots[slot]} ${day}`;
      moves.set(moved, (moves.get(moved) ?? 0) + count);
    }
    addAside(aside, tally.aside);
    addDelays(delays, tally.delays);
  }
  return {
    topic,
    counters: counters.all,
    otherCounters: otherCounters.all,
    blocks: gatheredBlocks(tallies, slotsOf),
    delays: [...delays.all()],
    delaySums,
    aside,
    moves,
  };
}

/** @param slotsOf for each tally the new slots of its counters */
function gatheredBlocks(tallies: readonly TallyState[], slotsOf: readonly (readonly number[])[]): Blocks {
  const [only, ...others] = tallies;
  // Most are alone, and remain as they are: a month of counts is large.
  if (only !== undefined && others.length === 0 && slotsOf[0]?.every((slot, from) => slot === from))
    return only.blocks;
  const timeline = new Timeline();
  for (const [place, { blocks }] of tallies.entries())
    timeline.merge(blocks, (slot) => slotsOf[place]?.[slot] ?? -1);
  return timeline.blocks();
}

/** Counters in order of first occurrence. */
class Counters {
  readonly all: Counter[] = [];
  readonly #slots = new Map<string, number>();

  slot(counter: Counter): number {
    const key = counterKey(counter);
    const slot = this.#slots.get(key) ?? this.all.length;
    if (slot === this.all.length) {
      this.#slots.set(key, slot);
      this.all.push(counter);
    }
    return slot;
  }
}

export function addAside(into: Aside, { malformed, ignored, ...counts }: Aside): void {
  for (const [name, count] of Object.entries(counts)) into[name as keyof typeof counts] += count;
  addEach(into.malformed, malformed);
  addEach(into.ignored, ignored);
}

function addEach(into: number[], counts: readonly number[]): void {
  for (const [index, count] of counts.entries()) into[index] = (into[index] ?? 0) + count;
}

export function addDelays(into: Delays, delays: readonly DelaySeries[]): void {
  for (const { channel, outcome, counts, sum } of delays) {
    const merged = into.series(channel, outcome);
    for (const [index, count] of counts.entries()) merged.counts[index] = (merged.counts[index] ?? 0) + count;
    // Times are whole milliseconds: rounded to them, a sum does not depend on the order.
    merged.sum = Math.round((merged.sum + sum) * 1000) / 1000;
  }
}
