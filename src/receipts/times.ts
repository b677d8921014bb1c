import { asciiText } from "./bytes.ts";

/** A time in one text: date and time of day, separators optional, with an optional fraction and zone. */
const written =
  /^(\d{4})-?(\d\d)-?(\d\d)[ T]?(\d\d):?(\d\d):?(\d\d)(\.\d{1,9})?(?: ?(?:(Z)|([+-])([01]\d|2[0-3]):?([0-5]\d)))?$/i;

const epochSeconds = /^\d{10}(?:\.\d+)?$/;
const epochMilliseconds = /^\d{13}$/;

const space = 0x20;
const dash = 0x2d;
const colon = 0x3a;

/** How many characters `2015-04-14 12:21:23` has, the form that nearly every time comes in. */
const wallClockLength = 19;

/** Holds a string's time while it is read. */
const scratch = Buffer.alloc(wallClockLength);
const scratchView = new DataView(scratch.buffer, scratch.byteOffset, wallClockLength);

/** The date that was read last, as the words that its ten bytes make, and its days since the epoch. */
const lastDate = { year: 0, month: 0, day: 0, days: Number.NaN };

const msPerDay = 86_400_000;
const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/** Providers fill an absent time with a zero (0001-01-01), and no receipt is older than this year. */
const firstYear = 1970;

/** Stands for two characters that are no digits: so far below zero that no sum with it is in a valid range. */
const noDigits = -1_000_000;

/**
 * Reads a time as providers write it: `2015-04-14 12:21:23`, the same with `T`, a fraction or a zone, the
 * 14 digits `20231231123456`, or epoch seconds (10 digits) or milliseconds (13 digits), as a string or a number.
 *
 * @param value any JSON value
 * @param utcOffsetMinutes the zone of a time that names none, in minutes east of UTC
 * @returns ms since the epoch; NaN for anything that is no valid time since 1970
 */
export function parseTime(value: unknown, utcOffsetMinutes: number): number {
  if (typeof value === "number") return parseText(String(value), utcOffsetMinutes);
  if (typeof value !== "string") return Number.NaN;
  const ms = parseCommon(value, utcOffsetMinutes);
  return Number.isNaN(ms) ? parseText(value.trim(), utcOffsetMinutes) : ms;
}

/**
 * Reads a time from the ASCII bytes of a string, without making the string where the time has the common form.
 *
 * @param start where its first byte is
 * @param end behind its last byte
 * @returns what {@link parseTime} returns for the same text
 */
export function parseTimeBytes(view: DataView, start: number, end: number, utcOffsetMinutes: number): number {
  const ms = end - start === wallClockLength ? parseWallClock(view, start, utcOffsetMinutes) : Number.NaN;
  return Number.isNaN(ms) ? parseTime(asciiText(view, start, end), utcOffsetMinutes) : ms;
}

/**
 * Reads a time whose date may be a member of its own (`send_date` beside `send_time`).
 *
 * @param date any JSON value; undefined when `time` holds both
 * @param time any JSON value
 * @returns as {@link parseTime} does; what `time` says alone when the two do not fit together
 */
export function parseDateAndTime(date: unknown, time: unknown, utcOffsetMinutes: number): number {
  const joined =
    isWritten(date) && isWritten(time) ? parseTime(`${date} ${time}`, utcOffsetMinutes) : Number.NaN;
  return Number.isNaN(joined) ? parseTime(time, utcOffsetMinutes) : joined;
}

function isWritten(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

/** The common form in a string. Only ASCII takes one byte a character, and no other byte is part of a time. */
function parseCommon(text: string, utcOffsetMinutes: number): number {
  const common = text.length === wallClockLength && scratch.write(text) === wallClockLength;
  return common ? parseWallClock(scratchView, 0, utcOffsetMinutes) : Number.NaN;
}

/** The common form, byte by byte, for it is read twice a receipt. */
function parseWallClock(view: DataView, at: number, utcOffsetMinutes: number): number {
  const hour = digitPair(view, at + 11);
  const minute = digitPair(view, at + 14);
  const second = digitPair(view, at + 17);
  const separated =
    view.getUint8(at + 10) === space && view.getUint8(at + 13) === colon && view.getUint8(at + 16) === colon;
  if (!separated || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    return Number.NaN;
  }
  return daysAt(view, at) * msPerDay + ((hour * 60 + minute - utcOffsetMinutes) * 60 + second) * 1000;
}

/** The days since the epoch of the date at `at`, mostly the same as the time before; NaN when there is none. */
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
  const month = digitPair(view, at + 5);
  const day = digitPair(view, at + 8);
  if (year < firstYear || day < 1 || day > lastDay(year, month)) return Number.NaN;
  return daysSinceEpoch(year, month, day);
}

/** The other forms, each brought into the common one or a number. */
function parseText(text: string, utcOffsetMinutes: number): number {
  if (epochSeconds.test(text)) return Math.round(Number(text) * 1000);
  if (epochMilliseconds.test(text)) return Number(text);
  const parts = written.exec(text);
  if (parts === null) return Number.NaN;
  const [, year, month, day, hour, minute, second, fraction, utc, sign, zoneHour, zoneMinute] = parts;
  const named = sign !== undefined || utc !== undefined;
  const zone = Number(zoneHour ?? 0) * 60 + Number(zoneMinute ?? 0);
  const offset = sign === "-" ? -zone : zone;
  return (
    parseCommon(`${year}-${month}-${day} ${hour}:${minute}:${second}`, named ? offset : utcOffsetMinutes) +
    Math.trunc(Number(fraction ?? 0) * 1000)
  );
}

function digitPair(view: DataView, at: number): number {
  const tens = view.getUint8(at) - 0x30;
  const ones = view.getUint8(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : noDigits;
}

/** The last day of a month, in the Gregorian calendar; 0 for a month that there is not. */
function lastDay(year: number, month: number): number {
  return (daysInMonth[month - 1] ?? 0) + (month === 2 && isLeap(year) ? 1 : 0);
}

function daysSinceEpoch(year: number, month: number, day: number): number {
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) - 477;
  const leapDay = month > 2 && isLeap(year) ? 1 : 0;
  return (year - 1970) * 365 + leapDays + (daysBeforeMonth[month - 1] ?? 0) + leapDay + day - 1;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
