import { fifthIn, fourthIn, idCountIn, idsIn } from "./known";
import { broken, stencilsAt, stencilSetsAt } from "./layout";
import { slotOf, useSlots } from "./seen";
import { fits, keepWords, writeForm, writeObject } from "./stencil-bytes";
import { openBrace } from "./values";

// A provider writes nearly all receipts with the same members of the same sizes, in which ids and times differ. A
// stencil is made of one: for each byte which values it may have, so that what fits has the same members, in the same
// places, and the same words: it is as valid, and the same is known of it. It is compared sixteen bytes at a time,
// without looking for members.

/**
 * Sixteen sets, each of the stencils of some kinds of objects: four positions, the one that fitted last first, 0 for
 * none; what was known of the object that was walked last, and its size; how many did not fit, less those that did; and
 * how many objects are left until the next is compared.
 */
const setsBits: u32 = 4;
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
 * the bytes, see `stencil-bytes.ts`.
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

/** Larger objects have no stencil. */
const largest: i32 = 512;
const mostNoted: i32 = 12;

/** What is known of the object that fitted last. */
export let fitted: usize = 0;

/** The set of the object that was compared last. */
let compared: usize = 0;

/** The set of a kind of objects by how its first member's name begins: what a topic mixes has different ones. */
@inline
function setOf(block: usize, start: i32): usize {
  const name = load<u8>(start) == openBrace ? start + 2 : start;
  const beginning = (<u32>block >> 2) ^ load<u32>(name);
  return stencilSetsAt + (<usize>((beginning * 0x9e3779b1) >> (32 - setsBits)) << setBits);
}

/**
 * The end of an object or a form that fits a stencil, whose times and values of dimensions are noted as a walk notes them;
 * `broken` for others.
 *
 * @param block describes the kind of object
 * @param to after the record; at least 64 more bytes are readable
 */
export function fittingEnd(block: usize, start: i32, to: i32): i32 {
  const set = setOf(block, start);
  compared = set;
  const waits = load<i32>(set + waitsIn);
  if (waits != 0) {
    store<i32>(set + waitsIn, waits - 1);
    return broken;
  }
  // A longer form may begin like one that fits.
  const least = load<u8>(start) == openBrace ? 0 : to - start;
  for (let way = set; way < set + (ways << 2); way += 4) {
    const stencil = <usize>load<u32>(way);
    if (stencil == 0) break;
    const size = load<i32>(stencil + sizeIn);
    if (size < least || start + size > to || load<u32>(stencil + blockIn) != <u32>block) continue;
    if (!fits(stencil + bytesIn, start, size)) continue;
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

function noteMembers(stencil: usize, start: i32): void {
  const moved = i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(0), 2, start), 3, start);
  const to = stencil + firstNoted + (<usize>load<i32>(stencil + notedIn) << notedBits);
  for (let noted = stencil + firstNoted; noted < to; noted += 1 << notedBits) {
    v128.store(slotOf(0) + load<u32>(noted), i32x4.add(v128.load(noted, contentIn), moved));
  }
}

/** Whether the object that was compared last may have a stencil. */
@inline
export function isLearnt(): bool {
  return load<i32>(compared + waitsIn) == 0;
}

/**
 * Makes a stencil of the object or form that was compared and walked last, if the one before it was as large and the
 * same is known of it.
 */
export function learnStencil(block: usize, start: i32, end: i32, known: usize): void {
  const set = compared;
  const size = end - start;
  const isAgain = load<u32>(set + lastKnownIn) == <u32>known && load<i32>(set + lastSizeIn) == size;
  store<u32>(set + lastKnownIn, <u32>known);
  store<i32>(set + lastSizeIn, size);
  if (!isAgain || size > largest) return;
  addMissed(set, costOfStencil);
  const stencil = placeIn(set);
  // Not one while it is made.
  store<u32>(stencil + blockIn, 0);
  if (!keepMembers(stencil, start, end, known)) return;
  if (load<u8>(start) == openBrace) writeObject(stencil + bytesIn, start, end);
  else writeForm(stencil + bytesIn, start, end);
  if (!keepWords(stencil + bytesIn, start, end, known)) return;
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
