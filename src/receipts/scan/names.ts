import { backslash, behindColon, broken, colon, quote, stringEnd } from "./json-walk.ts";

/** A name that does not matter: ids begin at 1. */
export const noName = 0;

/** How long a name that does not matter may be, in its quotes, to be known by its bytes. */
const longestForeign = 64;

/** Places for each name, so that another one finds an empty one soon. */
const placesPerName = 4;

/**
 * The members of one kind of object that matter, found by the bytes of their names. Without escapes a name is written in
 * one way only, so to compare bytes is to compare names.
 *
 * Records mostly have the same members in the same order, so it is remembered which name came behind each one: to see
 * that it is there again takes a fraction of finding where it ends and what it is.
 */
export class NameTable {
  /** Of the name that was read last: its id, and where the member's value begins. */
  id = noName;
  value = 0;
  /** All names, one behind another in their quotes, and of each its beginning, its size, its last four bytes and its id. */
  readonly #bytes: DataView;
  readonly #starts: Int32Array;
  readonly #sizes: Int32Array;
  readonly #lasts: Int32Array;
  readonly #ids: Int16Array;
  /** The name that came behind each one; 0 for none. */
  readonly #next: Int16Array;
  /** The name at each place that hashes lead to; 0 for none. */
  readonly #places: Int16Array;
  readonly #leftNames: Buffer;
  #count = 0;
  #used = 0;

  /**
   * @param names each with its id
   * @param mostForeign how many other names are known by their bytes, too
   * @param leftNames how other names begin that JSON.parse has to see; none do with ""
   */
  constructor(names: ReadonlyMap<string, number>, mostForeign: number, leftNames = "") {
    const known = [...names].map(([name, id]) => ({ id, quoted: Buffer.from(`"${name}"`) }));
    const most = known.length + mostForeign + 1;
    const sum = known.reduce((sum, { quoted }) => sum + quoted.length, 0);
    // Behind a name there is room to read a whole word of it.
    this.#bytes = new DataView(new ArrayBuffer(sum + mostForeign * longestForeign + 4));
    this.#starts = new Int32Array(most);
    this.#sizes = new Int32Array(most);
    this.#lasts = new Int32Array(most);
    this.#ids = new Int16Array(most);
    this.#next = new Int16Array(most);
    this.#places = new Int16Array(2 ** Math.ceil(Math.log2(most * placesPerName)));
    this.#leftNames = Buffer.from(`"${leftNames}`);
    for (const { id, quoted } of known) {
      const padded = new Uint8Array([...quoted, 0, 0, 0, 0]);
      const view = new DataView(padded.buffer);
      this.#add(view, 0, quoted.length, id, hashOf(view, 0, quoted.length));
    }
  }

  /**
   * Reads a name and the colon behind it, and puts what it found into `id` and `value`.
   *
   * @param at where its opening quote has to be
   * @param before what this gave for the member before; 0 for the first
   * @returns a number for the name; `broken` where JSON.parse has to decide
   */
  read(view: DataView, at: number, to: number, before: number): number {
    const expected = this.#next[before] ?? 0;
    const size = this.#sizes[expected] ?? 0;
    if (expected === 0 || at + size + 1 >= to || !this.#isAt(view, at, expected)) {
      return this.#find(view, at, to, before);
    }
    this.id = this.#ids[expected] ?? noName;
    return this.#behind(view, at + size, to, expected);
  }

  /** Passes the colon behind a name; a value has to begin behind it. */
  #behind(view: DataView, end: number, to: number, name: number): number {
    const isClose = view.getUint8(end) === colon && view.getUint8(end + 1) > 0x20;
    this.value = isClose ? end + 1 : behindColon(view, end, to);
    return this.value === broken || this.value >= to ? broken : name;
  }

  /** Whether a name's bytes are at `at`, from where on there are at least as many, and four. */
  #isAt(view: DataView, at: number, name: number): boolean {
    const size = this.#sizes[name] ?? 0;
    const start = this.#starts[name] ?? 0;
    if (size < 4) return isSame(view, at, this.#bytes, start, size);
    if (view.getInt32(at + size - 4, true) !== this.#lasts[name]) return false;
    for (let i = 0; i < size - 4; i += 4) {
      if (view.getInt32(at + i, true) !== this.#bytes.getInt32(start + i, true)) return false;
    }
    return true;
  }

  #find(view: DataView, at: number, to: number, before: number): number {
    if (at + 4 > to || view.getUint8(at) !== quote) return broken;
    const end = nameEnd(view, at, to);
    if (end === broken || end + 1 >= to) return broken;
    const size = end - at;
    const hash = hashOf(view, at, size);
    let name = this.#named(view, at, size, hash);
    if (name === 0) {
      if (this.#isLeft(view, at, size)) return broken;
      name = this.#add(view, at, size, noName, hash);
    }
    this.#next[before] = name;
    this.id = this.#ids[name] ?? noName;
    return this.#behind(view, end, to, name);
  }

  #named(view: DataView, at: number, size: number, hash: number): number {
    const mask = this.#places.length - 1;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const name = this.#places[place] ?? 0;
      if (name === 0 || (this.#sizes[name] === size && this.#isAt(view, at, name))) return name;
    }
  }

  /** @returns 0 for a name that there is no room for: it is one that does not matter */
  #add(view: DataView, at: number, size: number, id: number, hash: number): number {
    const isForeign = id === noName;
    if (isForeign && (size > longestForeign || this.#count + 1 === this.#ids.length)) return 0;
    const name = ++this.#count;
    for (let i = 0; i < size; i++) this.#bytes.setUint8(this.#used + i, view.getUint8(at + i));
    this.#starts[name] = this.#used;
    this.#sizes[name] = size;
    this.#lasts[name] = size < 4 ? 0 : view.getInt32(at + size - 4, true);
    this.#ids[name] = id;
    this.#used += size;
    const mask = this.#places.length - 1;
    let place = hash & mask;
    while (this.#places[place] !== 0) place = (place + 1) & mask;
    this.#places[place] = name;
    return name;
  }

  #isLeft(view: DataView, at: number, size: number): boolean {
    const names = this.#leftNames;
    return names.length > 1 && size > names.length && isSame(view, at, viewOver(names), 0, names.length);
  }
}

/** Behind the closing quote of the name at `at`; `broken` for one with escapes, which may be any. */
function nameEnd(view: DataView, at: number, to: number): number {
  const end = stringEnd(view, at + 1, to);
  if (end >= 0) return end + 1;
  if (end === broken) return broken;
  for (let i = at + 1; i < ~end; i++) {
    if (view.getUint8(i) === backslash) return broken;
  }
  return ~end + 1;
}

/** Of a name in quotes, from whose beginning on there are at least four bytes. */
function hashOf(view: DataView, at: number, size: number): number {
  const word = view.getInt32(at, true);
  const first = size >= 4 ? word : word & (size === 3 ? 0xffffff : 0xffff);
  const last = size > 4 ? view.getInt32(at + size - 4, true) : 0;
  const mixed = Math.imul(first, 0x2c1b3c6d) ^ Math.imul(last + size, 0x297a2d39);
  return mixed ^ (mixed >>> 15);
}

function isSame(view: DataView, at: number, known: DataView, start: number, size: number): boolean {
  for (let i = 0; i < size; i++) {
    if (view.getUint8(at + i) !== known.getUint8(start + i)) return false;
  }
  return true;
}

function viewOver(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
