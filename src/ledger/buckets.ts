/** Delays below so many seconds are looked up: nearly all, and a processor can't guess where a search of theirs ends. */
const lookedUp = 4096;

/** Finds the bucket of a delay. */
export class Buckets {
  readonly #bounds: readonly number[];
  /** The bucket by the delay in seconds, rounded up. */
  readonly #near: Uint8Array;

  /** @param bounds the upper bounds in whole seconds, ascending */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#near = new Uint8Array(lookedUp).fill(bounds.length);
    // Backwards, so that each bound leaves what is above it to the next.
    for (const [bucket, bound] of [...bounds.entries()].reverse()) this.#near.fill(bucket, 0, bound + 1);
  }

  /**
   * The bucket of a delay: the index of the first bound that it does not exceed, one past the last for none.
   *
   * @param milliseconds below zero, since clocks differ, is in the first
   */
  of(milliseconds: number): number {
    const seconds = Math.ceil(milliseconds / 1000);
    return seconds < lookedUp ? (this.#near[Math.max(0, seconds)] ?? 0) : this.#search(seconds);
  }

  #search(seconds: number): number {
    const found = this.#bounds.findIndex((bound) => seconds <= bound);
    return found === -1 ? this.#bounds.length : found;
  }
}
