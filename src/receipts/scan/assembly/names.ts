import { areSame, backslash, quote } from "./bytes";
import { broken, masksAt } from "./layout";
import { mixedEnd, plainEnd } from "./strings";

/**
 * A hash table of names: the number of its entries minus one, then at byte 16 the entries of 48 bytes each: the bytes of
 * a name and the quote after it, padded with zeros, and a mask of them, both zero for an empty entry; the name's size;
 * its id, 0 for an empty entry; and where the name is, relative to the block. Of names that do not fit with their quote,
 * the first are bytes that no name has. `../block.ts` writes it.
 */
const firstEntry: usize = 16;
const entryBytes: usize = 48;
const maskIn: usize = 16;
const sizeIn: usize = 32;
const idIn: usize = 36;
const nameIn: usize = 40;

/** Longer names do not fit into an entry. */
const longestShort: i32 = 15;

/** Not an id. */
export const noId: i32 = -1;

/** How many bytes follow a name: a quote and a colon in JSON, an equals sign in a form. */
export const inObject: i32 = 2;
export const inForm: i32 = 1;

/**
 * The closing quote of a name; `broken` if it has escapes, since it may be any name, or is not a string.
 *
 * @param at after its opening quote
 */
export function longNameEnd(at: i32, to: i32): i32 {
  let end = plainEnd(at, to);
  if (end < to && load<u8>(end) != quote) {
    const plain = end;
    end = mixedEnd(plain, to);
    for (let i = plain; i < end; i++) if (load<u8>(i) == backslash) end = broken;
  }
  return end >= to ? broken : end;
}

/** A mask of the first bytes of 16: of all for 16 and more. */
@inline
export function maskOf(size: i32): v128 {
  return size >= 16 ? i64x2.splat(-1) : v128.load(masksAt + (<usize>size << 4));
}

/** The first 16 bytes of a name, padded with zeros. */
@inline
export function beginning(at: i32, size: i32): v128 {
  return v128.and(v128.load(at), maskOf(size));
}

/** The hash of a text by its first and last four bytes and its size. */
@inline
export function hashOf(at: i32, size: i32): i32 {
  const first = load<u32>(at);
  const ends = size < 4 ? first & ((1 << (size << 3)) - 1) : first ^ rotl(load<u32>(at + size - 4), 16);
  return <i32>(((ends + size) * 0x9e3779b1) >>> 15);
}

/** The hash that {@link find} uses, for the code that builds the table. */
export function hashOfName(at: i32, size: i32): i32 {
  return hashOf(at, size);
}

/**
 * The id of a name; 0 for one that is not needed.
 *
 * @param behind {@link inObject} or {@link inForm}: a quote or an equals sign follows it
 */
@inline
export function find(block: usize, table: usize, at: i32, size: i32, behind: i32): i32 {
  const last = load<i32>(table);
  let place = hashOf(at, size) & last;
  while (true) {
    const entry = entryAt(table, place);
    const id = load<i32>(entry + idIn);
    if (behind == inObject ? isShort(entry, at) : id == 0) return id;
    const mayBeIt = load<i32>(entry + sizeIn) == size && (size > longestShort || behind == inForm);
    if (mayBeIt && isSame(at, block + load<i32>(entry + nameIn), size)) return id;
    place = (place + 1) & last;
  }
}

/** The id of a short name in an object if its entry is the first that it may have; otherwise {@link noId}. */
@inline
export function idAtOnce(table: usize, at: i32, size: i32): i32 {
  const entry = entryAt(table, hashOf(at, size) & load<i32>(table));
  return isShort(entry, at) ? load<i32>(entry + idIn) : noId;
}

@inline
function entryAt(table: usize, place: i32): usize {
  return table + firstEntry + <usize>place * entryBytes;
}

/**
 * Whether an entry is that of the short name at `at`, which a quote follows. An empty one always is: a processor can't
 * guess which names are needed, so that a branch for each costs more.
 */
@inline
function isShort(entry: usize, at: i32): bool {
  return areSame(v128.and(v128.load(at), v128.load(entry, maskIn)), v128.load(entry));
}

/** Whether so many bytes are the same. Reads past both, by less than 16 bytes. */
export function isSame(at: i32, other: usize, size: i32): bool {
  let from = 0;
  for (; size - from >= 16; from += 16) {
    if (!areSame(v128.load(at + from), v128.load(other + from))) return false;
  }
  const mask = v128.load(masksAt + (<usize>(size - from) << 4));
  return areSame(v128.and(v128.load(at + from), mask), v128.and(v128.load(other + from), mask));
}
