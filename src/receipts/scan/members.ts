import { blockOf, headSize, slotSize } from "./block.ts";
import { hasTwice, ints, lastCount, lastHash, lastTotal, walk, walkForm } from "./memory.ts";
import type { PathTree, Seen } from "./paths.ts";
import type { Resident } from "./residents.ts";

/** The kind of a member's value; `assembly/walk.ts` has the same. */
export const text = 1;
/** A string with escapes, or with non-ASCII characters. */
export const mixed = 2;
/** A string with escapes that starts like JSON, in a member that is parsed: its range is that of its content. */
export const inner = 3;
export const number = 4;
export const word = 5;
export const nothing = 6;
export const object = 7;
export const array = 8;

/**
 * The needed members of an object, as found in its bytes. A walk writes into its block, for each id: the number of the
 * walk, the kind of the value, and the value's range in the memory; of a string without the quotes.
 */
export class Members implements Seen, Resident {
  /** Number of the object's members, including others. */
  total = 0;
  /** Number of ids seen, each as often as it was. */
  count = 0;
  /** The same for the same ids, in any order. */
  hash = 0;
  readonly block: Uint8Array;
  readonly #size: number;
  #at = 0;
  /** Where the block's slots are, as an index of `ints`. */
  #slots = 0;
  #walk = 0;

  /**
   * @param opened ids of members that are parsed if they contain JSON
   * @param leftNames prefix of names that need JSON.parse
   */
  constructor(tree: PathTree, opened: readonly number[], leftNames: string) {
    this.block = blockOf(tree, opened, leftNames);
    this.#size = tree.size;
  }

  movedTo(at: number): void {
    this.#at = at;
    this.#slots = at / 4 + headSize;
  }

  /** Where its block is in the memory. */
  get at(): number {
    return this.#at;
  }

  has(id: number): boolean {
    return ints[this.#slots + id * slotSize] === this.#walk;
  }

  kindOf(id: number): number {
    return ints[this.#slots + id * slotSize + 1] ?? 0;
  }

  startOf(id: number): number {
    return ints[this.#slots + id * slotSize + 2] ?? 0;
  }

  endOf(id: number): number {
    return ints[this.#slots + id * slotSize + 3] ?? 0;
  }

  /** The ids seen; if they are known, it is faster to call `has` for each, and compare `count`. */
  seen(): number[] {
    return Array.from({ length: this.#size - 1 }, (_, i) => i + 1).filter((id) => this.has(id));
  }

  /**
   * Walks an object in the memory.
   *
   * @param start the position of its brace
   * @returns the position after it; `broken` if JSON.parse has to decide, since it is not JSON, or has an escape in a
   *   name
   */
  walk(start: number, to: number): number {
    return this.#after(walk(this.#at, start, to));
  }

  /**
   * Walks a form in the memory.
   *
   * @param start its first byte
   * @returns `to`; `broken` if the parser has to decide, since it is not a form, or has a needed member with more than
   *   printable ASCII
   */
  walkForm(start: number, to: number): number {
    return this.#after(walkForm(this.#at, start, to));
  }

  /** Takes the object that the walker walked last, which is of this kind, as if it were walked here. */
  takeLast(): void {
    this.#after(0);
  }

  /** Whether the object that was walked last, which is of this kind, has a needed member twice: then it is not known. */
  get hasTwice(): boolean {
    return hasTwice();
  }

  #after(end: number): number {
    this.#walk = ints[this.#at / 4] ?? 0;
    this.total = lastTotal();
    this.count = lastCount();
    this.hash = lastHash();
    return end;
  }
}
