/** How a number is written, as far as its digits can be seen. */
export interface NumberForm {
  /** Whether it is a number of China: then it begins behind 86 and behind a 0, whether they are written or not. */
  readonly isChinese: boolean;
  /** The place of its first digit; abroad of the first of its calling code. */
  readonly from: number;
  /** How many digits it has from there on, hidden ones too. */
  readonly length: number;
  /** Whether digits are hidden: then the length may be wrong. */
  readonly isMasked: boolean;
}

/** Stands for what is no number, and for one that cannot be placed. */
export const unplaced = "_other";
/** Stands for no number at all. */
const absent = "_none";

/** E.164 has 15 digits, in front of which an international prefix may stand. */
const mostDigits = 17;
/** A number that begins with its country, and does not say so, has as many digits at least: national ones have fewer. */
const fewestUnmarked = 11;
/** What may be written between, before and behind the digits. */
const longestNumber = 64;

/** The digits of the number that was looked at last, kept here so that each receipt needs no room of its own. */
const digits = new Uint8Array(mostDigits);
/** How many of them are to be seen: those in front of the first hidden one. */
let seen = 0;

/** One digit of the number that {@link formOf} looked at last; undefined where none is to be seen. */
export function digitAt(index: number): number | undefined {
  return index < seen ? digits[index] : undefined;
}

/**
 * Reads how a phone number is written: `13800138000`, `8613800138000`, `+8613800138000`, `008613800138000`, in each case
 * with blanks, hyphens, dots and brackets, in full-width digits, behind `tel:`, or with hidden digits (`138****8000`).
 *
 * A number that begins neither with + nor with 00 is Chinese when it can be: it begins with 13 to 19 and has 11 digits,
 * with 1 and has 13, with 0 and an area code, with 86, or it is a service number (400, 800). Any other with 11 digits or
 * more begins with its calling code, as providers abroad write it.
 *
 * @returns `_none` for an empty text, `_other` for what is no number or does not say of which country it is
 */
export function formOf(number: string): NumberForm | typeof absent | typeof unplaced {
  seen = 0;
  if (number.length > longestNumber) return unplaced;
  let length = 0;
  let visible = 0;
  let hasPlus = false;
  let isMasked = false;
  for (let index = number.startsWith("tel:") ? 4 : 0; index < number.length; index++) {
    const unit = number.charCodeAt(index);
    const digit = digitOf(unit);
    if (digit >= 0) {
      if (length === mostDigits) return unplaced;
      digits[length++] = digit;
      if (!isMasked) visible = length;
    } else if (isMask(unit)) {
      if (length === mostDigits) return unplaced;
      isMasked = true;
      length++;
    } else if (unit === 0x2b || unit === 0xff0b) {
      if (hasPlus || length > 0) return unplaced;
      hasPlus = true;
    } else if (!isBetween(unit)) return unplaced;
  }
  seen = visible;
  if (length === 0) return hasPlus ? unplaced : absent;
  const start = startOf(hasPlus, length, isMasked);
  return start === undefined
    ? unplaced
    : { from: start.from, isChinese: start.isChinese, length: length - start.from, isMasked };
}

/** Where the number begins; undefined when it cannot be told. */
function startOf(
  hasPlus: boolean,
  length: number,
  isMasked: boolean,
): Pick<NumberForm, "from" | "isChinese"> | undefined {
  const [first, second] = [digitAt(0), digitAt(1)];
  if (hasPlus) return abroad(0);
  if (first === undefined) return undefined;
  if (first === 0) return second === 0 ? abroad(2) : { from: 1, isChinese: true };
  const isLong = length >= fewestUnmarked;
  if (first === 1) {
    // No number of North America has 0 or 1 there, and no Chinese one 2.
    if (length === 11 && second === 2) return abroad(0);
    const isMobile = second !== undefined && second >= 3 && (length === 11 || isMasked);
    return isMobile || length === 13 ? { from: 0, isChinese: true } : undefined;
  }
  if (isService(length)) return { from: 0, isChinese: true };
  return isLong ? abroad(0) : undefined;
}

/** The start of a number that begins with its calling code; a 0 behind China's is for those who call from within. */
function abroad(from: number): Pick<NumberForm, "from" | "isChinese"> {
  if (digitAt(from) === 8 && digitAt(from + 1) === 6)
    return { from: from + (digitAt(from + 2) === 0 ? 3 : 2), isChinese: true };
  return { from, isChinese: false };
}

function isService(length: number): boolean {
  return length === 10 && (digitAt(0) === 4 || digitAt(0) === 8) && digitAt(1) === 0 && digitAt(2) === 0;
}

/** The value of a digit, also of a full-width one; -1 for any other character. */
function digitOf(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  return unit >= 0xff10 && unit <= 0xff19 ? unit - 0xff10 : -1;
}

/** What hides a digit: an asterisk, also a full-width one, an x, or a bullet. */
function isMask(unit: number): boolean {
  return unit === 0x2a || unit === 0xff0a || unit === 0x78 || unit === 0x58 || unit === 0x2022;
}

/** Blanks, hyphens and dashes, brackets and dots, also full-width ones. */
function isBetween(unit: number): boolean {
  return (
    unit === 0x20 ||
    (unit >= 0x09 && unit <= 0x0d) ||
    unit === 0xa0 ||
    unit === 0x3000 ||
    (unit >= 0x28 && unit <= 0x29) ||
    (unit >= 0xff08 && unit <= 0xff09) ||
    (unit >= 0x2d && unit <= 0x2e) ||
    (unit >= 0x2010 && unit <= 0x2015) ||
    unit === 0x2212 ||
    unit === 0xff0d
  );
}
