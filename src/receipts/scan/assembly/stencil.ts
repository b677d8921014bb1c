import { sixteenOf } from "./bytes";
import { fifthIn, fourthIn, idCountIn, idsIn, wordCount, wordIdsAt } from "./known";
import { broken, stencilsAt, stencilSetsAt } from "./layout";
import { array, inner, object, slotOf, useSlots } from "./seen";
import { quote, skipBlanks } from "./values";

// A provider writes nearly all receipts with the same members of the same sizes, in which ids and times differ. A
// stencil is made of one: for each byte which values it may have, so that what fits has the same members, in the same
// places, and the same words: it is as valid, and the same is known of it. It is compared sixteen bytes at a time,
// without looking for members.

/**
 * The stencils of some kinds of objects: four positions, the one that fitted last first, 0 for none; what was known of
 * the object that was walked last, and its size; how many did not fit, less those that did; and how many objects are
 * left until the next is compared.
 */
const sets: u32 = 8;
const setBits: usize = 5;
const ways: usize = 4;
const lastKnownIn: usize = 16;
const lastSizeIn: usize = 20;
const missedIn: usize = 24;
const waitsIn: usize = 28;

/**
 * What it saves when a stencil fits, and what it costs to make one, in the cost of one that does not fit. After so much
 * of that cost, so many objects are not compared.
 */
const savedByFit: i32 = 4;
const costOfStencil: i32 = 16;
const mostMissed: i32 = 64;
const longestWait: i32 = 8192;

/**
 * A stencil: the block of the kind of object, what is known of it, its size, and how many members are noted; at byte 16
 * those: the offset of the member's slot, and at byte 16 of each its content, from the start of the object. At byte 416
 * the bytes, sixteen after the other: the least that each may be, how much it may be above that, and a mask of those
 * that may be neither a quote nor a backslash.
 */
const stencilBits: usize = 11;
const blockIn: usize = 0;
const knownIn: usize = 4;
const sizeIn: usize = 8;
const notedIn: usize = 12;
const firstNoted: usize = 16;
const notedBits: usize = 5;
const contentIn: usize = 16;
const bytesIn: usize = 416;
const rangeIn: usize = 16;
const maskIn: usize = 32;

/** Larger objects have no stencil. */
const largest: i32 = 512;
const mostNoted: i32 = 12;

/** So many bytes are compared at once. */
const pieceSize: i32 = 64;

const backslash: i32 = 0x5c;
const colon: i32 = 0x3a;

/** Printable ASCII. */
const leastPlain: i32 = 0x20;
const plainRange: i32 = 0x5e;
const anyRange: i32 = 0xff;

/** How characters of three bytes begin of which any two following bytes make one, and those that follow. */
const firstOfThree: i32 = 0xe1;
const lastOfThree: i32 = 0xec;
const firstOfLastThree: i32 = 0xee;
const lastOfLastThree: i32 = 0xef;
const firstHigh: i32 = 0x80;
const followingRange: i32 = 0x3f;

/** What is known of the object that fitted last. */
export let fitted: usize = 0;

@inline
function setOf(block: usize): usize {
  return stencilSetsAt + (<usize>(((<u32>block >> 2) * 0x9e3779b1) >> 29) << setBits);
}

/**
 * The end of an object that fits a stencil, whose times and values of dimensions are noted as a walk notes them;
 * `broken` for others.
 *
 * @param block describes the kind of object
 * @param to after the record; at least 64 more bytes are readable
 */
export function fittingEnd(block: usize, start: i32, to: i32): i32 {
  const set = setOf(block);
  const waits = load<i32>(set + waitsIn);
  if (waits != 0) {
    store<i32>(set + waitsIn, waits - 1);
    return broken;
  }
  for (let way = set; way < set + (ways << 2); way += 4) {
    const stencil = <usize>load<u32>(way);
    if (stencil == 0) break;
    const size = load<i32>(stencil + sizeIn);
    if (start + size > to || load<u32>(stencil + blockIn) != <u32>block || !fits(stencil + bytesIn, start, size)) continue;
    if (way != set) {
      store<u32>(way, load<u32>(way - 4));
      store<u32>(way - 4, <u32>stencil);
    }
    store<i32>(set + missedIn, max(load<i32>(set + missedIn) - savedByFit, 0));
    useSlots(block);
    noteMembers(stencil, start);
    fitted = load<u32>(stencil + knownIn);
    return start + size;
  }
  addMissed(set, 1);
  return broken;
}

