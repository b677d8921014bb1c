/** Steps in one block of a timeline; a block is created when its first step counts. Its counts fill a cache line. */
export const blockSteps = 16;

/** Initial capacity in blocks; a power of two. */
const leastBlocks = 16;

/** A timeline's blocks, for threads and state files: parallel arrays, except for the counts. */
export interface Blocks {
  readonly slots: Uint32Array<ArrayBuffer>;
  /** The index of each block: it covers the steps from `16 * number`. */
  readonly numbers: Uint32Array<ArrayBuffer>;
  /** Sixteen counts for each block. */
  readonly counts: Uint32Array<ArrayBuffer>;
}

/** The number of the block that a step is in. */
export function blockOf(step: number): number {
  return step >>> 4;
}

/** The place of a step in its block. */
export function placeOf(step: number): number {
  return step & (blockSteps - 1);
}

/** The non-zero steps of a slot, ascending, with their counts. */
export interface SlotSteps {
  readonly steps: Uint32Array;
  readonly counts: Uint32Array;
}

/**
 * Counts by slot and step. Memory grows with the number of non-zero steps, whatever the number of slots: at worst
 * about 90 bytes for an isolated step, and less than six for each of many consecutive ones.
 */
export class Timeline {
  #size = 0;
  #slots = new Uint32Array(leastBlocks);
  #numbers = new Uint32Array(leastBlocks);
  #counts = new Uint32Array(leastBlocks * blockSteps);
  /** Open-addressing hash table of block positions plus one; 0 is free. */
  #table = new Uint32Array(leastBlocks * 2);

  /** By slot: the last block that was counted in, and its number. */
  readonly #lastBlocks: number[] = [];
  readonly #lastNumbers: number[] = [];

  /** Number of blocks. */
  get size(): number {
    return this.#size;
  }

  /**
   * Adds a receipt of a slot to a step.
   *
   * @returns whether that created a block
   */
  add(slot: number, step: number): boolean {
    const before = this.#size;
    this.addAt(this.position(slot, blockOf(step)) + placeOf(step));
    return this.#size > before;
  }

  /**
   * The position of the first step of a block, which is created if new: the others follow. It holds until the counts
   * {@link move}.
   */
  position(slot: number, number: number): number {
    return this.#block(slot, number) * blockSteps;
  }

  /** Adds receipts at a {@link position}. */
  addAt(position: number, count = 1): void {
    this.#counts[position] = (this.#counts[position] ?? 0) + count;
  }

  /** Adds the blocks of another timeline, each to the slot returned by `slotOf`; -1 skips it. */
  merge({ slots, numbers, counts }: Blocks, slotOf: (slot: number) => number): void {
    for (const [block, from] of slots.entries()) {
      const slot = slotOf(from);
      if (slot === -1) continue;
      const to = this.position(slot, numbers[block] ?? 0);
      for (let step = 0; step < blockSteps; step++) {
        this.#counts[to + step] = (this.#counts[to + step] ?? 0) + (counts[block * blockSteps + step] ?? 0);
      }
    }
  }

  /** Moves the counts of each slot to the one returned by `slotOf`, to those that are there. */
  move(slotOf: (slot: number) => number): void {
    const moved = new Timeline();
    moved.merge(this.blocks(), slotOf);
    this.#size = moved.#size;
    this.#slots = moved.#slots;
    this.#numbers = moved.#numbers;
    this.#counts = moved.#counts;
    this.#table = moved.#table;
    this.#lastBlocks.length = 0;
    this.#lastNumbers.length = 0;
  }

  /** All blocks, copied. */
  blocks(): Blocks {
    return {
      slots: this.#slots.slice(0, this.#size),
      numbers: this.#numbers.slice(0, this.#size),
      counts: this.#counts.slice(0, this.#size * blockSteps),
    };
  }

  /** The position of a block, which is created if new. */
  #block(slot: number, number: number): number {
    // Receipts come in the order of time or nearly so: most are in the block of the one before.
    if (this.#lastNumbers[slot] === number) return this.#lastBlocks[slot] ?? 0;
    const block = this.#find(slot, number);
    this.#lastNumbers[slot] = number;
    this.#lastBlocks[slot] = block;
    return block;
  }

