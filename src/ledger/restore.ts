import type { Counts } from "./counts.ts";
import { cellAgain, withRemainders } from "./remainders.ts";
import type { SnapshotState } from "./snapshot/state.ts";

/**
 * Loads committed counts into new ones, those seen by a scrape first: the seen ones are the first slots.
 *
 * @returns how many leading counters a scrape has seen
 */
export function restoreCounts(counts: Counts, state: SnapshotState): number {
  if (state.folded !== undefined) counts.closeIdle(state.folded);
  const entries = withRemainders(counts, state);
  let seen = 0;
  for (const wanted of [true, false]) {
    for (const { counter, count, seen: wasSeen } of entries) {
      if (wasSeen !== wanted) continue;
      const slot = counts.slot(counter.kind === "receipts" ? cellAgain(counts, counter) : counter);
      if (slot === -1) continue;
      // Labels that differ in the snapshot may have become the same label.
      counts.bySlot[slot] = (counts.bySlot[slot] ?? 0) + count;
    }
    if (wanted && state.zerosSeen) seen = counts.counters.length;
  }
  counts.openListed();
  counts.lastEvent.restore(state.lastEventAt);
  return seen;
}
