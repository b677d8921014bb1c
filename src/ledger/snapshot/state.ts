import type { Counter } from "../counter.ts";

export interface SnapshotCounter {
  readonly counter: Counter;
  readonly count: number;
  /** Whether a scrape has seen this counter at 0 before it was first shown with a value. */
  readonly seen: boolean;
}

/** The rarest codes were folded into `_other` of their cell, so that the rest fits. */
export interface Folded {
  /** How many codes were folded. */
  readonly codes: number;
  /** The limit that was exceeded, in characters. */
  readonly limit: number;
}

/** A part of a snapshot from a later version, unknown to this one. */
export interface Section {
  readonly tag: number;
  readonly body: Buffer;
}

/** The contents of a snapshot. */
export interface SnapshotState {
  /** The offset of the next record to count. */
  readonly next: number;
  /** The offset of the first record that this ledger counted; below 0 after it continued in a new, shorter log. */
  readonly first: number;
  /** Which log was counted; undefined if that was not known, and in snapshots of 0.1. */
  readonly logMark: number | undefined;
  /** Whether a scrape has seen the ledger's counters at 0. */
  readonly zerosSeen: boolean;
  /** The newest event time counted, in ms since the epoch, to the second; 0 before the first. */
  readonly lastEventAt: number;
  /** Undefined unless codes were folded. */
  readonly folded: Folded | undefined;
  readonly counters: readonly SnapshotCounter[];
  /** Sections that are passed on unchanged. */
  readonly carried: readonly Section[];
}

/**
 * A word of a closed set.
 *
 * @throws when it is not in the set
 */
export function known<T extends string>(values: readonly T[], text: string): T {
  const value = values.find((candidate) => candidate === text);
  if (value === undefined) throw new Error(`unknown word "${text}"`);
  return value;
}
