// Walks a JSON object and records where the needed members are. `npm run walker` compiles it.

import { broken, countAt, hashAt, masksAt, totalAt, unescapedAt } from "./layout";
import { isSame, nameEnd, readName } from "./names";
import { mixedEnd, plainEnd, undoEscapes } from "./strings";
import {
  behindColon,
  byteAt,
  closeBrace,
  comma,
  openBrace,
  openBracket,
  quote,
  scalarEnd,
  skipBlanks,
  skipValue,
} from "./values";

export { hashOfName } from "./names";
export { undoEscapes } from "./strings";

// The kinds of values; `../members.ts` has the same.
const text: i32 = 1;
const mixed: i32 = 2;
const inner: i32 = 3;
const number: i32 = 4;
const word: i32 = 5;
const nothing: i32 = 6;
const object: i32 = 7;
const array: i32 = 8;

/** Maximum depth of objects that pointers lead into. */
const deepest: i32 = 16;

const lastWalk: i32 = 0x7fffffff;

// A block describes a kind of object; `../members.ts` writes it: the number of its last walk, the size of its slots in
// bytes, the size of the prefix of names that need JSON.parse, and the offsets of that prefix, of the table of names, of
// the slots, and of the ids' properties.
const walkIn: usize = 0;
const slotBytesIn: usize = 4;
const leftSizeIn: usize = 8;
const leftIn: usize = 12;
const tableIn: usize = 16;
const slotsIn: usize = 20;
const idsIn: usize = 24;

// The properties of an id, 16 bytes: a random number, its mark, whether its text is parsed if it contains JSON, and the
// offset of the table of names of an object in it, 0 for none.
const markIn: usize = 4;
const openedIn: usize = 8;
const insideIn: usize = 12;

let block: usize = 0;
let slots: usize = 0;
let ids: usize = 0;
let leftSize: i32 = 0;
let left: usize = 0;
let walked: i32 = 0;
let total: i32 = 0;
let count: i32 = 0;
let hash: i32 = 0;

/** Prepares the memory, once. */
export function begin(): void {
  for (let kept = 0; kept < 16; kept++) {
    for (let i = 0; i < 16; i++) store<u8>(masksAt + kept * 16 + i, i < kept ? 0xff : 0);
  }
}

/**
 * Walks an object, and leaves the results at the start of the memory and in the block's slots.
 *
 * @param kindOfObject the address of its block
 * @param start the position of its brace
 * @param to after the record; at least 16 more bytes are readable
 * @returns the position after it; `broken` if JSON.parse has to decide
 */
export function walk(kindOfObject: usize, start: i32, to: i32): i32 {
  block = kindOfObject;
  slots = block + load<i32>(block + slotsIn);
  ids = block + load<i32>(block + idsIn);
  leftSize = load<i32>(block + leftSizeIn);
  left = block + load<i32>(block + leftIn);
  walked = load<i32>(block + walkIn);
  if (walked == lastWalk) {
    memory.fill(slots, 0, load<i32>(block + slotBytesIn));
    walked = 0;
  }
  store<i32>(block + walkIn, ++walked);
  count = 0;
  hash = 0;
  const end = walkObject(block + load<i32>(block + tableIn), start, to, 0);
  store<i32>(totalAt, total);
  store<i32>(countAt, count);
  store<i32>(hashAt, hash);
  return end;
}

