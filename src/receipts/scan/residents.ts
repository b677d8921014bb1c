import { forgetKnown } from "./known.ts";
import { blocksFrom, blocksTo, writeBlock } from "./memory.ts";

/** What needs a block in the memory while it is used. */
export interface Resident {
  readonly block: Uint8Array;
  /** Called whenever its block was written to the memory, at this position. */
  movedTo(at: number): void;
}

/** Incremented when the memory is full and all blocks have to be written again. */
let generation = 1;
let free = blocksFrom;

/** Residents that are used together. Those of all topics may not fit into the memory, so they are written on use. */
export class Residents {
  readonly #residents: readonly Resident[];
  readonly #size: number;
  #generation = 0;

  constructor(residents: readonly Resident[]) {
    this.#residents = residents;
    this.#size = residents.reduce((sum, { block }) => sum + block.length, 0);
  }

  /** Whether they fit into the memory at all. */
  get fit(): boolean {
    return this.#size <= blocksTo - blocksFrom;
  }

  /** Makes sure that they are in the memory. */
  use(): void {
    if (this.#generation === generation) return;
    if (free + this.#size > blocksTo) {
      generation++;
      // Blocks are known by their position.
      forgetKnown();
      free = blocksFrom;
    }
    for (const resident of this.#residents) {
      writeBlock(resident.block, free);
      resident.movedTo(free);
      free += resident.block.length;
    }
    this.#generation = generation;
  }
}
