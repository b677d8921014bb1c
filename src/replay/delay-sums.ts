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

/** Steps in a page of sums; a power of two. */
const pageSteps = 64;

/**
 * Collects sums. Receipts come in the order of time or nearly so: most go to the page of the one before, while their
 * steps go back and forth.
 */
export class DelaySummer {
  /** By slot: its pages, by number; each has the steps from `64 * number`. */
  readonly #pages: Map<number, Float64Array>[] = [];
  /** By slot: the last page that was added to, and its number. */
  readonly #lastPages: Float64Array[] = [];
  readonly #lastNumbers: number[] = [];

  /** Adds seconds to a step of a counter. */
  add(slot: number, step: number, seconds: number): void {
    const number = Math.floor(step / pageSteps);
    const last = this.#lastNumbers[slot] === number ? this.#lastPages[slot] : undefined;
    const page = last ?? this.#page(slot, number);
    const place = step & (pageSteps - 1);
    page[place] = (page[place] ?? 0) + seconds;
  }

  /** The sums so far, without those of zero. */
  sums(): DelaySums {
    const sums: DelaySums = new Map();
    this.#pages.forEach((pages, slot) => {
      for (const [number, page] of pages) {
        for (const [place, seconds] of page.entries())
          if (seconds > 0) addSum(sums, slot, number * pageSteps + place, seconds);
      }
    });
    return sums;
  }

  #page(slot: number, number: number): Float64Array {
    const pages = this.#pages[slot] ?? new Map<number, Float64Array>();
    this.#pages[slot] = pages;
    const page = pages.get(number) ?? new Float64Array(pageSteps);
    pages.set(number, page);
    this.#lastPages[slot] = page;
    this.#lastNumbers[slot] = number;
    return page;
  }
}