function walkObject(table: usize, start: i32, to: i32, depth: i32): i32 {
  let members = 0;
  let at = skipBlanks(start + 1, to);
  if (byteAt(at, to) == closeBrace) {
    total = 0;
    return at + 1;
  }
  while (byteAt(at, to) == quote) {
    const id = readName(block, table, at + 1, to);
    const end = nameEnd;
    if (end == broken) return broken;
    if (id == 0 && leftSize != 0 && depth == 0 && isLeft(at + 1, end)) return broken;
    const value = behindColon(end + 1, to);
    if (value == broken || value >= to) return broken;
    members++;
    at = broken;
    if (load<u8>(value) == quote) {
      // Nearly all values are plain strings.
      const close = plainEnd(value + 1, to);
      if (close < to && load<u8>(close) == quote) {
        if (id != 0 && !noteText(id, value + 1, close)) return broken;
        at = close + 1;
      }
    }
    if (at == broken) {
      at = id == 0 ? skipValue(value, to, depth) : walkMember(id, value, to, depth);
      if (at == broken) return broken;
    }
    at = skipBlanks(at, to);
    if (at >= to) return broken;
    const byte = <i32>load<u8>(at);
    if (byte != comma) {
      total = members;
      return byte == closeBrace ? at + 1 : broken;
    }
    at = skipBlanks(at + 1, to);
  }
  return broken;
}

/** Whether a name that is not needed has the prefix of names that need JSON.parse. */
function isLeft(at: i32, end: i32): bool {
  return end - at >= leftSize && isSame(at, left, leftSize);
}

/** Records a plain string; false when its member occurred before. */
@inline
function noteText(id: i32, start: i32, end: i32): bool {
  if (isSeen(id)) return false;
  note(id, text, start, end);
  if (mayHoldJson(<i32>load<u8>(start))) noteMark(id);
  return true;
}

function walkMember(id: i32, at: i32, to: i32, depth: i32): i32 {
  if (isSeen(id)) return broken;
  const first = <i32>load<u8>(at);
  if (first == quote) return walkMixed(id, at + 1, to);
  let next: i32;
  let kind: i32;
  if (first == openBrace) {
    if (depth == deepest) return broken;
    const inside = load<i32>(ids + (<usize>id << 4) + insideIn);
    next = inside == 0 ? skipValue(at, to, depth) : walkObject(block + inside, at, to, depth + 1);
    kind = object;
  } else if (first == openBracket) {
    next = skipValue(at, to, depth);
    kind = array;
    noteMark(id);
  } else {
    next = scalarEnd(at, to);
    kind = first == 0x6e ? nothing : first == 0x74 || first == 0x66 ? word : number;
  }
  if (next != broken) note(id, kind, at, next);
  return next;
}

/** @param start after the opening quote of a string that is not plain */
function walkMixed(id: i32, start: i32, to: i32): i32 {
  if (start >= to) return broken;
  const first = <i32>load<u8>(start);
  if (mayHoldJson(first)) noteMark(id);
  const isOpened = load<i32>(ids + (<usize>id << 4) + openedIn) != 0;
  if (isOpened && (first == openBrace || first == openBracket)) {
    const from = load<i32>(unescapedAt);
    const close = undoEscapes(start, to);
    if (close == broken) return broken;
    note(id, inner, from, load<i32>(unescapedAt));
    return close + 1;
  }
  const end = mixedEnd(plainEnd(start, to), to);
  if (end == broken) return broken;
  note(id, mixed, start, end);
  return end + 1;
}

@inline
function isSeen(id: i32): bool {
  return load<i32>(slots + (<usize>id << 4)) == walked;
}

@inline
function note(id: i32, kind: i32, start: i32, end: i32): void {
  const slot = slots + (<usize>id << 4);
  store<i32>(slot, walked);
  store<i32>(slot + 4, kind);
  store<i32>(slot + 8, start);
  store<i32>(slot + 12, end);
  hash ^= load<i32>(ids + (<usize>id << 4));
  count++;
}

function noteMark(id: i32): void {
  const mark = load<i32>(ids + (<usize>id << 4) + markIn);
  if (mark != 0) note(mark, 0, 0, 0);
}

/** Whether a string that starts with this byte may contain JSON; after whitespace or an escape it may. */
@inline
function mayHoldJson(first: i32): bool {
  return first == openBrace || first == openBracket || first == 0x5c || first <= 0x20 || first >= 0x80;
}
