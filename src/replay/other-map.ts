import { type CellOptions, Cells } from "../ledger/cells.ts";
import type { Counter } from "../ledger/counter.ts";
import { Delays } from "../ledger/delays.ts";
import type { Target, Targets } from "../ledger/targets.ts";

/**
 * Receipts that two maps place differently, by `slot under the other map, slot, day`: the day in days since the epoch,
 * local to the topic.
 */
export type MoveCounts = Map<string, number>;

const dayMs = 86_400_000;

/** Another map that a replay's receipts are held against. */
export class OtherMap {
  readonly moves: MoveCounts = new Map();
  readonly #cells: Cells;
  readonly #dayShift: number;

  /**
   * @param cells with the other map
   * @param utcOffsetMinutes where a local day begins
   */
  constructor(cells: CellOptions, utcOffsetMinutes: number) {
    // Its delays are discarded: each receipt's delay is counted once, under the first map.
    this.#cells = new Cells({ ...cells, dimensions: [], segments: false }, new Delays());
    this.#dayShift = utcOffsetMinutes * 60_000;
  }

  /** The counters under it, by slot. */
  get counters(): readonly Counter[] {
    return this.#cells.counters;
  }

  /** Where it counts receipts. */
  get targets(): Targets {
    return this.#cells.targets;
  }

  /**
   * Compares where a receipt counts, and notes it if the maps differ; another spelling of the code moves nothing.
   *
   * @param slot under the first map
   * @param counter the one there
   * @param at when it counts, in ms since the epoch
   * @returns whether they place it alike
   */
  compare(other: Target, slot: number, counter: Counter | undefined, at: number): boolean {
    const before = this.#cells.counters[other.slot];
    const isReceipts = before?.kind === "receipts" && counter?.kind === "receipts";
    if (isReceipts && before.category === counter.category && before.outcome === counter.outcome) return true;
    const key = `${other.slot} ${slot} ${Math.floor((at + this.#dayShift) / dayMs)}`;
    this.moves.set(key, (this.moves.get(key) ?? 0) + 1);
    return false;
  }
}
