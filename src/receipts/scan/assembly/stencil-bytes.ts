import { backslash, quote, sixteenOf } from "./bytes";
import { ampersand, equals, percent } from "./forms";
import { wordCount, wordIdsAt } from "./known";
import { array, inner, object, slotOf } from "./seen";
import { skipBlanks } from "./values";

// The bytes of a stencil, sixteen after the other: the least that each may be, how much it may be above that, and a mask
// of those that may be neither a quote nor a backslash.
const rangeIn: usize = 16;
const maskIn: usize = 32;

/** So many bytes are compared at once. */
const pieceSize: i32 = 64;

const colon: i32 = 0x3a;

/** Printable ASCII. */
const leastPlain: i32 = 0x20;
const plainRange: i32 = 0x5e;
const anyRange: i32 = 0xff;

/** Printable ASCII from the digits on: in a form none of it ends a value or is an escape. */
const leastOfForm: i32 = 0x30;
const formRange: i32 = 0x4e;

/** How characters of three bytes begin of which any two following bytes make one, and those that follow. */
const firstOfThree: i32 = 0xe1;
const lastOfThree: i32 = 0xec;
const firstOfLastThree: i32 = 0xee;
const lastOfLastThree: i32 = 0xef;
const firstHigh: i32 = 0x80;
const followingRange: i32 = 0x3f;

/** Whether so many bytes fit. At least 64 more are readable. */
export function fits(bytes: usize, start: i32, size: i32): bool {
  let stencil = bytes;
  for (let at = start; at < start + size; at += pieceSize) {
    const first = v128.and(fit(stencil, at), fit(stencil + 48, at + 16));
    const second = v128.and(fit(stencil + 96, at + 32), fit(stencil + 144, at + 48));
    if (i8x16.bitmask(v128.and(first, second)) != 0xffff) return false;
    stencil += 192;
  }
  return true;
}

/** A mask of the bytes that fit. */
@inline
function fit(stencil: usize, at: i32): v128 {
  const bytes = v128.load(at);
  const isWithin = i8x16.le_u(i8x16.sub(bytes, v128.load(stencil)), v128.load(stencil, rangeIn));
  const special = v128.or(i8x16.eq(bytes, sixteenOf(quote)), i8x16.eq(bytes, sixteenOf(backslash)));
  return v128.andnot(isWithin, v128.and(special, v128.load(stencil, maskIn)));
}

/** Writes the bytes of an object that JSON.parse would accept: all stay, apart from texts and digits. */
export function writeObject(bytes: usize, start: i32, end: i32): void {
  writeSame(bytes, start, end);
  for (let at = start; at < end; at++) {
    const byte = <i32>load<u8>(at);
    if (byte == quote) {
      const close = closingQuote(at + 1);
      const isName = load<u8>(skipBlanks(close + 1, end)) == colon;
      if (!isName) allowText(bytes, start, at + 1, close);
      at = close;
    } else if (isDigit(byte)) {
      // The first stays: no number begins with a zero that another digit follows.
      while (isDigit(<i32>load<u8>(at + 1))) allow(bytes, ++at - start, 0x30, 9, 0);
    }
  }
}

/**
 * Writes the bytes of a form: all stay, apart from those of its values that stand for themselves. The first of a value
 * stays of its kind, as in {@link allowText}.
 */
export function writeForm(bytes: usize, start: i32, end: i32): void {
  writeSame(bytes, start, end);
  let from = end;
  for (let at = start; at < end; at++) {
    const byte = <i32>load<u8>(at);
    if (byte == ampersand) from = end;
    else if (from == end && byte == equals) from = at + 1;
    else if (byte == percent) at += 2;
    else if (at == from) allowKind(bytes, at - start, byte);
    else if (at > from && byte >= leastOfForm) allow(bytes, at - start, leastOfForm, formRange, 0xff);
  }
}

/** What only fits itself. */
function writeSame(bytes: usize, start: i32, end: i32): void {
  for (let at = start; at < end; at++) allow(bytes, at - start, <i32>load<u8>(at), 0, 0);
  for (let past = end - start; (past & (pieceSize - 1)) != 0; past++) allow(bytes, past, 0, anyRange, 0);
}

function closingQuote(from: i32): i32 {
  let at = from;
  while (load<u8>(at) != quote) at += load<u8>(at) == backslash ? 2 : 1;
  return at;
}

/**
 * Allows any text of the same size without escapes, in printable ASCII where this one is, and in characters of three
 * bytes where this one has them. Its first byte stays of its kind, since a text that begins like JSON is another.
 */
function allowText(bytes: usize, start: i32, from: i32, to: i32): void {
  for (let at = from; at < to; at++) if (load<u8>(at) == backslash) return;
  for (let at = from; at < to; at++) {
    const byte = <i32>load<u8>(at);
    const place = at - start;
    if (byte < firstHigh) {
      if (at == from) allowKind(bytes, place, byte);
      else if (byte <= leastPlain + plainRange) allow(bytes, place, leastPlain, plainRange, 0xff);
      continue;
    }
    const isCommon = byte >= firstOfThree && byte <= lastOfThree;
    if (!isCommon && byte < firstOfLastThree) continue;
    // All characters from U+1000 to U+CFFF, or from U+E000 to U+FFFF.
    if (isCommon) allow(bytes, place, firstOfThree, lastOfThree - firstOfThree, 0);
    else if (byte <= lastOfLastThree) allow(bytes, place, firstOfLastThree, lastOfLastThree - firstOfLastThree, 0);
    else continue;
    allow(bytes, place + 1, firstHigh, followingRange, 0);
    allow(bytes, place + 2, firstHigh, followingRange, 0);
    at += 2;
  }
}

/** Allows another digit, or another letter of the same case. */
function allowKind(bytes: usize, place: i32, byte: i32): void {
  if (isDigit(byte)) allow(bytes, place, 0x30, 9, 0);
  else if (<u32>byte - 0x41 < 26) allow(bytes, place, 0x41, 25, 0);
  else if (<u32>byte - 0x61 < 26) allow(bytes, place, 0x61, 25, 0);
}

/** Keeps the words as they are; false when one is not within the object, since it has escapes. */
export function keepWords(bytes: usize, start: i32, end: i32, known: usize): bool {
  const ids = wordIdsAt(known);
  for (let i = 0; i < wordCount(known); i++) {
    const slot = slotOf(load<i32>(ids + (<usize>i << 2)));
    const kind = load<i32>(slot + 4);
    if (kind == object || kind == array || kind == inner) continue;
    const from = load<i32>(slot + 8);
    const to = load<i32>(slot + 12);
    if (from < start || to > end) return false;
    for (let at = from; at < to; at++) allow(bytes, at - start, <i32>load<u8>(at), 0, 0);
  }
  return true;
}

/** What a byte may be. */
function allow(bytes: usize, place: i32, least: i32, range: i32, mask: i32): void {
  const at = bytes + <usize>(place >> 4) * 48 + <usize>(place & 15);
  store<u8>(at, <u8>least);
  store<u8>(at + rangeIn, <u8>range);
  store<u8>(at + maskIn, <u8>mask);
}

@inline
function isDigit(byte: i32): bool {
  return <u32>byte - 0x30 < 10;
}
