import { longestCode } from "./bounds.ts";

/** Replaces what may be a phone number or a message id. */
export const redacted = "_redacted";

/**
 * A number with at least this many digits may be a phone number or a `biz_id`. Local phone numbers have at least
 * seven, and codes at most seven.
 */
export const personalDigits = 8;

/**
 * A number with at least this many digits is never a code: it is a phone number with area or country code. Shorter
 * ones may be listed in a code map.
 */
export const phoneDigits = 10;

/**
 * Characters that are invisible in a label, or reorder or hide the text around them: control and format characters
 * (zero-width, bidirectional marks), line separators, variation selectors and other ignorables, lone surrogates.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/u;
const allUnseen = new RegExp(unseen, "gu");

const uuid = /[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}/i;
/** Shorter than a UUID without hyphens. */
const noUuid = 32;

/** Of any script; Unicode has Chinese numerals as letters, both everyday and financial ones. */
const digit = /[\p{N}〇零一二三四五六七八九幺壹贰貳叁參肆伍陆陸柒捌玖]/u;
const letter = /\p{L}/u;

/**
 * A single one of these joins two codes. Phone numbers contain them too, but not between long groups of equal length.
 */
const joiners = ":./|,;_";

/** In operators' texts, digits further apart than this belong to different numbers. */
const nearby = 3;

/** As many digits as a phone number, but harmless: an address, a date with or without time, a time with zone. */
const harmless = [
  /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?!\.?\d)(?::\d{1,5}(?!\d))?/g,
  /(?<!\d)(?:19|20)\d\d([-/.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?!\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?!\d))?/g,
  /(?<!\d)(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?[+-](?:[01]\d|2[0-3]):[0-5]\d(?!\d)/g,
  /(?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?!\d)/g,
];

/** A text without invisible characters. */
export function seenOf(text: string): string {
  return hasUnseen(text) ? text.replace(allUnseen, "") : text;
}

/** Whether a text has characters that are removed from codes; see {@link readCode}. */
export function hasUnseen(text: string): boolean {
  return unseen.test(text);
}

/**
 * The part of a code that is used. Copied, since a substring would keep the whole text in memory.
 *
 * @param code of any length; leading spaces are dropped
 */
export function beginningOf(code: string): string {
  return code.length <= longestCode ? code : Buffer.from(code.trimStart().slice(0, longestCode)).toString();
}

/** The last plain code: nine in ten receipts have the same one. */
let plain = "";

/**
 * Makes a code safe: the only way from what was sent to a `Receipt`.
 *
 * Invisible characters are removed: control characters, zero-width and bidirectional marks, lone surrogates. What may
 * be a phone number or a message id becomes `_redacted`, unless a map could list it: that is decided where the map is
 * known, by {@link identifies} with {@link personalDigits}.
 *
 * @param sent of any length; never throws
 * @returns for a long text its {@link beginningOf}: Unicode normalisation takes quadratic time for malicious texts
 */
export function readCode(sent: string): string {
  if (sent === plain) return sent;
  if (isPlain(sent)) {
    plain = sent;
    return sent;
  }
  const seen = beginningOf(seenOf(sent));
  return identifies(seen, phoneDigits) ? redacted : seen;
}

/**
 * Whether a text contains a number that may identify a person or a message, however it is written: digits of any
 * script and width, with anything but letters between them. So `1-3.9 (0000)/0000` is a number of eleven digits and
 * `DB:0141` one of four. Codes of six or seven digits, joined by one of `:./
 * ,;_`, are not such a number. A UUID identifies too.
 *
 * @param text no longer than a code: normalising a malicious text takes quadratic time
 * @param digits minimum number of digits
 */
export function identifies(text: string, digits: number): boolean {
  const folded = text.normalize("NFKC");
  if (folded.length >= noUuid && uuid.test(folded)) return true;
  for (const number of numbersIn(folded, Number.POSITIVE_INFINITY)) {
    if (number.digits >= digits && !number.joined) return true;
  }
  return false;
}

/** The number of digits in a text, of any script and width, anywhere in it. */
export function digitsIn(text: string): number {
  // The start of a long text is enough; normalising a malicious text would take forever.
  return [...beginningOf(text).normalize("NFKC")].filter((character) => digit.test(character)).length;
}

/**
 * An operator's text, or a quote of one, with `_redacted` for each phone number and UUID. Addresses, dates and times
 * are kept.
 */
export function maskNumbers(text: string): string {
  let masked = "";
  let from = 0;
  for (const { start, end, digits, joined } of numbersIn(text, nearby)) {
    if (digits < phoneDigits || joined) continue;
    const rest = harmless.reduce((left, known) => left.replace(known, ""), text.slice(start, end));
    if (!digit.test(rest)) continue;
    masked += text.slice(from, start) + redacted;
    from = end;
  }
  masked += text.slice(from);
  return masked.length < noUuid ? masked : masked.replace(new RegExp(uuid, "gi"), redacted);
}

/** Printable ASCII with too few digits for a number and too short for a UUID, as nearly every code is. */
function isPlain(text: string): boolean {
  if (text.length >= noUuid) return false;
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20 || unit > 0x7e) return false;
    if (unit >= 0x30 && unit <= 0x39) digits++;
  }
  return digits < personalDigits;
}

interface FoundNumber {
  readonly start: number;
  /** After its last digit. */
  readonly end: number;
  readonly digits: number;
  /** Several codes of six or seven digits each, with a joiner between them. */
  readonly joined: boolean;
}

/**
 * Runs of digits without letters between them.
 *
 * @param gap at most this many other visible characters between two digits
 */
function* numbersIn(text: string, gap: number): Generator<FoundNumber> {
  let start = -1;
  let end = 0;
  let digits = 0;
  let groups = new GroupShape();
  const found = () => ({ start, end, digits, joined: groups.areCodes() });
  let joiner = "";
  let apart = 0;
  for (let at = 0; at < text.length;) {
    const point = text.codePointAt(at) ?? 0;
    const kind = kindOf(point);
    const next = at + (point > 0xffff ? 2 : 1);
    if (kind === "digit") {
      if (start === -1) {
        start = at;
        digits = 0;
        groups = new GroupShape();
      } else if (apart > 0) {
        groups.end(apart === 1 ? joiner : "");
      }
      groups.digit();
      digits++;
      end = next;
      apart = 0;
    } else if (start !== -1 && kind !== "unseen") {
      if (apart++ === 0) joiner = text.slice(at, next);
      if (kind === "letter" || apart > gap) {
        yield found();
        start = -1;
        apart = 0;
      }
    }
    at = next;
  }
  if (start !== -1) yield found();
}

/** How the digits of a number are grouped. */
class GroupShape {
  #length = 0;
  #first = 0;
  #alike = true;

  digit(): void {
    this.#length++;
  }

  /** @param joiner the single character after the group; empty if there are more */
  end(joiner: string): void {
    this.#first ||= this.#length;
    this.#alike &&= joiner !== "" && joiners.includes(joiner) && this.#length === this.#first;
    this.#length = 0;
  }

  areCodes(): boolean {
    return this.#alike && (this.#first === 6 || this.#first === 7) && this.#length === this.#first;
  }
}

function kindOf(point: number): "digit" | "letter" | "unseen" | "other" {
  if (point < 0x80) {
    if (point >= 0x30 && point <= 0x39) return "digit";
    return (point | 0x20) >= 0x61 && (point | 0x20) <= 0x7a ? "letter" : "other";
  }
  const character = String.fromCodePoint(point);
  if (digit.test(character)) return "digit";
  if (unseen.test(character)) return "unseen";
  return letter.test(character) ? "letter" : "other";
}