  #find(slot: number, number: number): number {
    const mask = this.#table.length - 1;
    for (let at = hashOf(slot, number) & mask; ; at = (at + 1) & mask) {
      const block = (this.#table[at] ?? 0) - 1;
      if (block === -1) return this.#open(slot, number, at);
      if (this.#slots[block] === slot && this.#numbers[block] === number) return block;
    }
  }

  #open(slot: number, number: number, at: number): number {
    if (this.#size === this.#slots.length) {
      this.#grow();
      return this.#find(slot, number);
    }
    const block = this.#size++;
    this.#slots[block] = slot;
    this.#numbers[block] = number;
    this.#table[at] = block + 1;
    return block;
  }

  #grow(): void {
    this.#slots = grown(this.#slots);
    this.#numbers = grown(this.#numbers);
    this.#counts = grown(this.#counts);
    this.#table = new Uint32Array(this.#table.length * 2);
    const mask = this.#table.length - 1;
    for (let block = 0; block < this.#size; block++) {
      let at = hashOf(this.#slots[block] ?? 0, this.#numbers[block] ?? 0) & mask;
      while (this.#table[at] !== 0) at = (at + 1) & mask;
      this.#table[at] = block + 1;
    }
  }
}

/**
 * The non-zero steps of some slots. Read from the blocks as they are: another timeline of them would take their memory
 * again.
 *
 * @param size the number of slots that are returned
 * @param slotOf into which of these a slot goes, alone or with others; -1 for none
 * @returns by slot; empty for one without counts
 */
export function stepsBySlot(blocks: Blocks, size: number, slotOf: (slot: number) => number): SlotSteps[] {
  return blocksBySlot(blocks, size, slotOf).map((own) => stepsOf(blocks, own));
}

/** A function of its own, so that V8 compiles this loop alone for it, and not all of {@link stepsBySlot}. */
function blocksBySlot({ slots }: Blocks, size: number, slotOf: (slot: number) => number): number[][] {
  const own = Array.from({ length: size }, (): number[] => []);
  for (let block = 0; block < slots.length; block++) own[slotOf(slots[block] ?? 0)]?.push(block);
  return own;
}

/** The steps of one slot, given its blocks; more than one may cover the same. */
function stepsOf({ numbers, counts }: Blocks, blocks: number[]): SlotSteps {
  blocks.sort((a, b) => (numbers[a] ?? 0) - (numbers[b] ?? 0));
  const steps = new Uint32Array(blocks.length * blockSteps);
  const sums = new Uint32Array(blocks.length * blockSteps);
  let size = 0;
  for (let from = 0, to = 0; from < blocks.length; from = to) {
    const number = numbers[blocks[from] ?? 0] ?? 0;
    do to++;
    while (to < blocks.length && numbers[blocks[to] ?? 0] === number);
    for (let step = 0; step < blockSteps; step++) {
      let sum = 0;
      for (let at = from; at < to; at++) sum += counts[(blocks[at] ?? 0) * blockSteps + step] ?? 0;
      if (sum === 0) continue;
      steps[size] = number * blockSteps + step;
      sums[size++] = sum;
    }
  }
  return { steps: steps.slice(0, size), counts: sums.slice(0, size) };
}

/** The number of receipts of each slot in some blocks. */
export function totalsOf({ slots, counts }: Blocks): number[] {
  const totals: number[] = [];
  for (let block = 0; block < slots.length; block++) {
    const slot = slots[block] ?? 0;
    let sum = 0;
    for (let at = block * blockSteps; at < (block + 1) * blockSteps; at++) sum += counts[at] ?? 0;
    while (totals.length <= slot) totals.push(0);
    totals[slot] = (totals[slot] ?? 0) + sum;
  }
  return totals;
}

function hashOf(slot: number, number: number): number {
  const mixed = Math.imul(slot, 0x9e3779b1) ^ Math.imul(number, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

function grown(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}
