import { backslash, quote, sixteenOf } from "./bytes";
import { broken, escapedAt, unescapedAt, unescapedToAt } from "./layout";
import { specials } from "./specials";

const letterU: i32 = 0x75;
const wordBytes: i32 = 16;
/** A bit for each third of 32 bytes, from the first. */
const everyThird: i32 = 0x49249249;

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

/** The same as {@link plainEnd}; looks at 32 bytes at once, since times are longer than 16. Reads further past `to`. */
@inline
export function longPlainEnd(at: i32, to: i32): i32 {
  while (at < to) {
    const found = specials(v128.load(at)) | (specials(v128.load(at + 16)) << 16);
    if (found != 0) return at + ctz(found);
    at += 32;
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

// What 16 bytes contain, one bit each; see `look`.
let slashes: i32 = 0;
let quotes: i32 = 0;
let others: i32 = 0;

/** Looks at 16 bytes: backslashes, quotes, and what is not plain besides, see {@link specials}. */
@inline
function look(at: i32): void {
  const bytes = v128.load(at);
  slashes = i8x16.bitmask(i8x16.eq(bytes, sixteenOf(backslash)));
  quotes = i8x16.bitmask(i8x16.eq(bytes, sixteenOf(quote)));
  others = i8x16.bitmask(i8x16.lt_s(bytes, sixteenOf(0x20)));
}

/** Whether these bytes have no escapes but those of quotes, as JSON in a string has them. */
@inline
function hasQuotesEscaped(): bool {
  return (others | ((slashes << 1) & ~quotes & 0xffff)) == 0;
}

/** Passes plain text and escaped quotes: returns the closing quote, or where something else comes within 16 bytes. */
function pastEscapedQuotes(from: i32, to: i32): i32 {
  let at = from;
  while (at < to) {
    look(at);
    if (!hasQuotesEscaped()) break;
    const ends = quotes & ~(slashes << 1);
    if (ends != 0) return at + ctz(ends);
    // A backslash at the end is looked at again, with what follows.
    at += wordBytes - (slashes >>> 15);
  }
  return at;
}

/** The closing quote of a string with escapes or non-ASCII characters, from the first of them on. */
export function mixedEnd(from: i32, to: i32): i32 {
  let at = load<u8>(from) == backslash ? pastEscapedQuotes(from, to) : from;
  while (at < to) {
    const word = at;
    let found = specials(v128.load(word));
    at = word + wordBytes;
    while (found != 0) {
      const special = word + ctz(found);
      if (special >= to) return broken;
      const byte = <i32>load<u8>(special);
      if (byte == quote) return special;
      let length = byte >= 0x80 ? commonLength(special, to) : 0;
      if (length == 0) length = lengthAt(byte, special, to);
      if (length == 0) return broken;
      const after = special + length;
      if (after < to && load<u8>(after) == quote) return after;
      const next = after - word;
      if (next >= wordBytes) {
        at = word + next;
        break;
      }
      found &= -1 << next;
    }
  }
  return broken;
}

/** The length in bytes of the escape or non-ASCII character at `at`; 0 if JSON does not allow it. */
@inline
function lengthAt(byte: i32, at: i32, to: i32): i32 {
  if (byte == backslash) {
    return at + 1 < to && unescapedByte(<i32>load<u8>(at + 1)) != 0 ? 2 : unicodeEscapeLength(at, to);
  }
  return byte >= 0x80 ? utf8Length(at, to) : 0;
}

/** Which of 16 bytes begin a three-byte character; without those whose second byte has a smaller range. */
@inline
function threeByteStarts(bytes: v128): i32 {
  const starts = i8x16.eq(v128.and(bytes, sixteenOf(0xf0)), sixteenOf(0xe0));
  const rare = v128.or(i8x16.eq(bytes, sixteenOf(0xe0)), i8x16.eq(bytes, sixteenOf(0xed)));
  return i8x16.bitmask(v128.andnot(starts, rare));
}

/** Which of 16 bytes follow the first of a character: from 0x80 to 0xbf, the least as signed numbers. */
@inline
function followers(bytes: v128): i32 {
  return i8x16.bitmask(i8x16.lt_s(bytes, sixteenOf(0xc0)));
}

/** The length in bytes of up to ten three-byte characters at `at`, as Chinese has them, without rare ones. */
@inline
function commonLength(at: i32, to: i32): i32 {
  const first = v128.load(at);
  const second = v128.load(at, 16);
  const starts = threeByteStarts(first) | (threeByteStarts(second) << 16);
  const following = followers(first) | (followers(second) << 16);
  const size = ctz(~((starts & everyThird) | (following & ~everyThird)));
  // A third of it, rounded down.
  return ((min(size, to - at) * 43) >> 7) * 3;
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

/** The length in bytes of the `\u` escape at `at`; 0 if JSON.parse would reject it. */
function unicodeEscapeLength(at: i32, to: i32): i32 {
  return at + 6 <= to && load<u8>(at + 1) == letterU && unitAt(at) >= 0 ? 6 : 0;
}

/** The byte that a letter after a backslash stands for; 0 for none, and for `u`. */
@inline
function unescapedByte(letter: i32): i32 {
  return <i32>load<u8>(escapedAt + letter);
}

/** Writes the table of {@link unescapedByte}. */
export function writeEscapes(): void {
  store<u8>(escapedAt + 0x22, 0x22);
  store<u8>(escapedAt + 0x5c, 0x5c);
  store<u8>(escapedAt + 0x2f, 0x2f);
  store<u8>(escapedAt + 0x62, 0x08);
  store<u8>(escapedAt + 0x66, 0x0c);
  store<u8>(escapedAt + 0x6e, 0x0a);
  store<u8>(escapedAt + 0x72, 0x0d);
  store<u8>(escapedAt + 0x74, 0x09);
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
  if (into + to - start + wordBytes > load<i32>(unescapedToAt)) return broken;
  let at = start;
  while (at < to) {
    const word = at;
    look(word);
    if (hasQuotesEscaped()) {
      const ends = quotes & ~(slashes << 1);
      const stop = ends == 0 ? wordBytes - (slashes >>> 15) : ctz(ends);
      // Only the backslashes are left out.
      for (let rest = slashes & ((1 << stop) - 1); rest != 0; rest &= rest - 1) {
        const slash = word + ctz(rest);
        v128.store(into, v128.load(at));
        into += slash - at;
        at = slash + 1;
      }
      v128.store(into, v128.load(at));
      into += word + stop - at;
      at = word + stop;
      if (ends == 0) continue;
      store<i32>(unescapedAt, into);
      return at < to ? at : broken;
    }
    let found = slashes | quotes | others;
    while (found != 0) {
      const special = word + ctz(found);
      if (special >= to) return broken;
      v128.store(into, v128.load(at));
      into += special - at;
      const byte = <i32>load<u8>(special);
      if (byte == quote) {
        store<i32>(unescapedAt, into);
        return special;
      }
      const length = lengthAt(byte, special, to);
      if (length == 0) return broken;
      into = byte == backslash ? unescapeTo(into, special) : copyTo(into, special, length);
      if (into == broken) return broken;
      at = special + length;
      if (at - word >= wordBytes) break;
      found &= -1 << (at - word);
    }
    if (found != 0) continue;
    // The rest of the word is plain.
    v128.store(into, v128.load(at));
    into += word + wordBytes - at;
    at = word + wordBytes;
  }
  return broken;
}

@inline
function copyTo(into: i32, at: i32, length: i32): i32 {
  store<u32>(into, load<u32>(at));
  return into + length;
}

/** Writes the character of the escape at `at`; returns the position after it, or `broken`. */
@inline
function unescapeTo(into: i32, at: i32): i32 {
  const stands = unescapedByte(<i32>load<u8>(at + 1));
  return stands != 0 ? storeByte(into, stands) : storeUnit(into, unitAt(at));
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
