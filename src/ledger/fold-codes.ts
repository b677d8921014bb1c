import type { Counts } from "./counts.ts";

/** Down to which part of the limit codes are folded, so that it does not happen at every commit. */
const foldedShare = 0.75;

/** The least part of the codes that is folded at once. */
const smallestStep = 1 / 32;

/** By which factor the limit has to grow before folded codes are taken again: what they left is never room enough. */
const unfoldingFactor = 1.5;

/**
 * Makes the snapshot fit, in this order: counts the segments of all categories together, drops delay buckets, folds the
 * rarest values of dimensions into `_other` of their dimension, and folds the rarest codes into `_other` of their
 * category and outcome, until it takes three quarters of the limit or nothing is left to fold.
 *
 * @param encode returns the snapshot of the current counts
 * @returns the last snapshot: longer than the limit when not even the totals by category and outcome fit
 */
export function foldToFit(counts: Counts, limit: number, encode: () => string): string {
  let snapshot = encode();
  if (snapshot.length > limit && counts.foldSegments()) snapshot = encode();
  while (snapshot.length > limit && counts.foldDelays()) snapshot = encode();
  if (snapshot.length <= limit) return snapshot;
  const wanted = limit * foldedShare;
  // Codes say what happened, values to whom: they go first.
  while (snapshot.length > wanted) {
    if (counts.foldRarestValues(shareOf(wanted, snapshot)) === 0) break;
    snapshot = encode();
  }
  while (snapshot.length > wanted) {
    // As if all took the same. The rarest take less, so it is mostly too little, and the next step says how much.
    if (counts.foldRarest(shareOf(wanted, snapshot), limit) === 0) break;
    snapshot = encode();
  }
  counts.openListed();
  return snapshot;
}

/** Takes folded codes again once the limit has grown by half; with less they would be folded again at once. */
export function unfoldWithRoom(counts: Counts, limit: number): void {
  const { folded } = counts;
  if (folded !== undefined && limit >= folded.limit * unfoldingFactor) counts.unfold();
}

function shareOf(wanted: number, snapshot: string): number {
  return Math.max(smallestStep, 1 - wanted / snapshot.length);
}
