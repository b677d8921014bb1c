import { countAt, hashAt, startsAt, totalAt } from "./layout";
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

// A block describes a kind of object; `../members.ts` writes it: the number of its last walk, the size of its slots in
// bytes, the size of the prefix of names that need JSON.parse, and the offsets of that prefix, of the table of names, of
// the slots, of the ids' properties, and of the orders of members.
const walkIn: usize = 0;
const slotBytesIn: usize = 4;
const leftSizeIn: usize = 8;
const leftIn: usize = 12;
const tableIn: usize = 16;
const slotsIn: usize = 20;
const idsIn: usize = 24;
const ordersIn: usize = 28;

// The properties of an id, 16 bytes: a random number, its mark, whether its text is parsed if it contains JSON, and the
// offset of the table of names of an object in it, 0 for none.
const markIn: usize = 4;
const openedIn: usize = 8;
const insideIn: usize = 12;

/** The block of the current walk. */
export let block: usize = 0;
let slots: usize = 0;
let ids: usize = 0;
let leftSize: i32 = 0;
let left: usize = 0;
let walked: i32 = 0;
/** The members of the current object that are needed: how many, and their hash. */
export let countSeen: i32 = 0;
export let hashSeen: i32 = 0;

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
  ids = at + load<i32>(at + idsIn);
  leftSize = load<i32>(at + leftSizeIn);
  left = at + load<i32>(at + leftIn);
  walked = load<i32>(at + walkIn);
  if (walked == lastWalk) {
    memory.fill(slots, 0, load<i32>(at + slotBytesIn));
    walked = 0;
  }
  store<i32>(at + walkIn, ++walked);
  countSeen = 0;
  hashSeen = 0;
  startOrder(at + load<i32>(at + ordersIn), start);
  return at + load<i32>(at + tableIn);
}

/** Leaves the results at the start of the memory. */
export function endWalk(total: i32): void {
  endOrder(total);
  store<i32>(totalAt, total);
  store<i32>(countAt, countSeen);
  store<i32>(hashAt, hashSeen);
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
  return load<i32>(ids + (<usize>id << 4) + openedIn) != 0;
}

/** The table of the names in an object in a member; 0 for none. */
@inline
export function tableInside(id: i32): usize {
  const inside = load<i32>(ids + (<usize>id << 4) + insideIn);
  return inside == 0 ? 0 : block + inside;
}

/**
 * Records a text without escapes; false when its member occurred before. Texts of members that are not needed have the
 * id 0 and go to a slot that nobody reads: a processor can't guess which members are needed, so a branch costs more.
 */
@inline
export function noteText(id: i32, start: i32, end: i32): bool {
  return noteString(id, text, start, end);
}

/** Records a text with non-ASCII characters; false when its member occurred before. */
export function noteMixed(id: i32, start: i32, end: i32): bool {
  return noteString(id, mixed, start, end);
}

@inline
function noteString(id: i32, kind: i32, start: i32, end: i32): bool {
  if (i32(isSeen(id)) & i32(id != 0)) return false;
  note(id, kind, start, end);
  if (mayHoldJson(<i32>load<u8>(start))) noteMark(id);
  return true;
}

/** Makes {@link slotOf} find the slots of another block. */
@inline
export function useSlots(at: usize): void {
  slots = at + load<i32>(at + slotsIn);
}

/** Where a member's value was recorded: the number of the walk, the kind, the start and the end. */
@inline
export function slotOf(id: i32): usize {
  return slots + (<usize>id << 4);
}

/** Whether a member occurred. */
@inline
export function isSeen(id: i32): bool {
  return load<i32>(slotOf(id)) == walked;
}

/** Records a member's value. */
@inline
export function note(id: i32, kind: i32, start: i32, end: i32): void {
  const slot = slotOf(id);
  store<i32>(slot, walked);
  store<i32>(slot + 4, kind);
  store<i32>(slot + 8, start);
  store<i32>(slot + 12, end);
  hashSeen ^= load<i32>(ids + (<usize>id << 4));
  countSeen += i32(id != 0);
}

/** Records that pointers may lead into a member's value, which is not walked. */
export function noteMark(id: i32): void {
  const mark = load<i32>(ids + (<usize>id << 4) + markIn);
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
