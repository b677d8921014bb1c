import { asciiText } from "./bytes.ts";
import { parseDigits } from "./times/digits.ts";
import { commonLength, parseCommon, parseCommonBytes } from "./times/wall-clock.ts";
import { parseWritten } from "./times/written.ts";

/** No form of a time is longer: JavaScript's has some sixty characters, with the zone's name spelled out. */
const longestTime = 80;

/** How many digits a time of day has without separators. */
const clockDigits = 6;

/**
 * Reads a time as providers, gateways and forwarders write it: `2015-04-14 12:21:23` and the other forms of
 * `times/written.ts`, or the digits of `times/digits.ts`, as a string or a number.
 *
 * @param value any JSON value
 * @param utcOffsetMinutes the zone of a time that names none, in minutes east of UTC
 * @param recordedAt the time of the Kafka record in ms since the epoch, which settles digits that may be two times:
 *   the closer one is meant, if it is not in the record's future. NaN, for a record without, stands for now by the
 *   machine's clock; a caller that has another clock passes what that says
 * @returns ms since the epoch; NaN for anything that is no valid time since 1970, a date alone among them
 */
export function parseTime(value: unknown, utcOffsetMinutes: number, recordedAt: number = Number.NaN): number {
  if (typeof value === "number") return parseText(String(value), utcOffsetMinutes, recordedAt);
  if (typeof value !== "string") return Number.NaN;
  const ms = parseCommon(value, utcOffsetMinutes);
  return Number.isNaN(ms) ? parseText(value.trim(), utcOffsetMinutes, recordedAt) : ms;
}

/**
 * Reads a time from the ASCII bytes of a string, without making the string where the time has the common form.
 *
 * @param start where its first byte is
 * @param end behind its last byte
 * @returns what {@link parseTime} returns for the same text
 */
export function parseTimeBytes(
  view: DataView,
  start: number,
  end: number,
  utcOffsetMinutes: number,
  recordedAt: number = Number.NaN,
): number {
  if (start === end) return Number.NaN;
  const ms = end - start === commonLength ? parseCommonBytes(view, start, utcOffsetMinutes) : Number.NaN;
  return Number.isNaN(ms) ? parseTime(asciiText(view, start, end), utcOffsetMinutes, recordedAt) : ms;
}

/**
 * Reads a time whose date may be a member of its own (`send_date` beside `send_time`).
 *
 * @param date any JSON value; undefined when `time` holds both
 * @param time any JSON value
 * @returns as {@link parseTime} does; what `time` says alone when the two do not fit together
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

/** A time of day as it was before it became a number, which has lost the zeros in front. */
function clockText(time: string | number): string {
  return typeof time === "number" ? String(time).padStart(clockDigits, "0") : time;
}

/** The forms that are not the common one, and the common one in full-width characters or between blanks. */
function parseText(text: string, utcOffsetMinutes: number, recordedAt: number): number {
  if (text.length > longestTime) return Number.NaN;
  const plain = text.normalize("NFKC").trim();
  const ms = parseDigits(plain, utcOffsetMinutes, recordedAt);
  return Number.isNaN(ms) ? parseWritten(plain, utcOffsetMinutes) : ms;
}
