import { areSame } from "./bytes";
import { inObject, maskOf } from "./names";

// Records of one producer have their members in one order: where a member is expected, its name is compared, and neither
// its end is looked for nor a table searched. A block has four orders, since its objects may be of several kinds, such as
// a frame and the receipt in it: one is chosen by how the first name begins. `../block.ts` makes room for them. Each
// begins with for how many walks nothing is expected; then come 23 places of 48 bytes: a name and what follows it, padded
// with zeros; a mask of these bytes; the table that it was searched in, plus how many bytes follow it; its size; its id.
const orderBytes: usize = 1136;
const placeBytes: usize = 48;
const firstPlace: usize = 32;
const maskIn: usize = 16;
const keyIn: usize = 32;
const sizeIn: usize = 36;
const idIn: usize = 40;

/** Longer names, with what follows them, are searched each time. */
const longest: i32 = 16;

const colon: i32 = 0x3a;

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

/**
 * The place of the member that is expected next, if its name and what follows it are at `at`; otherwise 0, and
 * {@link noteOther} is to be told of it. Reads 16 bytes, which may be behind the record.
 *
 * @param behind `inObject` or `inForm`
 */
@inline
export function expected(table: usize, at: i32, behind: i32): usize {
  const place = next;
  if (place == end) return 0;
  const found = v128.and(v128.load(at), v128.load(place, maskIn));
  const isAlike = i32(areSame(found, v128.load(place)));
  if (!(isAlike & i32(load<u32>(place + keyIn) == <u32>table + behind))) return 0;
  next = place + placeBytes;
  return place;
}

/** The size of the name at a place. */
@inline
export function sizeAt(place: usize): i32 {
  return load<i32>(place + sizeIn);
}

/** The id of the member at a place; 0 for one that is not needed. */
@inline
export function idAt(place: usize): i32 {
  return load<i32>(place + idIn);
}

/** Expects the next member at its place from now on, which was not {@link expected}. */
@inline
export function noteOther(table: usize, at: i32, size: i32, behind: i32, id: i32): void {
  if (next != end) expect(table, at, size, behind, id);
}

function expect(table: usize, at: i32, size: i32, behind: i32, id: i32): void {
  const place = next;
  next = place + placeBytes;
  missed++;
  if (size + behind > longest || (behind == inObject && load<u8>(at + size + 1) != colon)) return;
  const mask = maskOf(size + behind);
  v128.store(place, v128.and(v128.load(at), mask));
  v128.store(place, mask, maskIn);
  store<u32>(place + keyIn, <u32>table + behind);
  store<i32>(place + sizeIn, size);
  store<i32>(place + idIn, id);
}
