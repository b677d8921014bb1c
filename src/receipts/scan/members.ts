import {
  backslash,
  broken,
  byteAt,
  closeBrace,
  comma,
  openBrace,
  openBracket,
  plainEnd,
  quote,
  scalarEnd,
  skipBlanks,
  skipValue,
  stringEnd,
} from "./json-walk.ts";
import { NameTable, noName } from "./names.ts";
import type { PathNode, PathTree, Seen } from "./paths.ts";
import type { Unescaped } from "./unescaped.ts";

/** The kind of a member's value. */
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
 * For each id: the last walk that met its member, the kind of its value, and the value's range; of a string without
 * the quotes.
 */
const slotSize = 4;

/** Maximum depth of objects that pointers lead into. */
const deepest = 16;

/** The needed members of an object, as found in its bytes. */
export class Members implements Seen {
  /** Number of the object's members, including others. */
  total = 0;
  /** Number of ids seen. */
  count = 0;
  /** The same for the same ids, in any order. */
  hash = 0;
  readonly #root: NameTable;
  /** For the members inside a member that pointers lead into. */
  readonly #inside: (NameTable | undefined)[];
  readonly #marks: Int16Array;
  readonly #slots: Int32Array;
  readonly #hashes: Int32Array;
  readonly #opened: Uint8Array;
  readonly #unescaped: Unescaped;
  #walk = 0;

  /**
   * @param opened ids of members that are parsed if they contain JSON
   * @param leftNames prefix of names that need JSON.parse
   */
  constructor(tree: PathTree, opened: readonly number[], leftNames: string, unescaped: Unescaped) {
    this.#root = tableOf(tree.root, 256, leftNames);
    this.#inside = new Array<NameTable | undefined>(tree.size).fill(undefined);
    this.#marks = new Int16Array(tree.size);
    this.#opened = new Uint8Array(tree.size);
    this.#slots = new Int32Array(tree.size * slotSize);
    this.#hashes = Int32Array.from({ length: tree.size }, () => Math.floor(Math.random() * 2 ** 32));
    for (const node of tree.nodes) {
      this.#marks[node.id] = node.mark;
      if (node.members.size > 0) this.#inside[node.id] = tableOf(node, 8);
    }
    for (const id of opened) this.#opened[id] = 1;
    this.#unescaped = unescaped;
  }

  has(id: number): boolean {
    return this.#slots[id * slotSize] === this.#walk;
  }

  kindOf(id: number): number {
    return this.#slots[id * slotSize + 1] ?? 0;
  }

  startOf(id: number): number {
    return this.#slots[id * slotSize + 2] ?? 0;
  }

  endOf(id: number): number {
    return this.#slots[id * slotSize + 3] ?? 0;
  }

  /** The ids seen; if they are known, it is faster to call `has` for each, and compare `count`. */
  seen(): number[] {
    return [...this.#hashes.keys()].filter((id) => id !== noName && this.has(id));
  }

  /**
   * Walks an object.
   *
   * @param start the position of its brace
   * @returns the position after it; `broken` if JSON.parse has to decide, since it is not JSON, has an escape in a
   *   name, or has a needed member twice
   */
  walk(view: DataView, start: number, to: number): number {
    if (this.#walk === 0x7fffffff) {
      this.#slots.fill(0);
      this.#walk = 0;
    }
    this.#walk++;
    this.count = 0;
    this.hash = 0;
    return this.#object(view, start, to, this.#root, 0);
  }

  #object(view: DataView, start: number, to: number, names: NameTable, depth: number): number {
    let total = 0;
    let at = skipBlanks(view, start + 1, to);
    if (byteAt(view, at, to) === closeBrace) {
      this.total = 0;
      return at + 1;
    }
    let before = 0;
    for (;;) {
      before = names.read(view, at, to, before);
      if (before === broken) return broken;
      total++;
      const { id, value } = names;
      // Nearly all values are plain strings.
      const end = view.getUint8(value) === quote ? plainEnd(view, value + 1, to) : to;
      if (end < to && view.getUint8(end) === quote) {
        if (id !== noName && !this.#text(id, view, value + 1, end)) return broken;
        at = end + 1;
      } else {
        at = id === noName ? skipValue(view, value, to, depth) : this.#member(id, view, value, to, depth);
        if (at === broken) return broken;
      }
      at = skipBlanks(view, at, to);
      if (at >= to) return broken;
      const byte = view.getUint8(at);
      if (byte !== comma) {
        this.total = total;
        return byte === closeBrace ? at + 1 : broken;
      }
      at = skipBlanks(view, at + 1, to);
    }
  }

  /** Records a plain string; false when its member occurred before. */
  #text(id: number, view: DataView, start: number, end: number): boolean {
    if (this.has(id)) return false;
    this.#add(id, text, start, end);
    if (this.#marks[id] !== noName && mayHoldJson(view.getUint8(start))) this.#mark(id);
    return true;
  }

  #member(id: number, view: DataView, at: number, to: number, depth: number): number {
    if (this.has(id)) return broken;
    const first = view.getUint8(at);
    if (first === quote) return this.#mixed(id, view, at + 1, to);
    let next: number;
    let kind: number;
    if (first === openBrace) {
      const names = this.#inside[id];
      if (depth === deepest) return broken;
      next =
        names === undefined ? skipValue(view, at, to, depth) : this.#object(view, at, to, names, depth + 1);
      kind = object;
    } else if (first === openBracket) {
      next = skipValue(view, at, to, depth);
      kind = array;
      this.#mark(id);
    } else {
      next = scalarEnd(view, at, to);
      kind = first === 0x6e ? nothing : first === 0x74 || first === 0x66 ? word : number;
    }
    if (next !== broken) this.#add(id, kind, at, next);
    return next;
  }

  /** @param start after the opening quote of a string that is not plain */
  #mixed(id: number, view: DataView, start: number, to: number): number {
    if (start >= to) return broken;
    const first = view.getUint8(start);
    if (mayHoldJson(first)) this.#mark(id);
    if (this.#opened[id] === 0 || (first !== openBrace && first !== openBracket)) {
      const end = stringEnd(view, start, to);
      if (end === broken) return broken;
      this.#add(id, mixed, start, ~end);
      return ~end + 1;
    }
    const from = this.#unescaped.end;
    const end = this.#unescaped.append(view, start, to);
    if (end !== broken) this.#add(id, inner, from, this.#unescaped.end);
    return end === broken ? broken : end + 1;
  }

  #mark(id: number): void {
    const mark = this.#marks[id] ?? noName;
    if (mark !== noName) this.#add(mark, 0, 0, 0);
  }

  #add(id: number, kind: number, start: number, end: number): void {
    const slot = id * slotSize;
    this.#slots[slot] = this.#walk;
    this.#slots[slot + 1] = kind;
    this.#slots[slot + 2] = start;
    this.#slots[slot + 3] = end;
    this.hash ^= this.#hashes[id] ?? 0;
    this.count++;
  }
}

/** Whether a string that starts with this byte may contain JSON; after whitespace or an escape it may. */
function mayHoldJson(first: number): boolean {
  return (
    first === openBrace || first === openBracket || first === backslash || first <= 0x20 || first >= 0x80
  );
}

function tableOf({ members }: PathNode, mostForeign: number, leftNames = ""): NameTable {
  return new NameTable(new Map([...members].map(([name, { id }]) => [name, id])), mostForeign, leftNames);
}
