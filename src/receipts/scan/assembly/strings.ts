import { broken, unescapedAt, unescapedToAt } from "./layout";

const quote: i32 = 0x22;
const backslash: i32 = 0x5c;
const letterU: i32 = 0x75;

/**
 * Which of 16 bytes are not plain text, one bit each: quotes, backslashes, control characters, and non-ASCII bytes, which
 * are negative as signed numbers.
 */
@inline
export function specials(bytes: v128): i32 {
  const quotes = i8x16.eq(bytes, i8x16.splat(<i8>quote));
  const slashes = i8x16.eq(bytes, i8x16.splat(<i8>backslash));
  const others = i8x16.lt_s(bytes, i8x16.splat(0x20));
  return i8x16.bitmask(v128.or(v128.or(quotes, slashes), others));
}

/** The first byte from `at` that is not plain text; `to` or later when there is none. Reads past `to`. */
@inline
export function plainEnd(at: i32, to: i32): i32 {
  while (at < to) {
    const found = specials(v128.load(at));
    if (found != 0) return at + ctz(found);
    at += 16;
  }
  return at;
}

/** The closing quote of the string whose first byte is at `at`. */
@inline
export function stringEnd(at: i32, to: i32): i32 {
  const end = plainEnd(at, to);
  if (end >= to) return broken;
  return load<u8>(end) == quote ? end : mixedEnd(end, to);
}

/** The closing quote of a string with escapes or non-ASCII characters. */
export function mixedEnd(from: i32, to: i32): i32 {
  let at = from;
  while (at < to) {
    const byte = <i32>load<u8>(at);
    if (byte == quote) return at;
    const length = byte >= 0x80 ? utf8Length(at, to) : byte == backslash ? escapeLength(at, to) : 0;
    if (length == 0) {
      if (byte < 0x20 || byte == backslash || byte >= 0x80) return broken;
      at = plainEnd(at + 1, to);
    } else at += length;
  }
  return broken;
}

/**
 * The length in bytes of the non-ASCII character at `at`; 0 if it is invalid UTF-8: truncated, overlong, half of a
 * surrogate pair, or beyond Unicode.
 */
function utf8Length(at: i32, to: i32): i32 {
  const first = <i32>load<u8>(at);
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length == 0 || at + length > to) return 0;
  for (let i = at + 1; i < at + length; i++) {
    if ((load<u8>(i) & 0xc0) != 0x80) return 0;
  }
  const second = <i32>load<u8>(at + 1);
  const isShorter = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const isNone = (first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f);
  return isShorter || isNone ? 0 : length;
}

/** The length in bytes of the escape at `at`, with its backslash; 0 if JSON.parse would reject it. */
function escapeLength(at: i32, to: i32): i32 {
  if (at + 2 > to) return 0;
  const letter = <i32>load<u8>(at + 1);
  if (letter != letterU) return unescapedByte(letter) == 0 ? 0 : 2;
  return at + 6 <= to && unitAt(at) >= 0 ? 6 : 0;
}

/** The byte that a letter after a backslash stands for; 0 for none, and for `u`. */
function unescapedByte(letter: i32): i32 {
  switch (letter) {
    case 0x22:
    case 0x5c:
    case 0x2f:
      return letter;
    case 0x62:
      return 0x08;
    case 0x66:
      return 0x0c;
    case 0x6e:
      return 0x0a;
    case 0x72:
      return 0x0d;
    case 0x74:
      return 0x09;
    default:
      return 0;
  }
}

/** The UTF-16 unit of the six bytes of a `\u` escape at `at`; negative if it is invalid. */
function unitAt(at: i32): i32 {
  let unit = 0;
  for (let i = at + 2; i < at + 6; i++) {
    const byte = <i32>load<u8>(i);
    const letter = byte | 0x20;
    if (byte >= 0x30 && byte <= 0x39) unit = unit * 16 + byte - 0x30;
    else if (letter >= 0x61 && letter <= 0x66) unit = unit * 16 + letter - 0x57;
    else return -1;
  }
  return unit;
}

/**
 * Appends the content of a string to the unescaped texts of the record.
 *
 * @param start after its opening quote
 * @returns the position of its closing quote; `broken` when it is not a string, does not fit, or can't be encoded in
 *   UTF-8
 */
export function undoEscapes(start: i32, to: i32): i32 {
  let into = load<i32>(unescapedAt);
  // An unescaped character is never longer than its escape; whole words are written, which may be overwritten later.
  if (into + to - start + 16 > load<i32>(unescapedToAt)) return broken;
  let at = start;
  while (at < to) {
    const bytes = v128.load(at);
    v128.store(into, bytes);
    const found = specials(bytes);
    const plain = found == 0 ? 16 : ctz(found);
    at += plain;
    into += plain;
    if (found == 0) continue;
    if (at >= to) return broken;
    const byte = <i32>load<u8>(at);
    if (byte == quote) {
      store<i32>(unescapedAt, into);
      return at;
    }
    if (byte != backslash) {
      const length = byte < 0x80 ? 0 : utf8Length(at, to);
      if (length == 0) return broken;
      store<u32>(into, load<u32>(at));
      at += length;
      into += length;
      continue;
    }
    const length = escapeLength(at, to);
    if (length == 0) return broken;
    const stands = unescapedByte(<i32>load<u8>(at + 1));
    into = stands != 0 ? storeByte(into, stands) : storeUnit(into, unitAt(at));
    if (into == broken) return broken;
    at += length;
  }
  return broken;
}

@inline
function storeByte(into: i32, byte: i32): i32 {
  store<u8>(into, byte);
  return into + 1;
}

/** @returns the position after it; `broken` for half of a surrogate pair, which UTF-8 can't encode */
function storeUnit(into: i32, unit: i32): i32 {
  if (unit >= 0xd800 && unit <= 0xdfff) return broken;
  if (unit < 0x80) return storeByte(into, unit);
  if (unit < 0x800) return storeByte(storeByte(into, 0xc0 | (unit >> 6)), 0x80 | (unit & 0x3f));
  const next = storeByte(storeByte(into, 0xe0 | (unit >> 12)), 0x80 | ((unit >> 6) & 0x3f));
  return storeByte(next, 0x80 | (unit & 0x3f));
}