function addMissed(set: usize, more: i32): void {
  const missed = load<i32>(set + missedIn) + more;
  store<i32>(set + missedIn, missed > mostMissed ? 0 : missed);
  if (missed > mostMissed) store<i32>(set + waitsIn, longestWait);
}

function fits(bytes: usize, start: i32, size: i32): bool {
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

function noteMembers(stencil: usize, start: i32): void {
  const moved = i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(0), 2, start), 3, start);
  const to = stencil + firstNoted + (<usize>load<i32>(stencil + notedIn) << notedBits);
  for (let noted = stencil + firstNoted; noted < to; noted += 1 << notedBits) {
    v128.store(slotOf(0) + load<u32>(noted), i32x4.add(v128.load(noted, contentIn), moved));
  }
}

/** Makes a stencil of the object that was walked last, if the one before it was as large and the same is known of it. */
export function learnStencil(block: usize, start: i32, end: i32, known: usize): void {
  const set = setOf(block);
  const size = end - start;
  const isAgain = load<u32>(set + lastKnownIn) == <u32>known && load<i32>(set + lastSizeIn) == size;
  store<u32>(set + lastKnownIn, <u32>known);
  store<i32>(set + lastSizeIn, size);
  if (!isAgain || size > largest || load<i32>(set + waitsIn) != 0) return;
  addMissed(set, costOfStencil);
  const stencil = placeIn(set);
  // Not one while it is made.
  store<u32>(stencil + blockIn, 0);
  if (!keepMembers(stencil, start, end, known)) return;
  writeBytes(stencil + bytesIn, start, end);
  keepWords(stencil + bytesIn, start, known);
  store<u32>(stencil + blockIn, <u32>block);
  store<u32>(stencil + knownIn, <u32>known);
  store<i32>(stencil + sizeIn, size);
}

/** The place of a new stencil: a free one, or that of the one that has not fitted for longest. */
function placeIn(set: usize): usize {
  let way: usize = 0;
  while (way < ways - 1 && load<u32>(set + (way << 2)) != 0) way++;
  const stencil = <usize>load<u32>(set + (way << 2));
  if (stencil != 0) return stencil;
  const place = ((set - stencilSetsAt) >> setBits) * ways + way;
  const free = stencilsAt + (place << stencilBits);
  store<u32>(set + (way << 2), <u32>free);
  return free;
}

/** Keeps where the members are that are read of each object; false when they are not all within it. */
function keepMembers(stencil: usize, start: i32, end: i32, known: usize): bool {
  const ids = known + idsIn;
  const times = ids + (<usize>(load<i32>(known + fourthIn) + load<i32>(known + fifthIn)) << 2);
  const to = ids + (<usize>load<i32>(known + idCountIn) << 2);
  let noted = 0;
  let left = 0;
  for (let at = ids; at < to; at += 4) {
    // Behind the times, how many ids follow is in front of them.
    if (at >= times && left-- == 0) {
      left = load<i32>(at);
      continue;
    }
    const slot = slotOf(load<i32>(at));
    if (noted == mostNoted || load<i32>(slot + 8) < start || load<i32>(slot + 12) > end) return false;
    const place = stencil + firstNoted + (<usize>noted << notedBits);
    noted++;
    store<u32>(place, <u32>(slot - slotOf(0)));
    store<i32>(place + contentIn, 0);
    store<i32>(place + contentIn + 4, load<i32>(slot + 4));
    store<i32>(place + contentIn + 8, load<i32>(slot + 8) - start);
    store<i32>(place + contentIn + 12, load<i32>(slot + 12) - start);
  }
  store<i32>(stencil + notedIn, noted);
  return true;
}

/** Writes the bytes of an object that JSON.parse would accept: all are fixed, apart from texts and digits. */
function writeBytes(bytes: usize, start: i32, end: i32): void {
  for (let at = start; at < end; at++) allow(bytes, at - start, <i32>load<u8>(at), 0, 0);
  for (let past = end - start; (past & (pieceSize - 1)) != 0; past++) allow(bytes, past, 0, anyRange, 0);
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

/** Keeps the words as they are. */
function keepWords(bytes: usize, start: i32, known: usize): void {
  const ids = wordIdsAt(known);
  for (let i = 0; i < wordCount(known); i++) {
    const slot = slotOf(load<i32>(ids + (<usize>i << 2)));
    const kind = load<i32>(slot + 4);
    if (kind == object || kind == array || kind == inner) continue;
    for (let at = load<i32>(slot + 8); at < load<i32>(slot + 12); at++) allow(bytes, at - start, <i32>load<u8>(at), 0, 0);
  }
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
