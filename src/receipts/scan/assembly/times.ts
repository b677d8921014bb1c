import { dates, datesAt, leftTimesAt, mostLeftTimes } from "./layout";
import { mixed, inner, number, slotOf, text } from "./seen";

const space: i32 = 0x20;
const letterT: i32 = 0x54;

/** The length of the common format: `2015-04-14 12:21:23`, or with a `T`. */
const commonLength: i32 = 19;

/** Digits of ms since the epoch, from 2001 to 2286, which are nothing else. */
const epochMsDigits: i32 = 13;

/** A JSON number with more digits may have another spelling. */
const surelyWhole: i32 = 15;

/** Eight digits of zero, and what takes a byte that is above nine to 128 or more. */
const zeros: u64 = 0x3030_3030_3030_3030;
const notDigits: u64 = 0x7676_7676_7676_7676;

/** The same for `hh:mm:ss`, from the last to the first, of which each byte has its own limit: 29:59:59. */
const zeroClock: u64 = 0x3030_3a30_303a_3030;
const notClock: u64 = 0x767a_7f76_7a7f_767d;

/** The s in the minutes and s of a time, from its pairs of bytes: tens of minutes, minutes times ten, and s. */
const secondsOfPairs: u64 = 0x0258_0006_0001_0000;

// A known date: its ten bytes as two words, and its midnight in UTC as a float, in ms since the epoch.
const dateBits: usize = 5;
const restIn: usize = 8;
const midnightIn: usize = 16;

/** How many times are left to TypeScript: where to write it, and where its bytes are, three numbers each. */
export let leftTimes: i32 = 0;

export function leftTimesAre(count: i32): void {
  leftTimes = count;
}

/**
 * Reads a time of the object that was walked last: the first of some members that is one. Writes it as ms since the
 * epoch; NaN when there is none.
 *
 * @param ids where the ids of the members are, and how many
 * @param utcOffsetMinutes of a time without a zone
 * @returns false if JSON.parse has to decide
 */
@inline
export function readTime(ids: usize, count: i32, utcOffsetMinutes: i32, into: usize): bool {
  let isLeft = false;
  store<f64>(into, f64.NaN);
  for (let i = 0; i < count; i++) {
    const slot = slotOf(load<i32>(ids + (<usize>i << 2)));
    const kind = load<i32>(slot + 4);
    if (kind == mixed || kind == inner) return false;
    if (kind != text && kind != number) continue;
    const start = load<i32>(slot + 8);
    const end = load<i32>(slot + 12);
    if (kind == number && !isWhole(start, end)) return false;
    if (start == end) continue;
    const ms = isLeft ? f64.NaN : timeAt(start, end - start, utcOffsetMinutes);
    if (!isNaN(ms)) {
      store<f64>(into, ms);
      return true;
    }
    // TypeScript takes the first of these that is a time.
    isLeft = true;
    if (!leave(start, end, into)) return false;
  }
  return true;
}

function leave(start: i32, end: i32, into: usize): bool {
  if (leftTimes == mostLeftTimes) return false;
  const at = leftTimesAt + <usize>(leftTimes++) * 12;
  store<i32>(at, <i32>into);
  store<i32>(at + 4, start);
  store<i32>(at + 8, end);
  return true;
}

/** Whether a JSON number is spelt as JavaScript prints it: digits only. */
export function isWhole(start: i32, end: i32): bool {
  if (end - start > surelyWhole) return false;
  for (let at = start; at < end; at++) if (<u32>load<u8>(at) - 0x30 > 9) return false;
  return true;
}

/** The time at `at` if it has one of the two forms that are read here; NaN for any other. */
@inline
function timeAt(at: i32, size: i32, utcOffsetMinutes: i32): f64 {
  if (size == commonLength) return commonTime(at, utcOffsetMinutes);
  return size == epochMsDigits ? epochMs(at) : f64.NaN;
}

/** The number of ms in the thirteen digits at `at`; NaN if they are none, or zeros. */
@inline
function epochMs(at: i32): f64 {
  const first = load<u64>(at) ^ zeros;
  const last = load<u64>(at + epochMsDigits - 8) ^ zeros;
  if ((((first + notDigits) | first | (last + notDigits) | last) & 0x8080_8080_8080_8080) != 0) return f64.NaN;
  // Of the first eight, the last three are among the others too.
  const ms = numberOf(first << 24) * 100_000_000 + numberOf(last);
  return ms == 0 ? f64.NaN : <f64>ms;
}

/** The number of eight digits, whose values are in bytes. */
@inline
function numberOf(digits: u64): u64 {
  const pairs = (digits * 2561) >> 8;
  const fours = ((pairs & 0x00ff_00ff_00ff_00ff) * 6_553_601) >> 16;
  return ((fours & 0x0000_ffff_0000_ffff) * 42_949_672_960_001) >> 32;
}

/** The time at `at` in the common format; NaN if its date is not known, or it is not one. */
@inline
function commonTime(at: i32, utcOffsetMinutes: i32): f64 {
  const between = <i32>load<u8>(at + 10);
  if (between != space && between != letterT) return f64.NaN;
  // The digits' values, and zeros for the colons.
  const clock = load<u64>(at + 11) ^ zeroClock;
  if (((clock + notClock) | clock) & 0x8080_8080_8080_8080) return f64.NaN;
  // The number of each two bytes; a colon is the other digit of one.
  const pairs = ((clock * 2561) >> 8) & 0x00ff_00ff_00ff_00ff;
  const hour = <i32>(pairs & 0xff);
  if (hour > 23) return f64.NaN;
  const seconds = hour * 3600 + <i32>(((pairs >> 16) * secondsOfPairs) >> 48);
  const date = placeOfDate(at);
  if (load<u64>(date) != load<u64>(at) || load<u16>(date + restIn) != load<u16>(at + 8)) return f64.NaN;
  return load<f64>(date + midnightIn) + <f64>((seconds - utcOffsetMinutes * 60) * 1000);
}

/** Where the date at `at` is, if it is known. */
@inline
export function placeOfDate(at: i32): usize {
  const day = <i32>load<u16>(at + 8);
  const month = <i32>load<u16>(at + 5);
  return datesAt + (<usize>((day ^ (day >>> 5) ^ (month >>> 8) ^ (month << 3)) & (dates - 1)) << dateBits);
}

/** Remembers the date at `at`. @param midnight in UTC, in ms since the epoch */
export function knowDate(at: i32, midnight: f64): void {
  const date = placeOfDate(at);
  store<u64>(date, load<u64>(at));
  store<u16>(date + restIn, load<u16>(at + 8));
  store<f64>(date + midnightIn, midnight);
}
