// Walks a JSON object, or a form, and records where the needed members are. `npm run walker` compiles it.

import { quote, writeSixteens } from "./bytes";
import { broken, masksAt, unescapedAt } from "./layout";
import { find, idAtOnce, inObject, longNameEnd, noId } from "./names";
import { expected, idAt, noteOther, sizeAt } from "./order";
import {
  array,
  block,
  endWalk,
  hasLeft,
  inner,
  isLeft,
  isOpened,
  mayHoldJson,
  mixed,
  note,
  noteMark,
  noteText,
  object,
  startWalk,
  tableInside,
  text,
  writeStarts,
} from "./seen";
import { skipMember } from "./skipped";
import { forgetAhead, isAhead, lookAhead, specialsFrom, startAhead } from "./specials";
import { longPlainEnd, mixedEnd, undoEscapes, writeEscapes } from "./strings";
import {
  behindColon,
  byteAt,
  closeBrace,
  comma,
  commaQuote,
  openBrace,
  openBracket,
  kindOfScalar,
  mayHoldMembers,
  quoteColon,
  otherScalarEnd,
  shortScalarEnd,
  skipBlanks,
} from "./values";

export { walkForm } from "./forms";
export { findSet, linkKnown, linkSet } from "./known";
export { hashOfName } from "./names";
export { readRun } from "./run";
export { hasTwice } from "./seen";
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

/** Walks an object as {@link walk} does, for TypeScript: since the last call, any byte may have changed. */
export function walkAnew(kindOfObject: usize, start: i32, to: i32): i32 {
  forgetAhead(to);
  return walk(kindOfObject, start, to);
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
  startAhead(start, to);
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
    let rest: u64 = 0;
    if (place != 0) {
      id = idAt(place);
      end = name + sizeAt(place);
      value = end + 2;
      if (load<u8>(value) <= 0x20) value = skipBlanks(value, to);
    } else {
      if (!isAhead(name)) lookAhead(name, to);
      const found = specialsFrom(name);
      const opened = found & (found - 1);
      rest = opened & (opened - 1);
      end = name + <i32>ctz(found);
      value = end + 2;
      // Nearly all names are plain, so short that they end within the bytes that were looked at, and without blanks behind.
      if (found == 0 || load<u16>(end) != quoteColon || load<u8>(value) <= 0x20) {
        if (found == 0 || load<u8>(end) != quote) end = longNameEnd(name, to);
        if (end == broken) return broken;
        value = behindColon(end + 1, to);
        if (value == broken) return broken;
        rest = 0;
      }
      id = idAtOnce(table, name, end - name);
      if (id == noId) id = find(block, table, name, end - name, inObject);
      noteOther(table, name, end - name, inObject, id);
    }
    if (mayBeLeft && id == 0 && isLeft(name, end)) return broken;
    members++;
    const first = <i32>load<u8>(value);
    if (first == quote) {
      const close = rest != 0 ? name + <i32>ctz(rest) : longPlainEnd(value + 1, to);
      if (close < to && load<u8>(close) == quote) {
        noteText(id, text, value + 1, close);
        at = close + 1;
      } else at = walkMixed(id, value + 1, close, to);
    } else if (mayHoldMembers(first)) at = walkInside(id, value, to, depth);
    else {
      at = shortScalarEnd(value, to);
      if (at == broken) at = otherScalarEnd(value, to);
      note(id, kindOfScalar(first), value, at);
    }
    if (at == broken) return broken;
    // Behind the record no value ends.
    if (load<u16>(at) == commaQuote) {
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

/** Records an object or an array. */
function walkInside(id: i32, at: i32, to: i32, depth: i32): i32 {
  if (at >= to) return broken;
  if (id == 0) return skipMember(at, to, depth);
  const isObject = load<u8>(at) == openBrace;
  if (isObject && depth == deepest) return broken;
  const names = isObject ? tableInside(id) : 0;
  const next = names == 0 ? skipMember(at, to, depth) : walkObject(names, at, to, depth + 1);
  if (!isObject) noteMark(id);
  note(id, isObject ? object : array, at, next);
  return next;
}

/**
 * @param start after the opening quote of a string that is not plain
 * @param special the first that is not plain in it
 */
function walkMixed(id: i32, start: i32, special: i32, to: i32): i32 {
  if (special >= to) return broken;
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
