import { asciiText } from "./bytes.ts";
import { mostDigits, parseDigitBytes, parseDigits } from "./times/digits.ts";
import { commonLength, parseCommon, parseCommonBytes } from "./times/wall-clock.ts";
import { parseWritten } from "./times/written.ts";

/** No time format is longer: JavaScript's has about sixty characters, with the zone's name in words. */
const longestTime = 80;

/** Digits of a time of day without separators. */
const clockDigits = 6;

/**
 * Parses a time as written by providers, gateways and forwarders: `2015-04-14 12:21:23` and the other formats of
 * `times/written.ts`, or the digits of `times/digits.ts`, as a string or a number.
 *
 * @param value any JSON value
 * @param utcOffsetMinutes the zone of a time without one, in minutes east of UTC
 * @param recordedAt the time of the Kafka record in ms since the epoch, for ambiguous digits: the closer time is
 *   used, unless it is after the record. NaN, for a record without a time, means now by the machine's clock; a caller
 *   with another clock passes its time
 * @returns ms since the epoch; NaN for anything but a valid time since 1970; a date without a time is not one
 */
export function parseTime(value: unknown, utcOffsetMinutes: number, recordedAt: number = Number.NaN): number {
  if (typeof value === "number") return parseText(String(value), utcOffsetMinutes, recordedAt);
  if (typeof value !== "string") return Number.NaN;
  const ms = parseCommon(value, utcOffsetMinutes);
  return Number.isNaN(ms) ? parseText(value.trim(), utcOffsetMinutes, recordedAt) : ms;
}

/**
 * Parses a time from the ASCII bytes of a string, without creating the string if the time has the common format, or is digits.
 *
 * @param start its first byte
 * @param end after its last byte
 * @returns the same as {@link parseTime} for the text
 */
export function parseTimeBytes(
  view: DataView,
  start: number,
  end: number,
  utcOffsetMinutes: number,
  recordedAt: number = Number.NaN,
): number {
  if (start === end) return Number.NaN;
  const ms = readBytes(view, start, end, utcOffsetMinutes, recordedAt);
  return Number.isNaN(ms) ? parseTime(asciiText(view, start, end), utcOffsetMinutes, recordedAt) : ms;
}

/** The two forms that are read without creating a string; NaN for any other. */
function readBytes(
  view: DataView,
  start: number,
  end: number,
  utcOffsetMinutes: number,
  recordedAt: number,
): number {
  const ms = end - start === commonLength ? parseCommonBytes(view, start, utcOffsetMinutes) : Number.NaN;
  if (!Number.isNaN(ms) || end - start > mostDigits) return ms;
  return parseDigitBytes(view, start, end, utcOffsetMinutes, recordedAt);
}

/**
 * Parses a time whose date may be a separate member (`send_date` and `send_time`).
 *
 * @param date any JSON value; undefined when `time` contains both
 * @param time any JSON value
 * @returns like {@link parseTime}; the result for `time` alone if the two do not fit together
 */
export function parseDateAndTime(
  date: unknown,
  time: unknown,
  utcOffsetMinutes: number,
  recordedAt: number = Number.NaN,
): number {
  const joined =
    isWritten(date) && isWritten(time)
      ? parseTime(`${date} ${clockText(time)}`, utcOffsetMinutes, recordedAt)
      : Number.NaN;
  return Number.isNaN(joined) ? parseTime(time, utcOffsetMinutes, recordedAt) : joined;
}

function isWritten(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

/** A time of day with the leading zeros that it lost as a number. */
function clockText(time: string | number): string {
  return typeof time === "number" ? String(time).padStart(clockDigits, "0") : time;
}

/** All formats but the common one; that one too if it is full-width or has spaces around it. */
function parseText(text: string, utcOffsetMinutes: number, recordedAt: number): number {
  if (text.length > longestTime) return Number.NaN;
  const plain = text.normalize("NFKC").trim();
  const ms = parseDigits(plain, utcOffsetMinutes, recordedAt);
  return Number.isNaN(ms) ? parseWritten(plain, utcOffsetMinutes) : ms;
}
