import type { Counter } from "./counter.ts";

/** A committed state of a ledger, or one to be committed. Its slots are the ledger's. */
export interface View {
  readonly first: number;
  readonly next: number;
  readonly counts: readonly number[];
  /** This many leading counters have been seen at 0 by a scrape, and may be shown with a value. */
  readonly seen: number;
  readonly lastEventAt: number;
  readonly logMark: number | undefined;
}

/** A view, and its snapshot. */
export interface Checkpoint {
  readonly view: View;
  readonly metadata: string;
}

/** One counter as shown by a scrape. */
export interface Shown {
  /** Its slot in the ledger; never reused. */
  readonly slot: number;
  readonly counter: Counter;
  readonly value: number;
}

/** Whether all counters with a value are among those that were seen. */
export function allSeen(view: View, seen: number): boolean {
  for (let slot = seen; slot < view.counts.length; slot++) {
    if ((view.counts[slot] ?? 0) > 0) return false;
  }
  return true;
}
