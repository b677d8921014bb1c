/** A token bucket: a burst, then one per interval. */
export class Allowance {
  readonly #most: number;
  readonly #everyMs: number;
  #left: number;
  /** When tokens were last added. */
  #at = Number.NEGATIVE_INFINITY;

  /** @param most the size of a burst */
  constructor(most: number, everyMs: number) {
    this.#most = most;
    this.#everyMs = everyMs;
    this.#left = most;
  }

  /**
   * Takes a token.
   *
   * @param now monotonic, in ms
   * @returns 0 when there was one, else the ms until the next
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
