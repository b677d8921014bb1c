import { backslash, quote, sixteenOf } from "./bytes";
import { bitsAt, heldAt } from "./layout";

/** So many bytes are looked at at once. */
const atOnce: i32 = 1024;

// Up to the limit no byte changes; the bits of those from the first to the second position are known.
let from: i32 = 0;
let known: i32 = 0;
let limit: i32 = 0;

/**
 * Which of 16 bytes are not plain text, one bit each: quotes, backslashes, control characters, and non-ASCII bytes, which
 * are negative as signed numbers.
 */
@inline
export function specials(bytes: v128): u32 {
  // With a bit flipped, the quote is 0x20, next to the control characters.
  const others = i8x16.lt_s(v128.xor(bytes, sixteenOf(quote ^ 0x20)), sixteenOf(0x21));
  return i8x16.bitmask(v128.or(i8x16.eq(bytes, sixteenOf(backslash)), others));
}

/** The same of 64 bytes. */
@inline
export function specialsOf64(at: i32): u64 {
  const first = <u64>specials(v128.load(at));
  const second = <u64>specials(v128.load(at, 16));
  const third = <u64>specials(v128.load(at, 32));
  const fourth = <u64>specials(v128.load(at, 48));
  return first | (second << 16) | ((third << 32) | (fourth << 48));
}

/** Forgets all bits. @param to no byte up to here changes until it is called again */
export function forgetAhead(to: i32): void {
  known = 0;
  limit = to;
}

/** Begins with an object: forgets bits that may not be those of its bytes. @param to after its record */
@inline
export function startAhead(start: i32, to: i32): void {
  // Unescaped texts are in front of the records: each is written over that of the record before.
  if (start < heldAt) forgetAhead(to);
  else if (start < from) known = 0;
}

/** Whether the 64 bytes from `at` on were looked at. */
@inline
export function isAhead(at: i32): bool {
  return at + 64 <= known;
}

/**
 * Looks at the bytes from `start` on, and at those of the next records: together they cost less than each member's by
 * themselves.
 *
 * @param to after the record; at least 64 more bytes are readable
 */
export function lookAhead(start: i32, to: i32): void {
  const end = min(max(to, limit), start + atOnce) + 64;
  let at = start & ~63;
  if (start > known) from = at;
  for (; at < end; at += 64) store<u64>(bitsAt + (at >>> 3), specialsOf64(at));
  known = at;
}

/** Which of at least 57 bytes from `at` on are not plain text, if they were looked at. */
@inline
export function specialsFrom(at: i32): u64 {
  return load<u64>(bitsAt + (at >>> 3)) >>> (at & 7);
}
