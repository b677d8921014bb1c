// Walks a JSON object, or a form, and records where the needed members are. `npm run walker` compiles it.

import { writeSixteens } from "./bytes";
import { broken, masksAt, unescapedAt } from "./layout";
import { longNameEnd } from "./names";
import { expected, findNext, idAt, inObject, sizeAt } from "./order";
import {
  array,
  block,
  endWalk,
  hasLeft,
  inner,
  isLeft,
  isOpened,
  isSeen,
  mayHoldJson,
  mixed,
  note,
  noteMark,
  noteText,
  nothing,
  number,
  object,
  startWalk,
  tableInside,
  word,
  writeStarts,
} from "./seen";
import { skipMember } from "./skipped";
import { longPlainEnd, mixedEnd, specialsOf64, undoEscapes, writeEscapes } from "./strings";
import {
  behindColon,
  byteAt,
  closeBrace,
  colonQuote,
  comma,
  commaQuote,
  openBrace,
  openBracket,
  quote,
  scalarEnd,
  skipBlanks,
  skipValue,
} from "./values";

export { walkForm } from "./forms";
export { findSet, linkKnown, linkSet } from "./known";
export { hashOfName } from "./names";
export { readRun } from "./run";
export { undoEscapes } from "./strings";
export { knowDate } from "./times";

/** Maximum depth of objects that pointers lead into. */
const deepest: i32 = 16;

let total: i32 = 0;

/** Prepares the memory, once. */
export function begin(): void {
  for (let kept = 0; kept < 16; kept++) {
    for (let i = 0; i < 16; i++) store<u8>(masksAt + kept * 16 + i, i < kept ? 0xff : 0);
  }
  writeSixteens();
  writeEscapes();
  writeStarts();
}

/**
 * Walks an object, and leaves the results at the start of the memory and in the block's slots.
 *
 * @param kindOfObject the address of its block
 * @param start the position of its brace
 * @param to after the record; at least 64 more bytes are readable
 * @returns the position after it; `broken` if JSON.parse has to decide
 */
export function walk(kindOfObject: usize, start: i32, to: i32): i32 {
  total = 0;
  const end = walkObject(startWalk(kindOfObject, start), start, to, 0);
  endWalk(total);
  return end;
}

function walkObject(table: usize, start: i32, to: i32, depth: i32): i32 {
  let members = 0;
  let at = skipBlanks(start + 1, to);
  if (byteAt(at, to) == closeBrace) {
    total = 0;
    return at + 1;
  }
  if (byteAt(at, to) != quote) return broken;
  const mayBeLeft = hasLeft() && depth == 0;
  while (true) {
    const name = at + 1;
    const place = expected(table, name, inObject);
    let id: i32;
    let end: i32;
    let value: i32;
    let close = to;
    if (place != 0) {
      id = idAt(place);
      end = name + sizeAt(place);
      value = end + 2;
      if (load<u8>(value) <= 0x20) value = skipBlanks(value, to);
      if (value >= to) return broken;
      if (load<u8>(value) == quote) close = longPlainEnd(value + 1, to);
    } else {
      let found = specialsOf64(name);
      end = name + <i32>ctz(found);
      if (end >= to || load<u8>(end) != quote) {
        end = longNameEnd(name, to);
        if (end == broken) return broken;
        found = 0;
      }
      id = findNext(block, table, name, end - name, inObject);
      value = end + 2;
      if (load<u16>(end + 1) == colonQuote) {
        // Nearly all values are plain strings, and most end within the bytes that were looked at.
        const opened = found & (found - 1);
        const rest = opened & (opened - 1);
        close = rest == 0 ? longPlainEnd(value + 1, to) : name + <i32>ctz(rest);
      } else {
        value = behindColon(end + 1, to);
        if (value == broken || value >= to) return broken;
        if (load<u8>(value) == quote) close = longPlainEnd(value + 1, to);
      }
    }
    if (mayBeLeft && id == 0 && isLeft(name, end)) return broken;
    members++;
    if (close < to && load<u8>(close) == quote) {
      if (!noteText(id, value + 1, close)) return broken;
      at = close + 1;
    } else {
      if (load<u8>(value) == quote) at = walkMixed(id, value + 1, close, to);
      else at = id == 0 ? skipMember(value, to, depth) : walkMember(id, value, to, depth);
      if (at == broken) return broken;
    }
    if (at + 1 < to && load<u16>(at) == commaQuote) {
      at++;
      continue;
    }
    at = skipBlanks(at, to);
    if (at >= to) return broken;
    const byte = <i32>load<u8>(at);
    if (byte != comma) {
      total = members;
      return byte == closeBrace ? at + 1 : broken;
    }
    at = skipBlanks(at + 1, to);
    if (byteAt(at, to) != quote) return broken;
  }
}

/** @param at where the value of a needed member starts that is not a string */
function walkMember(id: i32, at: i32, to: i32, depth: i32): i32 {
  if (isSeen(id)) return broken;
  const first = <i32>load<u8>(at);
  let next: i32;
  let kind: i32;
  if (first == openBrace) {
    if (depth == deepest) return broken;
    const names = tableInside(id);
    next = names == 0 ? skipMember(at, to, depth) : walkObject(names, at, to, depth + 1);
    kind = object;
  } else if (first == openBracket) {
    next = skipMember(at, to, depth);
    kind = array;
    noteMark(id);
  } else {
    next = scalarEnd(at, to);
    kind = first == 0x6e ? nothing : first == 0x74 || first == 0x66 ? word : number;
  }
  if (next != broken) note(id, kind, at, next);
  return next;
}

/**
 * @param start after the opening quote of a string that is not plain
 * @param special the first that is not plain in it
 */
function walkMixed(id: i32, start: i32, special: i32, to: i32): i32 {
  if (special >= to || (id != 0 && isSeen(id))) return broken;
  const first = <i32>load<u8>(start);
  if (mayHoldJson(first)) noteMark(id);
  if (isOpened(id) && (first == openBrace || first == openBracket)) {
    const from = load<i32>(unescapedAt);
    const close = undoEscapes(start, to);
    if (close == broken) return broken;
    note(id, inner, from, load<i32>(unescapedAt));
    return close + 1;
  }
  const end = mixedEnd(special, to);
  if (end == broken) return broken;
  note(id, mixed, start, end);
  return end + 1;
}
