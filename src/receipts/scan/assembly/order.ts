import { areSame } from "./bytes";
import { find } from "./names";

// Records of one producer have their members in one order: where a member is expected, its name is compared, and no table
// is searched. A block has four orders, since its objects may be of several kinds, such as a frame and the receipt in it:
// one is chosen by how the first name begins. `../block.ts` makes room for them. Each begins with for how many walks
// nothing is expected; then come 23 places of 32 bytes: the first 16 bytes of a name, padded with zeros; the table that it
// was searched in, plus its size; its id.
const orderBytes: usize = 768;
const placeBits: usize = 5;
const firstPlace: usize = 32;
const keyIn: usize = 16;
const idIn: usize = 20;

/** Longer names are searched each time: with these, a table plus a size is one of a kind. */
const longest: i32 = 15;

/** For so many walks nothing is expected after one in which most members came in another order. */
const mostWaits: i32 = 64;

let waits: usize = 0;
let next: usize = 0;
let end: usize = 0;
let missed: i32 = 0;

/**
 * Starts a walk.
 *
 * @param orders the address of the block's orders
 * @param start the position of the object
 */
@inline
export function startOrder(orders: usize, start: i32): void {
  const beginning = load<u32>(start + 2);
  const order = orders + <usize>((beginning * 0x9e3779b1) >>> 30) * orderBytes;
  waits = order;
  next = order + firstPlace;
  end = order + orderBytes;
  missed = 0;
  const left = load<i32>(order);
  if (left == 0) return;
  store<i32>(order, left - 1);
  end = next;
}

/** @param members how many the walk has met */
@inline
export function endOrder(members: i32): void {
  if (missed > members >> 1) store<i32>(waits, mostWaits);
}

/** The id of the next member's name, as {@link find} finds it. */
@inline
export function findNext(block: usize, table: usize, at: i32, size: i32, first: v128): i32 {
  if (next == end) return find(block, table, at, size, first);
  const place = next;
  next += 1 << placeBits;
  const isSame = i32(areSame(first, v128.load(place))) & i32(load<u32>(place + keyIn) == <u32>table + size);
  return isSame ? load<i32>(place + idIn) : findAnew(place, block, table, at, size, first);
}

function findAnew(place: usize, block: usize, table: usize, at: i32, size: i32, first: v128): i32 {
  missed++;
  const id = find(block, table, at, size, first);
  if (size > longest) return id;
  v128.store(place, first);
  store<u32>(place + keyIn, <u32>table + size);
  store<i32>(place + idIn, id);
  return id;
}
