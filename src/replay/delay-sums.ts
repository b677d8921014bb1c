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

/** Collects sums. Receipts come in the order of time or nearly so, so the last step of each counter is kept aside. */
export class DelaySummer {
  readonly #sums: DelaySums = new Map();
  /** By slot: its last step, and what is not in the sums yet. */
  readonly #steps: number[] = [];
  readonly #seconds: number[] = [];

  /** Adds seconds to a step of a counter. */
  add(slot: number, step: number, seconds: number): void {
    if (this.#steps[slot] === step) {
      this.#seconds[slot] = (this.#seconds[slot] ?? 0) + seconds;
      return;
    }
    this.#putIn(slot);
    this.#steps[slot] = step;
    this.#seconds[slot] = seconds;
  }

  /** The sums so far. */
  sums(): DelaySums {
    for (const slot of this.#steps.keys()) this.#putIn(slot);
    return this.#sums;
  }

  #putIn(slot: number): void {
    const step = this.#steps[slot];
    if (step === undefined) return;
    addSum(this.#sums, slot, step, this.#seconds[slot] ?? 0);
    this.#seconds[slot] = 0;
  }
}
