/** What is to happen, and when. */
interface Moment {
  readonly at: number;
  /** What was planned first happens first. */
  readonly order: number;
  readonly run: () => void;
}

/** Time that passes only from one planned moment to the next, so that an hour costs no more than what happens in it. */
export class Timeline {
  /** In ms. */
  now = 0;
  /** A heap: no moment is before its parent at half its index. */
  readonly #heap: Moment[] = [];
  #order = 0;

  /** Plans something; what lies in the past happens next. */
  at(at: number, run: () => void): void {
    const heap = this.#heap;
    const moment = { at: Math.max(at, this.now), order: this.#order++, run };
    let index = heap.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, moment)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = moment;
  }

  after(ms: number, run: () => void): void {
    this.at(this.now + ms, run);
  }

  /** Lets the next moment happen. @returns false when nothing is planned */
  next(): boolean {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined) return false;
    if (first !== last) this.#sink(last);
    this.now = first.at;
    first.run();
    return true;
  }

  #sink(moment: Moment): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      let below = heap[child];
      if (below === undefined) break;
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, below)) {
        child++;
        below = right;
      }
      if (isBefore(moment, below)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = moment;
  }
}

function isBefore(one: Moment, other: Moment): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
