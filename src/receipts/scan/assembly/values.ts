import { quote, sixteenOf } from "./bytes";
import { broken } from "./layout";
import { nothing, number, word } from "./seen";
import { isAhead, specialsFrom, specialsOf64 } from "./specials";
import { stringEnd } from "./strings";

export const comma: i32 = 0x2c;
export const openBrace: i32 = 0x7b;
export const closeBrace: i32 = 0x7d;
export const openBracket: i32 = 0x5b;
export const closeBracket: i32 = 0x5d;
const colon: i32 = 0x3a;

// What ends a name, what is between it and a text, and what is between a value and the next name, as two or three bytes.
export const quoteColon: i32 = 0x3a22;
const quoteColonQuote: i32 = 0x223a22;
export const commaQuote: i32 = 0x222c;

// Words as four bytes; of `false` the last four.
const wordTrue: u32 = 0x65757274;
const wordAlse: u32 = 0x65736c61;
const wordNull: u32 = 0x6c6c756e;

/** More bytes are looked at one by one. */
const longestScalar: i32 = 16;

/** Maximum nesting; deeper values are left to JSON.parse, which needs no stack for them. */
const deepest: i32 = 32;

/** Whether a value that starts with this byte is an object or an array: the two differ in one bit. */
@inline
export function mayHoldMembers(first: i32): bool {
  return (first | 0x20) == openBrace;
}

/** The byte at `at`; -1 past the end. */
@inline
export function byteAt(at: i32, to: i32): i32 {
  return at < to ? <i32>load<u8>(at) : -1;
}

/** The first byte from `at` that is not JSON whitespace. */
@inline
export function skipBlanks(at: i32, to: i32): i32 {
  while (at < to) {
    const byte = <i32>load<u8>(at);
    if (byte > 0x20 || (byte != 0x20 && byte != 0x0a && byte != 0x0d && byte != 0x09)) break;
    at++;
  }
  return at;
}

/** Where the value starts whose name ends before `at`; `broken` without a colon between them. */
@inline
export function behindColon(at: i32, to: i32): i32 {
  if (at + 1 < to && load<u8>(at) == colon && load<u8>(at + 1) > 0x20) return at + 1;
  const next = skipBlanks(at, to);
  return byteAt(next, to) == colon ? skipBlanks(next + 1, to) : broken;
}

/** The end of the value that starts at `at`; `broken` if JSON.parse would reject it, or may have to parse it. */
export function skipValue(at: i32, to: i32, depth: i32): i32 {
  const first = byteAt(at, to);
  if (first == quote) {
    const end = stringEnd(at + 1, to);
    return end == broken ? broken : end + 1;
  }
  if (first == openBrace || first == openBracket) return skipInside(at, to, depth + 1);
  return scalarEnd(at, to);
}

/** The end of an object or an array; `depth` is its own. */
export function skipInside(at: i32, to: i32, depth: i32): i32 {
  return load<u8>(at) == openBrace ? skipObject(at, to, depth) : skipArray(at, to, depth);
}

function skipObject(start: i32, to: i32, depth: i32): i32 {
  let at = skipBlanks(start + 1, to);
  if (byteAt(at, to) == closeBrace) return at + 1;
  if (depth > deepest) return broken;
  if (byteAt(at, to) != quote) return broken;
  while (true) {
    const name = at + 1;
    const found = isAhead(name) ? specialsFrom(name) : specialsOf64(name);
    const opened = found & (found - 1);
    const rest = opened & (opened - 1);
    const end = name + <i32>ctz(found);
    const close = name + <i32>ctz(rest);
    // Nearly all members have a plain name and a plain text, which end within the bytes that were looked at.
    const isPlain = (load<u32>(end) & 0xffffff) == quoteColonQuote;
    if (i32(isPlain) & i32(rest != 0) & i32(close < to) && load<u8>(close) == quote) at = close + 1;
    else {
      at = skipNamed(found != 0 && byteAt(end, to) == quote ? end : stringEnd(name, to), to, depth);
      if (at == broken) return broken;
    }
    if (at + 1 < to && load<u16>(at) == commaQuote) {
      at++;
      continue;
    }
    at = skipBlanks(at, to);
    const byte = byteAt(at, to);
    if (byte == closeBrace) return at + 1;
    if (byte != comma) return broken;
    at = skipBlanks(at + 1, to);
    if (byteAt(at, to) != quote) return broken;
  }
}

