/** Steps in one piece of memory: a piece is made when its first step counts. */
const pieceSteps = 1024;

/** A piece of a timeline as it travels between threads and into a state file. */
export type Piece = readonly [slot: number, piece: number, counts: Uint32Array];

/** Counts by slot and step; what is 0 costs nothing. */
export class Timeline {
  readonly #slots: (Uint32Array | undefined)[][] = [];

  /** Adds receipts of a slot to a step. */
  add(slot: number, step: number, count = 1): void {
    const at = Math.floor(step / pieceSteps);
    let pieces = this.#slots[slot];
    if (pieces === undefined) {
      while (this.#slots.length <= slot) this.#slots.push([]);
      pieces = this.#slots[slot] ?? [];
    }
    let piece = pieces[at];
    if (piece === undefined) {
      piece = new Uint32Array(pieceSteps);
      pieces[at] = piece;
    }
    const index = step - at * pieceSteps;
    piece[index] = (piece[index] ?? 0) + count;
  }

  /** The steps of a slot that count something, ascending, and their counts. */
  *steps(slot: number): Iterable<readonly [step: number, count: number]> {
    for (const [at, piece] of (this.#slots[slot] ?? []).entries()) {
      for (const [index, count] of (piece ?? []).entries()) {
        if (count > 0) yield [at * pieceSteps + index, count];
      }
    }
  }

  /** Everything in it. */
  *pieces(): Iterable<Piece> {
    for (const [slot, pieces] of this.#slots.entries()) {
      for (const [at, counts] of pieces.entries()) {
        if (counts !== undefined) yield [slot, at, counts];
      }
    }
  }

  /** Adds a piece of another timeline to a slot of this one. */
  merge(slot: number, at: number, counts: Uint32Array): void {
    for (const [index, count] of counts.entries()) {
      if (count > 0) this.add(slot, at * pieceSteps + index, count);
    }
  }
}
