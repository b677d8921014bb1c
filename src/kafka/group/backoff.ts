/** When to retry: at once, then with growing delays. In ms of the member's clock. */
export class Backoff {
  readonly #shortest: number;
  readonly #longest: number;
  #failures = 0;
  /** The earliest time of the next attempt. */
  at = 0;

  constructor(shortest: number, longest: number) {
    this.#shortest = shortest;
    this.#longest = longest;
  }

  failed(now: number): void {
    this.at = now + Math.min(this.#shortest * 2 ** this.#failures, this.#longest);
    this.#failures++;
  }

  worked(): void {
    this.#failures = 0;
    this.at = 0;
  }
}