/** The end of the value of a member. @param end the closing quote of its name, or `broken` */
function skipNamed(end: i32, to: i32, depth: i32): i32 {
  if (end == broken) return broken;
  const value = behindColon(end + 1, to);
  return value == broken ? broken : skipValue(value, to, depth);
}

function skipArray(start: i32, to: i32, depth: i32): i32 {
  let at = skipBlanks(start + 1, to);
  if (byteAt(at, to) == closeBracket) return at + 1;
  if (depth > deepest) return broken;
  while (true) {
    at = skipValue(at, to, depth);
    if (at == broken) return broken;
    at = skipBlanks(at, to);
    const byte = byteAt(at, to);
    if (byte == closeBracket) return at + 1;
    if (byte != comma) return broken;
    at = skipBlanks(at + 1, to);
  }
}

/** The end of the number, `true`, `false` or `null` that starts at `at`. */
function scalarEnd(at: i32, to: i32): i32 {
  const end = shortScalarEnd(at, to);
  return end == broken ? otherScalarEnd(at, to) : end;
}

/**
 * The same, if it has less than sixteen bytes, of a number without a sign or an exponent, and a comma or a bracket
 * follows; otherwise `broken`. One condition for nearly all of them, since a processor can't guess which comes next.
 */
@inline
export function shortScalarEnd(at: i32, to: i32): i32 {
  const bytes = v128.load(at);
  const digits = i8x16.bitmask(i8x16.lt_u(i8x16.sub(bytes, sixteenOf(0x30)), sixteenOf(10)));
  const allDots = i8x16.bitmask(i8x16.eq(bytes, sixteenOf(0x2e)));
  const brackets = i8x16.eq(v128.or(bytes, sixteenOf(0x20)), sixteenOf(closeBrace));
  const size = ctz(i8x16.bitmask(v128.or(brackets, i8x16.eq(bytes, sixteenOf(comma)))) | (1 << longestScalar));
  const within = (1 << size) - 1;
  const dots = allDots & within;
  const first = <i32>load<u8>(at);
  // Of no bytes at all the last is false.
  const dotFits = i32((dots & (dots - 1)) == 0) & i32(dots != 1) & i32(dots != (1 << size) >> 1);
  const isDecimal = i32(((digits | dots) & within) == within) & dotFits;
  // No leading zeros.
  const isNumber = isDecimal & (i32(first != 0x30) | i32(size == 1) | i32(dots == 2));
  const start = load<u32>(at);
  const isWord = i32(size == 4) & (i32(start == wordTrue) | i32(start == wordNull));
  const isFalse = i32(size == 5) & i32(first == 0x66) & i32(load<u32>(at + 1) == wordAlse);
  return (isNumber | isWord | isFalse) & i32(size < longestScalar) & i32(at + size < to) ? at + size : broken;
}

/** The kind of a scalar that starts with this byte. */
@inline
export function kindOfScalar(first: i32): i32 {
  return first == 0x6e ? nothing : first == 0x74 || first == 0x66 ? word : number;
}

/** The end of any other scalar. */
export function otherScalarEnd(at: i32, to: i32): i32 {
  switch (byteAt(at, to)) {
    case 0x74:
      return at + 4 <= to && load<u32>(at) == wordTrue ? at + 4 : broken;
    case 0x66:
      return at + 5 <= to && load<u32>(at + 1) == wordAlse ? at + 5 : broken;
    case 0x6e:
      return at + 4 <= to && load<u32>(at) == wordNull ? at + 4 : broken;
    default:
      return numberEnd(at, to);
  }
}

function numberEnd(start: i32, to: i32): i32 {
  let at = byteAt(start, to) == 0x2d ? start + 1 : start;
  const whole = digitsEnd(at, to);
  // No leading zeros.
  if (whole == at || (whole > at + 1 && load<u8>(at) == 0x30)) return broken;
  at = whole;
  if (byteAt(at, to) == 0x2e) {
    const fraction = digitsEnd(at + 1, to);
    if (fraction == at + 1) return broken;
    at = fraction;
  }
  if ((byteAt(at, to) | 0x20) != 0x65) return at;
  const sign = byteAt(at + 1, to);
  const from = sign == 0x2b || sign == 0x2d ? at + 2 : at + 1;
  const exponent = digitsEnd(from, to);
  return exponent == from ? broken : exponent;
}

function digitsEnd(start: i32, to: i32): i32 {
  let at = start;
  while (at < to && <u32>load<u8>(at) - 0x30 <= 9) at++;
  return at;
}
