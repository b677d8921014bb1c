import { areDigits } from "../bytes.ts";
import { momentOf } from "./wall-clock.ts";

/** One interpretation of a run of digits in bytes: ms since the epoch, NaN if there is no such time. */
type Reading = (view: DataView, start: number, end: number, utcOffsetMinutes: number) => number;

/** The interpretations by number of digits. If two are equally close to the record, the first is used. */
const readingsOf: readonly (readonly Reading[] | undefined)[] = Object.assign(new Array(20), {
  10: [epochSeconds, shortYear], // s, or yyMMddHHmm
  12: [shortYear, fullYear], // yyMMddHHmmss, or yyyyMMddHHmm
  13: [epochMs], // ms
  14: [fullYear], // yyyyMMddHHmmss
  16: [epochMs], // µs
  17: [fullYear], // yyyyMMddHHmmssSSS
  19: [epochMs], // ns
});

/** The most digits of a time. */
export const mostDigits = readingsOf.length - 1;

/** Holds a text's digits while they are read. */
const scratch = Buffer.alloc(mostDigits);
const scratchView = new DataView(scratch.buffer, scratch.byteOffset, mostDigits);

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
  if (digits.length > mostDigits) return Number.NaN;
  const size = scratch.write(digits, "latin1");
  return parseDigitBytes(scratchView, 0, size, utcOffsetMinutes, recordedAt);
}

/**
 * Parses the bytes of at most {@link mostDigits} digits.
 *
 * @returns the same as {@link parseDigits} for the text; NaN when one of the bytes is not a digit
 */
export function parseDigitBytes(
  view: DataView,
  start: number,
  end: number,
  utcOffsetMinutes: number,
  recordedAt: number,
): number {
  const readings = readingsOf[end - start];
  if (readings === undefined || !areDigits(view, start, end)) return Number.NaN;
  let best = Number.NaN;
  for (const read of readings) {
    const moment = read(view, start, end, utcOffsetMinutes);
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

function epochSeconds(view: DataView, start: number, end: number): number {
  return numberAt(view, start, end) * 1000 || Number.NaN;
}

/** Whole ms from ms or a finer unit: truncated as digits, since a number can't hold 19 of them exactly. */
function epochMs(view: DataView, start: number): number {
  // In two parts, which are small enough for the processor's integers.
  const million = numberAt(view, start, start + epochMsDigits - 6);
  return million * 1_000_000 + numberAt(view, start + epochMsDigits - 6, start + epochMsDigits) || Number.NaN;
}

function shortYear(view: DataView, start: number, end: number, utcOffsetMinutes: number): number {
  return dateAt(view, start + 2, end, 2000 + numberAt(view, start, start + 2), utcOffsetMinutes);
}

function fullYear(view: DataView, start: number, end: number, utcOffsetMinutes: number): number {
  return dateAt(view, start + 4, end, numberAt(view, start, start + 4), utcOffsetMinutes);
}

/** A date from its month on; omitted parts of the time of day are 0. */
function dateAt(view: DataView, start: number, end: number, year: number, utcOffsetMinutes: number): number {
  const shown = {
    year,
    month: numberAt(view, start, start + 2),
    day: numberAt(view, start + 2, start + 4),
    hour: numberAt(view, start + 4, start + 6),
    minute: numberAt(view, start + 6, start + 8),
    second: start + 8 < end ? numberAt(view, start + 8, start + 10) : 0,
  };
  const fraction = start + 10 < end ? numberAt(view, start + 10, end) : 0;
  return momentOf(shown, utcOffsetMinutes) + fraction;
}

/** Digits as a number. */
function numberAt(view: DataView, start: number, end: number): number {
  let number = 0;
  for (let at = start; at < end; at++) number = number * 10 + view.getUint8(at) - 0x30;
  return number;
}
