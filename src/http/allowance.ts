/** Lets something happen at a rate: so often at once, then once an interval. What is not used is saved up to that. */
export class Allowance {
  readonly #most: number;
  readonly #everyMs: number;
  #left: number;
  /** When it was last added to. */
  #at = Number.NEGATIVE_INFINITY;

  /** @param most how often it may happen at once */
  constructor(most: number, everyMs: number) {
    this.#most = most;
    this.#everyMs = everyMs;
    this.#left = most;
  }

  /**
   * Asks for one more.
   *
   * @param now in ms, of a clock that never goes back
   * @returns 0 when it may happen, else in how many ms the next one may
   */
  take(now: number): number {
    const more = Math.floor((now - this.#at) / this.#everyMs);
    if (this.#left + more >= this.#most) {
      this.#left = this.#most;
      this.#at = now;
    } else {
      this.#left += more;
      this.#at += more * this.#everyMs;
    }
    if (this.#left === 0) return this.#at + this.#everyMs - now;
    this.#left--;
    return 0;
  }
}
