import { commonLength, momentOf, parseCommon } from "./wall-clock.ts";

/** A time that ends with its year, as C and Java print it, without the weekday. */
const yearLast =
  /^(?:[a-z]{3} )?(?<month>[a-z]{3}) +(?<day>\d\d?) (?<clock>\d\d?:\d\d:\d\d(?: \S+)?) (?<year>\d{4})$/i;

/** Dates at the start of a time. Numeric days and months must follow the year: otherwise their order is ambiguous. */
const dates = [
  /^(?<year>\d{4})(?<separator>[-/.])(?<month>\d\d?)\k<separator>(?<day>\d\d?)(?!\d)/,
  /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)/,
  /^(?<year>\d{4})年(?<month>\d\d?)月(?<day>\d\d?)日/,
  /^(?:[a-z]{3},? *)?(?<day>\d\d?)[ -](?<month>[a-z]{3})[ -](?<year>\d{4})(?!\d)/i,
  /^(?:[a-z]{3},? )?(?<month>[a-z]{3}) +(?<day>\d\d?),? (?<year>\d{4})(?!\d)/i,
];

/** Times of day after a date. One without separators and seconds needs a separator from the date. */
const clocks = [
  /^(?:T| *)(?<hour>\d\d?):(?<minute>\d\d?)(?::(?<second>\d\d?)|(?![.,]))/i,
  /^(?:T| *)(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)/i,
  /^(?:T| +)(?<hour>\d\d)(?<minute>\d\d)(?![.,])/i,
  /^ *(?<hour>\d\d?)[时時点點](?<minute>\d\d?)分(?:(?<second>\d\d?)秒)?/,
];

/** After the time of day: a fraction and a zone. Some programs append the zone's name in words. */
const ending =
  /^(?:[.,](\d+))?(?: *(?:([a-z]{1,3})|(?:UTC|GMT)?([+-])(\d\d?)(?::?(\d\d))?(?: [a-z]{3,5})?)(?: ?\([^()]*\)|\[[^[\]]*\])?)?$/i;

/**
 * Zones by name, in minutes east of UTC. CST is China Standard Time: these are Chinese carriers, and Java's `Date`
 * prints it on machines in China. Other names are ambiguous, and not accepted.
 */
const namedZones: Readonly<Record<string, number>> = { z: 0, ut: 0, utc: 0, gmt: 0, cst: 480 };

const monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/**
 * Parses a date with a time of day, as written by people and programs: ISO 8601 with all its options, slashes or dots
 * in the date, digits without padding, 年月日, RFC 2822, and the formats of Java, Go, C and JavaScript.
 *
 * A date without a time is not a time, and numeric dates that start with the day or month are ambiguous.
 *
 * @param text trimmed, NFKC
 * @param utcOffsetMinutes the zone of a time without one, in minutes east of UTC
 * @returns ms since the epoch, truncated; NaN for any other text, and for an unknown zone
 */
export function parseWritten(text: string, utcOffsetMinutes: number): number {
  const common = parseCommon(text.slice(0, commonLength), 0);
  if (!Number.isNaN(common)) return common + endingMs(text.slice(commonLength), utcOffsetMinutes);
  const ordered = text.replace(yearLast, "$<day> $<month> $<year> $<clock>");
  const date = firstMatch(dates, ordered);
  if (date === undefined) return Number.NaN;
  const behindDate = ordered.slice(date[0].length);
  const clock = firstMatch(clocks, behindDate);
  if (clock === undefined) return Number.NaN;
  const { year, month = "", day } = date.groups ?? {};
  const { hour, minute, second = "0" } = clock.groups ?? {};
  const shown = {
    year: Number(year),
    month: monthOf(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  };
  return momentOf(shown, 0) + endingMs(behindDate.slice(clock[0].length), utcOffsetMinutes);
}

function firstMatch(patterns: readonly RegExp[], text: string): RegExpExecArray | undefined {
  for (const pattern of patterns) {
    const match = pattern.exec(text);
    if (match !== null) return match;
  }
  return undefined;
}

function monthOf(text: string): number {
  const named = monthNames.indexOf(text.toLowerCase());
  return named === -1 ? Number(text) : named + 1;
}

/** What an ending adds to the same time of day in UTC, in ms; NaN if it is invalid, or its zone is unknown. */
function endingMs(text: string, utcOffsetMinutes: number): number {
  const parts = ending.exec(text);
  if (parts === null) return Number.NaN;
  const [, fraction = "", name, sign, hours, minutes] = parts;
  const ms = Number(fraction.slice(0, 3).padEnd(3, "0"));
  if (name !== undefined) return ms - (namedZones[name.toLowerCase()] ?? Number.NaN) * 60_000;
  return ms - (sign === undefined ? utcOffsetMinutes : offsetOf(sign, hours, minutes)) * 60_000;
}

function offsetOf(sign: string, hours = "0", minutes = "0"): number {
  if (Number(hours) > 23 || Number(minutes) > 59) return Number.NaN;
  return Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes));
}
