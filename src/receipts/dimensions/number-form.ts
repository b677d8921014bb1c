/** How a number is written, as far as its digits are visible. */
export interface NumberForm {
  /** Whether it is a Chinese number: then it starts after 86 and after a 0, whether they are written or not. */
  readonly isChinese: boolean;
  /** The position of its first digit; for foreign numbers of the first digit of the calling code. */
  readonly from: number;
  /** How many digits it has from there, including hidden ones. */
  readonly length: number;
  /** Whether digits are hidden: then the length may be wrong. */
  readonly isMasked: boolean;
}

/** The label of a text that is not a number, and of a number that can't be located. */
export const unplaced = "_other";
/** The label of an empty number. */
const absent = "_none";

/** E.164 allows 15 digits, plus an international prefix. */
const mostDigits = 17;
/**
 * A number that starts with its country code without marking it has at least this many digits: national ones are
 * shorter.
 */
const fewestUnmarked = 11;
/** The longest number, with separators. */
const longestNumber = 64;

/** The digits of the last number, kept here so that no memory is allocated for each receipt. */
const digits = new Uint8Array(mostDigits);
/** How many of them are visible: those before the first hidden one. */
let seen = 0;

/** One digit of the last number passed to {@link formOf}; undefined if it is not visible. */
export function digitAt(index: number): number | undefined {
  return index < seen ? digits[index] : undefined;
}

/**
 * Parses how a phone number is written: `13800138000`, `8613800138000`, `+8613800138000`, `008613800138000`, each
 * with spaces, hyphens, dots and brackets, in full-width digits, after `tel:`, or with hidden digits (`138****8000`).
 *
 * A number without + or 00 is Chinese if it can be: it starts with 13 to 19 and has 11 digits, with 1 and has 13,
 * with 0 and an area code, with 86, or it is a service number (400, 800). Any other with 11 digits or more starts
 * with its calling code, as providers abroad write it.
 *
 * @returns `_none` for an empty text, `_other` for a text that is not a number or does not tell its country
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

/** Where the number starts; undefined if that can't be told. */
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
    // No North American number has 0 or 1 there, and no Chinese one 2.
    if (length === 11 && second === 2) return abroad(0);
    const isMobile = second !== undefined && second >= 3 && (length === 11 || isMasked);
    return isMobile || length === 13 ? { from: 0, isChinese: true } : undefined;
  }
  if (isService(length)) return { from: 0, isChinese: true };
  return isLong ? abroad(0) : undefined;
}

/** The start of a number with its calling code; a 0 after China's is the prefix for domestic calls. */
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

/** Characters that hide a digit: an asterisk, also a full-width one, an x, or a bullet. */
function isMask(unit: number): boolean {
  return unit === 0x2a || unit === 0xff0a || unit === 0x78 || unit === 0x58 || unit === 0x2022;
}

/** Spaces, hyphens and dashes, brackets and dots, also full-width ones. */
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
