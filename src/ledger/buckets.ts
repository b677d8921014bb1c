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
    this.#near = Uint8Array.from({ length: lookedUp }, (_, seconds) => this.#search(seconds));
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
