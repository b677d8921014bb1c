import type { Random } from "../lab/random.ts";

/** A stretch of the month; minutes since its first, the end not included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** @returns whether two spans have a minute in common, or fewer than `gap` minutes between them */
export function near(one: Span, other: Span, gap = 0): boolean {
  return one.start < other.end + gap && other.start < one.end + gap;
}

/** The schedule of events: no two important ones overlap. */
export class Calendar {
  readonly #random: Random;
  readonly #minutes: number;
  readonly #taken: (Span & { readonly of: readonly string[] })[] = [];

  /** @param minutes that the month has */
  constructor(random: Random, minutes: number) {
    this.#random = random;
    this.#minutes = minutes;
  }

  /**
   * Finds a free time for something, from `earliest` on.
   *
   * @param of whom it concerns
   * @param gap minutes that it keeps from whatever else concerns one of them
   * @throws Error when the month is too full
   */
  place(of: readonly string[], length: number, gap: number, earliest: number): Span {
    for (let attempt = 0; attempt < 10_000; attempt++) {
      const start = earliest + this.#random.below(this.#minutes - earliest - length);
      const span = { start, end: start + length };
      const free = this.#taken.every(
        (taken) => !near(span, taken, gap) || !taken.of.some((name) => of.includes(name)),
      );
      if (!free) continue;
      this.#taken.push({ ...span, of });
      return span;
    }
    throw new Error(`no free time of ${length} minutes for ${of.join(", ")}`);
  }
}
