import { blockSteps } from "./timeline.ts";

/** The sums of durable delays, in seconds, by the slot of their counter and by step: of whole numbers, so exact in any order. */
export type DelaySums = Map<number, Map<number, number>>;

/** Adds seconds to a step of a sum. */
export function addSum(sums: DelaySums, slot: number, step: number, seconds: number): void {
  let own = sums.get(slot);
  if (own === undefined) {
    own = new Map();
    sums.set(slot, own);
  }
  own.set(step, (own.get(step) ?? 0) + seconds);
}

/** Collects sums, in pages: each has the steps of a block of a timeline. */
export class DelaySummer {
  /** By slot: its pages, by the number of the block. */
  readonly #pages: Map<number, Float64Array>[] = [];

  /** The sums of a counter in a block, by the place of the step: to be added to. */
  page(slot: number, block: number): Float64Array {
    const pages = (this.#pages[slot] ??= new Map<number, Float64Array>());
    let page = pages.get(block);
    if (page === undefined) {
      page = new Float64Array(blockSteps);
      pages.set(block, page);
    }
    return page;
  }

  /** The sums so far, without those of zero. */
  sums(): DelaySums {
    const sums: DelaySums = new Map();
    this.#pages.forEach((pages, slot) => {
      for (const [block, page] of pages) {
        for (const [place, seconds] of page.entries())
          if (seconds > 0) addSum(sums, slot, block * blockSteps + place, seconds);
      }
    });
    return sums;
  }
}
