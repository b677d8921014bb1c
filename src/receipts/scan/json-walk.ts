import { characterLength, escapedByte } from "./characters.ts";

export const quote = 0x22;
export const comma = 0x2c;
export const colon = 0x3a;
export const backslash = 0x5c;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;
export const openBracket = 0x5b;
export const closeBracket = 0x5d;

/** Not a value that JSON.parse would accept, or left to JSON.parse. */
export const broken = -1;

/** Maximum nesting; deeper values are left to JSON.parse, which needs no stack for them. */
const deepest = 32;

/** The byte at `at`; -1 past the end. */
export function byteAt(view: DataView, at: number, to: number): number {
  return at < to ? view.getUint8(at) : -1;
}

/** The first byte from `at` that is not JSON whitespace. */
export function skipBlanks(view: DataView, at: number, to: number): number {
  let next = at;
  while (next < to) {
    const byte = view.getUint8(next);
    if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) break;
    next++;
  }
  return next;
}

/**
 * How many of a word's four bytes are plain text, from the lowest: no quote, backslash or control character, and only
 * ASCII.
 *
 * A subtraction borrows the highest bit of a byte that is smaller than what is subtracted, so the lowest byte that is
 * not plain text is marked there. Marks of higher bytes may be wrong.
 */
export function plainBytes(word: number): number {
  // With one bit flipped, the quote directly follows the control characters.
  const low = word ^ 0x02020202;
  const slash = word ^ 0x5c5c5c5c;
  const found = (((low - 0x21212121) & ~low) | ((slash - 0x01010101) & ~slash) | word) & 0x80808080;
  return found === 0 ? 4 : (31 - Math.clz32(found & -found)) >> 3;
}

/** The first byte from `at` that is not plain text, see {@link plainBytes}; `to` when there is none. */
export function plainEnd(view: DataView, at: number, to: number): number {
  let next = at;
  for (; next + 4 <= to; next += 4) {
    const plain = plainBytes(view.getInt32(next, true));
    if (plain < 4) return next + plain;
  }
  for (; next < to; next++) {
    const byte = view.getUint8(next);
    if (byte < 0x20 || byte > 0x7f || byte === quote || byte === backslash) break;
  }
  return next;
}

/**
 * The closing quote of the string whose first byte is at `at`.
 *
 * @returns its position; the complement (`~`) if there are escapes or non-ASCII characters before it; `broken`
 */
export function stringEnd(view: DataView, at: number, to: number): number {
  const end = plainEnd(view, at, to);
  if (end >= to) return broken;
  return view.getUint8(end) === quote ? end : mixedEnd(view, end, to);
}

function mixedEnd(view: DataView, from: number, to: number): number {
  let at = from;
  while (at < to) {
    if (at + 4 <= to) {
      const plain = plainBytes(view.getInt32(at, true));
      at += plain;
      if (plain === 4) continue;
    }
    const byte = view.getUint8(at);
    if (byte === quote) return ~at;
    const isShort = byte === backslash && at + 1 < to && escapedByte(view.getUint8(at + 1)) !== 0;
    const length = isShort ? 2 : characterLength(view, at, to);
    if (length === 0) return broken;
    at += length;
  }
  return broken;
}

/** The end of the JSON value that starts at `at`; `broken` if JSON.parse would reject it, or may have to parse it. */
export function skipValue(view: DataView, at: number, to: number, depth = 0): number {
  switch (byteAt(view, at, to)) {
    case quote: {
      const end = stringEnd(view, at + 1, to);
      return end === broken ? broken : (end < 0 ? ~end : end) + 1;
    }
    case openBrace:
      return skipObject(view, at, to, depth + 1);
    case openBracket:
      return skipArray(view, at, to, depth + 1);
    default:
      return scalarEnd(view, at, to);
  }
}

function skipObject(view: DataView, start: number, to: number, depth: number): number {
  let at = skipBlanks(view, start + 1, to);
  if (byteAt(view, at, to) === closeBrace) return at + 1;
  if (depth > deepest) return broken;
  for (;;) {
    if (byteAt(view, at, to) !== quote) return broken;
    const end = stringEnd(view, at + 1, to);
    if (end === broken) return broken;
    at = behindColon(view, (end < 0 ? ~end : end) + 1, to);
    if (at === broken) return broken;
    at = skipValue(view, at, to, depth);
    if (at === broken) return broken;
    at = skipBlanks(view, at, to);
    const byte = byteAt(view, at, to);
    if (byte === closeBrace) return at + 1;
    if (byte !== comma) return broken;
    at = skipBlanks(view, at + 1, to);
  }
}

function skipArray(view: DataView, start: number, to: number, depth: number): number {
  let at = skipBlanks(view, start + 1, to);
  if (byteAt(view, at, to) === closeBracket) return at + 1;
  if (depth > deepest) return broken;
  for (;;) {
    at = skipValue(view, at, to, depth);
    if (at === broken) return broken;
    at = skipBlanks(view, at, to);
    const byte = byteAt(view, at, to);
    if (byte === closeBracket) return at + 1;
    if (byte !== comma) return broken;
    at = skipBlanks(view, at + 1, to);
  }
}

/** Where the value starts whose name ends before `at`; `broken` without a colon between them. */
export function behindColon(view: DataView, at: number, to: number): number {
  const next = skipBlanks(view, at, to);
  return byteAt(view, next, to) === colon ? skipBlanks(view, next + 1, to) : broken;
}

const words = ["true", "false", "null"].map((word) => Buffer.from(word));

/** The end of the number, `true`, `false` or `null` that starts at `at`. */
export function scalarEnd(view: DataView, at: number, to: number): number {
  const first = byteAt(view, at, to);
  for (const word of words) {
    if (word[0] === first) return isAt(view, at, to, word) ? at + word.length : broken;
  }
  return numberEnd(view, at, to);
}

function isAt(view: DataView, at: number, to: number, word: Buffer): boolean {
  if (at + word.length > to) return false;
  for (let i = 1; i < word.length; i++) {
    if (view.getUint8(at + i) !== word[i]) return false;
  }
  return true;
}

function numberEnd(view: DataView, start: number, to: number): number {
  let at = byteAt(view, start, to) === 0x2d ? start + 1 : start;
  const whole = digitsEnd(view, at, to);
  // No leading zeros.
  if (whole === at || (whole > at + 1 && view.getUint8(at) === 0x30)) return broken;
  at = whole;
  if (byteAt(view, at, to) === 0x2e) {
    const fraction = digitsEnd(view, at + 1, to);
    if (fraction === at + 1) return broken;
    at = fraction;
  }
  if ((byteAt(view, at, to) | 0x20) !== 0x65) return at;
  const sign = byteAt(view, at + 1, to);
  const from = sign === 0x2b || sign === 0x2d ? at + 2 : at + 1;
  const exponent = digitsEnd(view, from, to);
  return exponent === from ? broken : exponent;
}

function digitsEnd(view: DataView, start: number, to: number): number {
  let at = start;
  while (at < to) {
    const byte = view.getUint8(at);
    if (byte < 0x30 || byte > 0x39) break;
    at++;
  }
  return at;
}
