import { momentOf } from "./wall-clock.ts";

/** One interpretation of a run of digits: ms since the epoch, NaN if there is no such time. */
type Reading = (digits: string, utcOffsetMinutes: number) => number;

/** The interpretations by number of digits. If two are equally close to the record, the first is used. */
const readingsOf: Readonly<Record<number, readonly Reading[]>> = {
  10: [epochSeconds, shortYear], // s, or yyMMddHHmm
  12: [shortYear, fullYear], // yyMMddHHmmss, or yyyyMMddHHmm
  13: [epochMs], // ms
  14: [fullYear], // yyyyMMddHHmmss
  16: [epochMs], // µs
  17: [fullYear], // yyyyMMddHHmmssSSS
  19: [epochMs], // ns
};

/** Digits of milliseconds since the epoch, from 2001 to 2286. */
const epochMsDigits = 13;

/** How far an event may be ahead of its record, in ms: clocks differ, and time zones may be wrong. */
const mostAhead = 86_400_000;

const digitsOnly = /^\d+$/;
const decimal = /^\d+(?:\.\d+)?(?:e\+?\d\d?)?$/i;
const epochSecondsAndFraction = /^\d{10}\.\d+$/;
const epochMsAndFraction = /^\d{13}\.\d+$/;

/**
 * Parses a time that consists of digits: one since the epoch, or a date and time of day without separators.
 *
 * Some are ambiguous. `1909101607` is 2019-09-10 16:07, as in SMPP and CMPP, and a second in July 2030. The one
 * closer to the record is used. A record can't report the future, so a time after it is used only if the other one is
 * later too: receipts of 2019 that are sent to a topic years later stay in 2019.
 *
 * @param text a number, possibly with a fraction or an exponent, as programs write float columns
 * @param utcOffsetMinutes the time zone of a date, in minutes east of UTC
 * @param recordedAt the record's own time in ms since the epoch; NaN means now, by the machine's clock
 * @returns ms since the epoch; NaN for any other text, and for zeros, which providers send for a missing time
 */
export function parseDigits(text: string, utcOffsetMinutes: number, recordedAt: number): number {
  if (digitsOnly.test(text)) return closest(text, utcOffsetMinutes, recordedAt);
  if (!decimal.test(text)) return Number.NaN;
  const plain = String(Number(text));
  if (digitsOnly.test(plain)) return closest(plain, utcOffsetMinutes, recordedAt);
  if (epochSecondsAndFraction.test(plain)) return Math.round(Number(plain) * 1000);
  return epochMsAndFraction.test(plain) ? Math.round(Number(plain)) : Number.NaN;
}

function closest(digits: string, utcOffsetMinutes: number, recordedAt: number): number {
  let best = Number.NaN;
  for (const read of readingsOf[digits.length] ?? []) {
    const moment = read(digits, utcOffsetMinutes);
    if (Number.isNaN(best)) best = moment;
    else if (!Number.isNaN(moment)) best = closer(best, moment, recordedAt);
  }
  return best;
}

function closer(first: number, second: number, recordedAt: number): number {
  const near = Number.isNaN(recordedAt) ? Date.now() : recordedAt;
  const firstAhead = first > near + mostAhead;
  const secondAhead = second > near + mostAhead;
  if (firstAhead !== secondAhead) return firstAhead ? second : first;
  return Math.abs(second - near) < Math.abs(first - near) ? second : first;
}

function epochSeconds(digits: string): number {
  return Number(digits) * 1000 || Number.NaN;
}

/** Whole ms from ms or a finer unit: truncated as text, since a number can't hold 19 digits exactly. */
function epochMs(digits: string): number {
  return Number(digits.slice(0, epochMsDigits)) || Number.NaN;
}

function shortYear(digits: string, utcOffsetMinutes: number): number {
  return fullYear(`20${digits}`, utcOffsetMinutes);
}

/** A date starting with the year; omitted parts of the time of day are 0. */
function fullYear(digits: string, utcOffsetMinutes: number): number {
  const shown = {
    year: pairAt(digits, 0) * 100 + pairAt(digits, 2),
    month: pairAt(digits, 4),
    day: pairAt(digits, 6),
    hour: pairAt(digits, 8),
    minute: pairAt(digits, 10),
    second: pairAt(digits, 12),
  };
  return momentOf(shown, utcOffsetMinutes) + Number(digits.slice(14));
}

/** Two digits as a number; 0 past the end. */
function pairAt(digits: string, at: number): number {
  return at < digits.length ? (digits.charCodeAt(at) - 0x30) * 10 + digits.charCodeAt(at + 1) - 0x30 : 0;
}
