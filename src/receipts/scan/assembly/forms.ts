import { backslash, quote, sixteenOf } from "./bytes";
import { broken, unescapedAt, unescapedToAt } from "./layout";
import { find, inForm } from "./names";
import { expected, idAt, noteOther, sizeAt } from "./order";
import { block, endWalk, isLeft, mixed, noteText, startWalk, text } from "./seen";
import { mixedEnd } from "./strings";

export const ampersand: i32 = 0x26;
export const equals: i32 = 0x3d;
export const percent: i32 = 0x25;
const plus: i32 = 0x2b;
const byteOrderMark: u32 = 0xbfbbef;

// As in `encodings/form.ts`, which reads what is left to it.
const fewestPairs: i32 = 2;
const mostPairs: i32 = 1024;
const longestName: i32 = 128;

/**
 * Walks a form, and leaves the results as `walk` does: each value is a text, without its escapes.
 *
 * @param kindOfObject the address of its block
 * @param start its first byte
 * @param to after the form; at least 64 more bytes are readable
 * @returns `to`; `broken` if the parser has to decide
 */
export function walkForm(kindOfObject: usize, start: i32, to: i32): i32 {
  const table = startWalk(kindOfObject, start);
  let pairs = 0;
  let at = start;
  while (at < to) {
    if (load<u8>(at) == ampersand) {
      at++;
      continue;
    }
    const place = expected(table, at, inForm);
    const end = place == 0 ? nameEnd(at, to) : at + sizeAt(place);
    if (end == broken || end >= to || ++pairs > mostPairs) return broken;
    const id = place == 0 ? find(block, table, at, end - at, inForm) : idAt(place);
    if (place == 0) noteOther(table, at, end - at, inForm, id);
    if (id == 0 && isLeft(at, end)) return broken;
    at = id == 0 ? skipValue(end + 1, to) : walkValue(id, end + 1, to);
    if (at == broken) return broken;
  }
  if (pairs < fewestPairs) return broken;
  endWalk(pairs);
  return to;
}

/** Which of 16 bytes a plain name of a field can't have, one bit each: it has letters, digits, and some of `_-.:`. */
@inline
function notOfName(bytes: v128): i32 {
  const letters = i8x16.lt_u(
    i8x16.sub(v128.or(bytes, sixteenOf(0x20)), sixteenOf(0x61)),
    sixteenOf(26),
  );
  // The colon follows the digits, and the full stop follows the hyphen.
  const digits = i8x16.lt_u(i8x16.sub(bytes, sixteenOf(0x30)), sixteenOf(11));
  const others = i8x16.lt_u(i8x16.sub(bytes, sixteenOf(0x2d)), sixteenOf(2));
  const lines = i8x16.eq(bytes, sixteenOf(0x5f));
  return i8x16.bitmask(v128.or(v128.or(letters, digits), v128.or(others, lines))) ^ 0xffff;
}

/** The equals sign after the name at `at`; `broken` without one, or if the name is not plain. */
@inline
function nameEnd(start: i32, to: i32): i32 {
  const first = <i32>load<u8>(start);
  if (<u32>((first | 0x20) - 0x61) >= 26 && first != 0x5f) return broken;
  let at = start;
  while (at < to) {
    const found = notOfName(v128.load(at));
    if (found != 0) {
      at += ctz(found);
      return at < to && load<u8>(at) == equals && at - start <= longestName ? at : broken;
    }
    at += 16;
  }
  return broken;
}

/** Which of 16 bytes end a value, or can't be in one that is read here: control characters and non-ASCII bytes. */
@inline
function notPlain(bytes: v128): i32 {
  const ends = i8x16.eq(bytes, sixteenOf(ampersand));
  const others = v128.or(i8x16.lt_s(bytes, sixteenOf(0x20)), i8x16.eq(bytes, sixteenOf(0x7f)));
  return i8x16.bitmask(v128.or(ends, others));
}

@inline
function escapesIn(bytes: v128): i32 {
  return i8x16.bitmask(
    v128.or(i8x16.eq(bytes, sixteenOf(percent)), i8x16.eq(bytes, sixteenOf(plus))),
  );
}

@inline
function quotesIn(bytes: v128): i32 {
  return i8x16.bitmask(
    v128.or(i8x16.eq(bytes, sixteenOf(quote)), i8x16.eq(bytes, sixteenOf(backslash))),
  );
}

/** The end of a value: an ampersand, or the form's; `broken` if it has control characters or non-ASCII bytes. */
@inline
function skipValue(start: i32, to: i32): i32 {
  let at = start;
  while (at < to) {
    const found = notPlain(v128.load(at));
    if (found != 0) {
      at += ctz(found);
      return at >= to ? to : load<u8>(at) == ampersand ? at : broken;
    }
    at += 16;
  }
  return to;
}

/** Records a value; returns its end. */
function walkValue(id: i32, start: i32, to: i32): i32 {
  const end = skipValue(start, to);
  if (end == broken) return broken;
  let escapes = 0;
  for (let at = start; at < end; at += 16) {
    const bytes = v128.load(at);
    const within = end - at < 16 ? (1 << (end - at)) - 1 : 0xffff;
    // In a text they would be the end of a JSON string, and an escape.
    if ((quotesIn(bytes) & within) != 0) return broken;
    escapes |= escapesIn(bytes) & within;
  }
  if (escapes != 0) return walkEscaped(id, start, end);
  noteText(id, text, start, end);
  return end;
}

/** Records a value with escapes, as what they stand for. */
function walkEscaped(id: i32, start: i32, end: i32): i32 {
  const from = load<i32>(unescapedAt);
  if (from + end - start >= load<i32>(unescapedToAt)) return broken;
  let into = from;
  let isAscii = true;
  for (let at = start; at < end; at++) {
    let byte = <i32>load<u8>(at);
    if (byte == plus) byte = 0x20;
    else if (byte == percent) {
      if (at + 2 >= end) return broken;
      byte = (hexDigit(<i32>load<u8>(at + 1)) << 4) | hexDigit(<i32>load<u8>(at + 2));
      at += 2;
    }
    // A byte is too large if one of the two is not a hexadecimal digit.
    if (byte < 0x20 || byte == 0x7f || byte > 0xff || byte == quote || byte == backslash) return broken;
    if (byte > 0x7f) isAscii = false;
    store<u8>(into++, byte);
  }
  store<i32>(unescapedAt, into);
  if (!isAscii && !isUtf8(from, into)) return broken;
  noteText(id, isAscii ? text : mixed, from, into);
  return end;
}

/** Whether bytes are UTF-8, without a byte order mark, which would be removed. Overwrites the byte after them. */
function isUtf8(start: i32, end: i32): bool {
  store<u8>(end, quote);
  return mixedEnd(start, end + 1) == end && (load<u32>(start) & 0xffffff) != byteOrderMark;
}

/** The value of a hexadecimal digit; a large number for other bytes. */
function hexDigit(byte: i32): i32 {
  if (<u32>(byte - 0x30) <= 9) return byte - 0x30;
  const letter = byte | 0x20;
  return <u32>(letter - 0x61) < 6 ? letter - 0x57 : 0x1000;
}
