import { areSmall } from "../bytes.ts";

const space = 0x20;
const dash = 0x2d;
const letterT = 0x54;

/** The length of the common format: `2015-04-14 12:21:23`, or with a `T`. */
export const commonLength = 19;

/** Holds a string's time while it is parsed. */
const scratch = Buffer.alloc(commonLength);
const scratchView = new DataView(scratch.buffer, scratch.byteOffset, commonLength);

/** The last date, as the words of its ten bytes, and its days since the epoch. */
const lastDate = { year: 0, month: 0, day: 0, days: Number.NaN };

const msPerDay = 86_400_000;
const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/** Providers send a zero (0001-01-01) for a missing time, and no receipt is older than this year. */
const firstYear = 1970;

/** Stands for two characters that are not digits: so far below zero that no sum with it is valid. */
const noDigits = -1_000_000;

/** A local date and time, months from 1. */
export interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/**
 * Converts a local time.
 *
 * @param shown integers or NaN
 * @param utcOffsetMinutes the time zone, in minutes east of UTC
 * @returns ms since the epoch; NaN for an invalid time, or one before 1970
 */
export function momentOf(shown: WallClock, utcOffsetMinutes: number): number {
  const { year, month, day, hour, minute, second } = shown;
  return daysSinceEpoch(year, month, day) * msPerDay + inDay(hour, minute, second, utcOffsetMinutes);
}

/** A string in the common format; returns the same as {@link momentOf}. */
export function parseCommon(text: string, utcOffsetMinutes: number): number {
  // Only ASCII takes one byte a character, and no other character is part of a time.
  const common = text.length === commonLength && scratch.write(text) === commonLength;
  return common ? parseCommonBytes(scratchView, 0, utcOffsetMinutes) : Number.NaN;
}

/** The {@link commonLength} bytes at `at` in the common format, four at a time, since it runs twice a receipt. */
export function parseCommonBytes(view: DataView, at: number, utcOffsetMinutes: number): number {
  const between = view.getUint8(at + 10);
  if (between !== space && between !== letterT) return Number.NaN;
  // The digits' values, and zeros for the colons: `hh:m`, `m:ss`.
  const first = view.getInt32(at + 11) ^ 0x30303a30;
  const last = view.getInt32(at + 15) ^ 0x303a3030;
  if (!areSmall(first) || !areSmall(last) || (first & 0xff00) !== 0 || (last & 0xff0000) !== 0)
    return Number.NaN;
  const hour = (first >>> 24) * 10 + ((first >>> 16) & 0xff);
  const minute = (first & 0xff) * 10 + (last >>> 24);
  const second = ((last >>> 8) & 0xff) * 10 + (last & 0xff);
  return daysAt(view, at) * msPerDay + inDay(hour, minute, second, utcOffsetMinutes);
}

/** The midnight in UTC, in ms since the epoch, of the date of a time in the common format; NaN for any other text. */
export function midnightAt(view: DataView, at: number): number {
  return Number.isNaN(parseCommonBytes(view, at, 0)) ? Number.NaN : daysAt(view, at) * msPerDay;
}

/** The ms from midnight UTC to a time of day in a zone; NaN for an invalid time. */
function inDay(hour: number, minute: number, second: number, utcOffsetMinutes: number): number {
  const valid = hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59;
  return valid ? ((hour * 60 + minute - utcOffsetMinutes) * 60 + second) * 1000 : Number.NaN;
}

/** The days since the epoch of the date at `at`, which is mostly the same as the last one; NaN if it is invalid. */
function daysAt(view: DataView, at: number): number {
  const year = view.getInt32(at);
  const month = view.getInt32(at + 4);
  const day = view.getInt16(at + 8);
  if (year !== lastDate.year || month !== lastDate.month || day !== lastDate.day) {
    lastDate.year = year;
    lastDate.month = month;
    lastDate.day = day;
    lastDate.days = parseDate(view, at);
  }
  return lastDate.days;
}

function parseDate(view: DataView, at: number): number {
  if (view.getUint8(at + 4) !== dash || view.getUint8(at + 7) !== dash) return Number.NaN;
  const year = digitPair(view, at) * 100 + digitPair(view, at + 2);
  return daysSinceEpoch(year, digitPair(view, at + 5), digitPair(view, at + 8));
}

function digitPair(view: DataView, at: number): number {
  const tens = view.getUint8(at) - 0x30;
  const ones = view.getUint8(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : noDigits;
}

/** The days from the epoch to a Gregorian date; NaN if it is invalid or before 1970. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  if (!(year >= firstYear && day >= 1 && day <= lastDay(year, month))) return Number.NaN;
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) - 477;
  const leapDay = month > 2 && isLeap(year) ? 1 : 0;
  return (year - 1970) * 365 + leapDays + (daysBeforeMonth[month - 1] ?? 0) + leapDay + day - 1;
}

/** The last day of a month; 0 for an invalid month. */
function lastDay(year: number, month: number): number {
  return (daysInMonth[month - 1] ?? 0) + (month === 2 && isLeap(year) ? 1 : 0);
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
