import { backslash, behindColon, broken, colon, quote, stringEnd } from "./json-walk.ts";

/** A name that is not needed: ids start at 1. */
export const noName = 0;

/** The longest name that is cached although it is not needed, with its quotes. */
const longestForeign = 64;

/** Hash table slots for each name, to keep collisions rare. */
const placesPerName = 4;

/** Places for names by their first four bytes; a power of two. */
const recentPlaces = 256;

/**
 * The needed members of one kind of object, found by the bytes of their names. Without escapes a name has only one
 * spelling, so comparing bytes is comparing names.
 *
 * Records mostly have the same members in the same order, so each name's successor is remembered: checking that it is
 * there again takes a fraction of the time of parsing and looking it up. In any other order, the name that had the same
 * first bytes last is tried next.
 */
export class NameTable {
  /** The last name: its id, and where the member's value starts. */
  id = noName;
  value = 0;
  /** All names in their quotes, concatenated; for each its start, size, last four bytes and id. */
  readonly #bytes: DataView;
  readonly #starts: Int32Array;
  readonly #sizes: Int32Array;
  readonly #lasts: Int32Array;
  readonly #ids: Int16Array;
  /** The name that followed each one; 0 for none. */
  readonly #next: Int16Array;
  /** The hash table; 0 is an empty slot. */
  readonly #places: Int16Array;
  /** The name found last of those whose first four bytes have the same {@link placeOf}; 0 for none. */
  readonly #recent = new Int16Array(recentPlaces);
  readonly #leftNames: Buffer;
  #count = 0;
  #used = 0;

  /**
   * @param names with their ids
   * @param mostForeign how many other names are cached too
   * @param leftNames prefix of other names that need JSON.parse; "" for none
   */
  constructor(names: ReadonlyMap<string, number>, mostForeign: number, leftNames = "") {
    const known = [...names].map(([name, id]) => ({ id, quoted: Buffer.from(`"${name}"`) }));
    const most = known.length + mostForeign + 1;
    const sum = known.reduce((sum, { quoted }) => sum + quoted.length, 0);
    // Room to read a whole word at the end of a name.
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
   * Reads a name and its colon, and sets `id` and `value`.
   *
   * @param at where its opening quote must be
   * @param before what this returned for the previous member; 0 for the first
   * @returns a number for the name; `broken` if JSON.parse has to decide
   */
  read(view: DataView, at: number, to: number, before: number): number {
    const expected = this.#next[before] ?? 0;
    const name = expected !== 0 && this.#fits(view, at, to, expected) ? expected : this.#alike(view, at, to);
    if (name === 0) return this.#find(view, at, to, before);
    if (name !== expected) this.#next[before] = name;
    this.id = this.#ids[name] ?? noName;
    return this.#behind(view, at + (this.#sizes[name] ?? 0), to, name);
  }

  #fits(view: DataView, at: number, to: number, name: number): boolean {
    return at + (this.#sizes[name] ?? 0) + 1 < to && this.#isAt(view, at, name);
  }

  /** A name that is at `at`, among those that were found last with the same first bytes; 0 if there is none. */
  #alike(view: DataView, at: number, to: number): number {
    if (at + 4 > to) return 0;
    const name = this.#recent[placeOf(view.getInt32(at, true))] ?? 0;
    return name !== 0 && this.#fits(view, at, to, name) ? name : 0;
  }

  /** Skips the colon after a name; a value must follow. */
  #behind(view: DataView, end: number, to: number, name: number): number {
    const isClose = view.getUint8(end) === colon && view.getUint8(end + 1) > 0x20;
    this.value = isClose ? end + 1 : behindColon(view, end, to);
    return this.value === broken || this.value >= to ? broken : name;
  }

  /** Whether a name's bytes are at `at`; at least as many bytes follow, and at least four. */
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
    this.#recent[placeOf(view.getInt32(at, true))] = name;
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

  /** @returns 0 if there is no room for a name: it is not needed */
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

/** After the closing quote of the name at `at`; `broken` if it has escapes, since it may be any name. */
function nameEnd(view: DataView, at: number, to: number): number {
  const end = stringEnd(view, at + 1, to);
  if (end >= 0) return end + 1;
  if (end === broken) return broken;
  for (let i = at + 1; i < ~end; i++) {
    if (view.getUint8(i) === backslash) return broken;
  }
  return ~end + 1;
}

/** Of a name in quotes, with at least four bytes from its start. */
function hashOf(view: DataView, at: number, size: number): number {
  const word = view.getInt32(at, true);
  const first = size >= 4 ? word : word & (size === 3 ? 0xffffff : 0xffff);
  const last = size > 4 ? view.getInt32(at + size - 4, true) : 0;
  const mixed = Math.imul(first, 0x2c1b3c6d) ^ Math.imul(last + size, 0x297a2d39);
  return mixed ^ (mixed >>> 15);
}

/** Where a name is looked for by its first four bytes, of which the quote says nothing. */
function placeOf(first: number): number {
  const mixed = Math.imul(first >>> 8, 0x2c1b3c6d);
  return (mixed >>> 16) & (recentPlaces - 1);
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
