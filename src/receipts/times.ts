/** A time in one text: date and time of day, separators optional, with an optional fraction and zone. */
const written =
  /^(\d{4})-?(\d\d)-?(\d\d)[ T]?(\d\d):?(\d\d):?(\d\d)(\.\d{1,9})?(?: ?(?:(Z)|([+-])([01]\d|2[0-3]):?([0-5]\d)))?$/i;

const epochSeconds = /^\d{10}(?:\.\d+)?$/;
const epochMilliseconds = /^\d{13}$/;

/** How many characters `2015-04-14 12:21:23` has, the form that nearly every time comes in. */
const wallClockLength = 19;

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
  const ms = value.length === wallClockLength ? parseWallClock(value, 0, utcOffsetMinutes) : Number.NaN;
  return Number.isNaN(ms) ? parseText(value.trim(), utcOffsetMinutes) : ms;
}

/**
 * Reads a time from the ASCII bytes of a string, without making the string where the time has the common form.
 *
 * @param start where its first byte is
 * @param end behind its last byte
 * @returns what {@link parseTime} returns for the same text
 */
export function parseTimeBytes(bytes: Buffer, start: number, end: number, utcOffsetMinutes: number): number {
  const ms = end - start === wallClockLength ? parseWallClock(bytes, start, utcOffsetMinutes) : Number.NaN;
  return Number.isNaN(ms) ? parseTime(bytes.toString("latin1", start, end), utcOffsetMinutes) : ms;
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

/** The common form, character by character, for it is read twice a receipt. */
function parseWallClock(source: string | Buffer, at: number, utcOffsetMinutes: number): number {
  const separated =
    codeAt(source, at + 4) === 0x2d &&
    codeAt(source, at + 7) === 0x2d &&
    codeAt(source, at + 10) === 0x20 &&
    codeAt(source, at + 13) === 0x3a &&
    codeAt(source, at + 16) === 0x3a;
  if (!separated) return Number.NaN;
  const year = digitPair(source, at) * 100 + digitPair(source, at + 2);
  const month = digitPair(source, at + 5);
  const day = digitPair(source, at + 8);
  const hour = digitPair(source, at + 11);
  const minute = digitPair(source, at + 14);
  const second = digitPair(source, at + 17);
  if (year < firstYear || day < 1 || day > lastDay(year, month)) return Number.NaN;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return Number.NaN;
  const days = daysSinceEpoch(year, month, day);
  return days * msPerDay + ((hour * 60 + minute - utcOffsetMinutes) * 60 + second) * 1000;
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
    parseWallClock(
      `${year}-${month}-${day} ${hour}:${minute}:${second}`,
      0,
      named ? offset : utcOffsetMinutes,
    ) + Math.trunc(Number(fraction ?? 0) * 1000)
  );
}

function codeAt(source: string | Buffer, at: number): number {
  return typeof source === "string" ? source.charCodeAt(at) : (source[at] ?? 0);
}

function digitPair(source: string | Buffer, at: number): number {
  const tens = codeAt(source, at) - 0x30;
  const ones = codeAt(source, at + 1) - 0x30;
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
