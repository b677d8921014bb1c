/**
 * The most frequent texts in limited memory: any text with a share above 1 / (`places` + 1) is included, and counts
 * are too low by at most that share (Misra and Gries, Finding repeated elements, 1982).
 */
export class Frequent {
  readonly #places: number;
  readonly #counts = new Map<string, number>();

  /** @param places how many texts are kept */
  constructor(places: number) {
    this.#places = places;
  }

  add(text: string): void {
    const count = this.#counts.get(text);
    if (count !== undefined || this.#counts.size < this.#places) {
      this.#counts.set(text, (count ?? 0) + 1);
      return;
    }
    // Decrements all: amortised, that costs no more than counting them did.
    for (const [other, number] of this.#counts) {
      if (number === 1) this.#counts.delete(other);
      else this.#counts.set(other, number - 1);
    }
  }

  /** The texts that are kept, the most frequent first. */
  top(): { readonly value: string; readonly count: number }[] {
    return [...this.#counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
  }

  clear(): void {
    this.#counts.clear();
  }
}
