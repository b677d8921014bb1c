/**
 * The texts that come most often, without room for all: whoever comes more often than one in `places + 1` is among them,
 * and counts fall short by at most that share (Misra and Gries, Finding repeated elements, 1982).
 */
export class Frequent {
  readonly #places: number;
  readonly #counts = new Map<string, number>();

  /** @param places for so many texts there is room */
  constructor(places: number) {
    this.#places = places;
  }

  add(text: string): void {
    const count = this.#counts.get(text);
    if (count !== undefined || this.#counts.size < this.#places) {
      this.#counts.set(text, (count ?? 0) + 1);
      return;
    }
    // Takes one from each: that costs no more than it took to count them.
    for (const [other, number] of this.#counts) {
      if (number === 1) this.#counts.delete(other);
      else this.#counts.set(other, number - 1);
    }
  }

  /** Those that are there, the most frequent first. */
  top(): { readonly value: string; readonly count: number }[] {
    return [...this.#counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
  }

  clear(): void {
    this.#counts.clear();
  }
}
