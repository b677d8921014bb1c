import { momentOf } from "./wall-clock.ts";

/** One reading of a run of digits: ms since the epoch, NaN when there is no such time. */
type Reading = (digits: string, utcOffsetMinutes: number) => number;

/** What a run of so many digits may say. Where two readings are as close to the record, the first counts. */
const readingsOf: Readonly<Record<number, readonly Reading[]>> = {
  10: [epochSeconds, shortYear], // s, or yyMMddHHmm
  12: [shortYear, fullYear], // yyMMddHHmmss, or yyyyMMddHHmm
  13: [epochMs], // ms
  14: [fullYear], // yyyyMMddHHmmss
  16: [epochMs], // µs
  17: [fullYear], // yyyyMMddHHmmssSSS
  19: [epochMs], // ns
};

/** How many digits milliseconds since the epoch have, from 2001 to 2286. */
const epochMsDigits = 13;

/** How far ahead of its record's an event's time may be, in ms: by clocks that differ, and by a wrong zone. */
const mostAhead = 86_400_000;

const digitsOnly = /^\d+$/;
const decimal = /^\d+(?:\.\d+)?(?:e\+?\d\d?)?$/i;
const epochSecondsAndFraction = /^\d{10}\.\d+$/;
const epochMsAndFraction = /^\d{13}\.\d+$/;

/**
 * Reads a time of nothing but digits: one that counts from the epoch, or a date and time of day without separators.
 *
 * Some are both. `1909101607` is 2019-09-10 16:07, as SMPP and CMPP write it, and a second of July 2030. Of these the
 * one closest to the record is meant. No record tells what has not happened yet, so one that lies in its future is
 * taken only where the other does too: receipts of 2019 that are sent into a topic years later stay of 2019.
 *
 * @param text a number, also with a fraction or an exponent, as programs write a column that they hold as floats
 * @param utcOffsetMinutes the zone of a date, in minutes east of UTC
 * @param recordedAt the record's own time in ms since the epoch; NaN stands for now, by the machine's clock
 * @returns ms since the epoch; NaN for any other text, and for zeros, with which providers fill an absent time
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

/** Whole ms of these or a finer unit: cut off as digits, for 19 are more than a number holds exactly. */
function epochMs(digits: string): number {
  return Number(digits.slice(0, epochMsDigits)) || Number.NaN;
}

function shortYear(digits: string, utcOffsetMinutes: number): number {
  return fullYear(`20${digits}`, utcOffsetMinutes);
}

/** A date from the year on; what is left out of the time of day is 0. */
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

/** Two digits as a number; 0 behind the last. */
function pairAt(digits: string, at: number): number {
  return at < digits.length ? (digits.charCodeAt(at) - 0x30) * 10 + digits.charCodeAt(at + 1) - 0x30 : 0;
}
