import { hashAt, startsAt, totalAt } from "./layout";
import { isSame } from "./names";
import { endOrder, startOrder } from "./order";

// The kinds of values; `../members.ts` has the same.
export const text: i32 = 1;
export const mixed: i32 = 2;
export const inner: i32 = 3;
export const number: i32 = 4;
export const word: i32 = 5;
export const nothing: i32 = 6;
export const object: i32 = 7;
export const array: i32 = 8;

/** The number of a walk before which the slots are cleared. */
const lastWalk: i32 = 0x7fffffff;

// A block describes a kind of object; `../block.ts` writes it: the number of its last walk, the size of its slots in
// bytes, the size of the prefix of names that need JSON.parse, and the offsets of that prefix, of the table of names, of
// the slots, and of the orders of members.
const walkIn: usize = 0;
const slotBytesIn: usize = 4;
const leftSizeIn: usize = 8;
const leftIn: usize = 12;
const tableIn: usize = 16;
const slotsIn: usize = 20;
const ordersIn: usize = 24;

// The slot of a member, by its id, 32 bytes: what the walk found, that is the number of the walk, the kind of its value,
// and where that starts and ends; then what is known of it: a random number, whose last 16 bits are 1; its mark, and
// whether its text is parsed if it contains JSON, two bytes each; and the offset of the table of names of an object in
// it, 0 for none.
const slotBits: usize = 5;
const slotSize: usize = 32;
const kindIn: usize = 4;
const startIn: usize = 8;
const endIn: usize = 12;
const randomIn: usize = 16;
const markIn: usize = 24;
const openedIn: usize = 26;
const insideIn: usize = 28;

/** Which bits of a hash are how many members it is of: a record has not more than they can say. */
const countMask: u64 = 0xffff;

/** The block of the current walk. */
export let block: usize = 0;
let slots: usize = 0;
let slotBytes: usize = 0;
let leftSize: i32 = 0;
let left: usize = 0;
let walked: i32 = 0;
/** The sum of the random numbers of the members that were seen, each as often as it was. */
export let hashSeen: u64 = 0;

/**
 * Starts a walk.
 *
 * @param at the address of a block
 * @param start the position of the object
 * @returns the address of the table of the names that are needed
 */
export function startWalk(at: usize, start: i32): usize {
  block = at;
  slots = at + load<i32>(at + slotsIn);
  slotBytes = load<i32>(at + slotBytesIn);
  leftSize = load<i32>(at + leftSizeIn);
  left = at + load<i32>(at + leftIn);
  walked = load<i32>(at + walkIn);
  if (walked == lastWalk) {
    for (let slot: usize = 0; slot < slotBytes; slot += slotSize) store<i32>(slots + slot, 0);
    walked = 0;
  }
  store<i32>(at + walkIn, ++walked);
  hashSeen = 0;
  startOrder(at + load<i32>(at + ordersIn), start);
  return at + load<i32>(at + tableIn);
}

/** Leaves the results at the start of the memory. */
export function endWalk(total: i32): void {
  endOrder(total);
  store<i32>(totalAt, total);
  store<u64>(hashAt, hashSeen);
}

/** Whether a member was seen more than once. Sets that are known have no such member: it is asked about others only. */
export function hasTwice(): bool {
  let count = 0;
  for (let slot = slotSize; slot < slotBytes; slot += slotSize) count += i32(load<i32>(slots + slot) == walked);
  return count != <i32>(hashSeen & countMask);
}

/** Whether there are names that need JSON.parse. Asked first, since a processor can't guess which names are needed. */
@inline
export function hasLeft(): bool {
  return leftSize != 0;
}

/** Whether a name that is not needed has the prefix of names that need JSON.parse. */
@inline
export function isLeft(at: i32, end: i32): bool {
  return leftSize != 0 && end - at >= leftSize && isSame(at, left, leftSize);
}

/** Whether the text of a member is parsed if it contains JSON. */
@inline
export function isOpened(id: i32): bool {
  return load<u16>(slotOf(id) + openedIn) != 0;
}

/** The table of the names in an object in a member; 0 for none. */
@inline
export function tableInside(id: i32): usize {
  const inside = load<i32>(slotOf(id) + insideIn);
  return inside == 0 ? 0 : block + inside;
}

/** Records a text: one without escapes, or `mixed`. */
@inline
export function noteText(id: i32, kind: i32, start: i32, end: i32): void {
  note(id, kind, start, end);
  if (mayHoldJson(<i32>load<u8>(start))) noteMark(id);
}

/** Makes {@link slotOf} find the slots of another block. */
@inline
export function useSlots(at: usize): void {
  slots = at + load<i32>(at + slotsIn);
}

/** Where a member's value was recorded: the number of the walk, the kind, the start and the end. */
@inline
export function slotOf(id: i32): usize {
  return slots + (<usize>id << slotBits);
}

/** Whether a member occurred. */
@inline
export function isSeen(id: i32): bool {
  return load<i32>(slotOf(id)) == walked;
}

/**
 * Records a member's value. Those of members that are not needed have the id 0 and go to a slot that nobody reads: a
 * processor can't guess which members are needed, so a branch costs more.
 */
@inline
export function note(id: i32, kind: i32, start: i32, end: i32): void {
  const slot = slotOf(id);
  store<i32>(slot, walked);
  store<i32>(slot + kindIn, kind);
  store<i32>(slot + startIn, start);
  store<i32>(slot + endIn, end);
  hashSeen += load<u64>(slot + randomIn);
}

/** Records that pointers may lead into a member's value, which is not walked. */
export function noteMark(id: i32): void {
  const mark = <i32>load<u16>(slotOf(id) + markIn);
  if (mark != 0) note(mark, 0, 0, 0);
}

/** Whether a string that starts with this byte may contain JSON; after whitespace or an escape it may. */
@inline
export function mayHoldJson(first: i32): bool {
  return load<u8>(startsAt + first) != 0;
}

/** Writes the table of {@link mayHoldJson}. */
export function writeStarts(): void {
  for (let byte = 0; byte < 256; byte++) {
    const isStart = byte == 0x7b || byte == 0x5b || byte == 0x5c || byte <= 0x20 || byte >= 0x80;
    store<u8>(startsAt + byte, isStart ? 1 : 0);
  }
}
