import type { DimensionValues } from "../dimensions/dimension-values.ts";
import { noValue } from "../dimensions/dimension.ts";
import { BesideBlock } from "./beside.ts";
import type { Known } from "./known.ts";
import { ints, valuesFrom, view } from "./memory.ts";

/** The labels of the values that the walker notes in a run of records. */
export class RunValues {
  /** Tells the walker what is beside receipts. */
  readonly beside: BesideBlock;
  readonly #row: readonly string[];
  /** Those of all receipts, one after the other; reused for each run. */
  readonly #labels: string[] = [];

  constructor({ beside, row }: DimensionValues) {
    this.beside = new BesideBlock(beside.map(({ header }) => header));
    this.#row = row;
  }

  /**
   * The labels of the receipts of a run, as many for each as the topic has dimensions. Valid until the next run.
   *
   * @param kinds the kind of each receipt
   * @param size how many receipts there are
   */
  of(kinds: Int32Array, size: number, { noted }: Known): readonly string[] {
    const row = this.#row;
    const labels = this.#labels;
    let at = valuesFrom / 4;
    for (let i = 0; i < size; i++) {
      const first = i * row.length;
      for (let place = 0; place < row.length; place++) labels[first + place] = row[place] ?? noValue;
      for (const { place, labels: known } of noted[kinds[i] ?? 0] ?? []) {
        const [start = 0, end = 0] = [ints[at], ints[at + 1]];
        labels[first + place] = start === 0 ? noValue : known.ofBytes(view, start, end);
        at += 2;
      }
    }
    return labels;
  }
}
