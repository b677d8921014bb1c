import { areSame } from "./bytes";
import { broken, masksAt } from "./layout";
import { mixedEnd, plainEnd } from "./strings";

const quote: i32 = 0x22;
const backslash: i32 = 0x5c;

/**
 * A hash table of names: the number of its slots minus one, then at byte 16 the slots of 32 bytes each: the first 16
 * bytes of a name, padded with zeros; its size; its id, 0 for an empty slot; and where the whole name is, relative to
 * the block.
 */
const firstSlot: usize = 16;
const slotBits: usize = 5;
const sizeIn: usize = 16;
const idIn: usize = 20;
const nameIn: usize = 24;

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

/** The hash of a text by its first 16 bytes and its size. */
@inline
export function hashOf(first: v128, size: i32): i32 {
  const mixed =
    (i64x2.extract_lane(first, 0) * 0x9e3779b97f4a7c15) ^ (i64x2.extract_lane(first, 1) * 0xc2b2ae3d27d4eb4f);
  return <i32>(<u64>mixed >> 40) + size;
}

/** The hash that {@link find} uses, for the code that builds the table. */
export function hashOfName(at: i32, size: i32): i32 {
  return hashOf(beginning(at, size), size);
}

/** The id of a name; 0 for one that is not needed. */
@inline
export function find(block: usize, table: usize, at: i32, size: i32, first: v128): i32 {
  const last = load<i32>(table);
  let slot = hashOf(first, size) & last;
  while (true) {
    const here = table + firstSlot + (<usize>slot << slotBits);
    const id = load<i32>(here + idIn);
    const isAlike = i32(load<i32>(here + sizeIn) == size) & i32(areSame(first, v128.load(here)));
    // One condition for both, since a processor can't guess which names are needed.
    if (isAlike | i32(id == 0)) {
      if (size <= 16 || id == 0 || isSame(at + 16, block + load<i32>(here + nameIn) + 16, size - 16)) return id;
    }
    slot = (slot + 1) & last;
  }
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
