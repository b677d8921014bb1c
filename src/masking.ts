import { longestCode } from "./bounds.ts";

/** Stands for what may be a phone number or a message id. */
export const redacted = "_redacted";

/**
 * A number of so many digits may be somebody's phone number or a `biz_id`. Local numbers have no fewer than seven, and
 * codes have up to seven.
 */
export const personalDigits = 8;

/**
 * A number of so many digits is no code whoever says so: a phone number with its area or its country. Below it, a code
 * map may list a number as a code.
 */
export const phoneDigits = 10;

/**
 * What nobody sees in a label and what turns or hides the text beside it: control and format characters (zero-width,
 * bidirectional marks), line separators, variation selectors and other ignorables, lone surrogates.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/u;
const allUnseen = new RegExp(unseen, "gu");

const uuid = /[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}/i;
/** Shorter than a UUID without hyphens. */
const noUuid = 32;

/** Of any script; Chinese ones are letters to Unicode, those of everyday and those of cheques. */
const digit = /[\p{N}〇零一二三四五六七八九幺壹贰貳叁參肆伍陆陸柒捌玖]/u;
const letter = /\p{L}/u;

/** What joins two codes, alone between them. People write numbers with these as well, but not in equal long groups. */
const joiners = ":./|,;_";

/** In the texts that operators write, digits further apart than this are of different numbers. */
const nearby = 3;

/** What has as many digits as a phone number, and is none: an address, a day with or without its time, a time with zone. */
const harmless = [
  /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?!\.?\d)(?::\d{1,5}(?!\d))?/g,
  /(?<!\d)(?:19|20)\d\d([-/.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?!\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?!\d))?/g,
  /(?<!\d)(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?[+-](?:[01]\d|2[0-3]):[0-5]\d(?!\d)/g,
  /(?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?!\d)/g,
];

/** A text without the characters that nobody sees. */
export function seenOf(text: string): string {
  return hasUnseen(text) ? text.replace(allUnseen, "") : text;
}

/** Whether a text has characters that do not stay in a code; see {@link readCode}. */
export function hasUnseen(text: string): boolean {
  return unseen.test(text);
}

/**
 * The beginning of a code of which no more is looked at. Copied, since a part of a text keeps all of it in memory.
 *
 * @param code of any length; blanks in front of it are no part of it
 */
export function beginningOf(code: string): string {
  return code.length <= longestCode ? code : Buffer.from(code.trimStart().slice(0, longestCode)).toString();
}

/** The plain code that was read last: nine in ten receipts have the same. */
let plain = "";

/**
 * A code as a receipt may carry it through the program: this is the only way from what was sent to a `Receipt`.
 *
 * Characters that nobody sees are left out: control characters, zero-width and bidirectional marks, lone surrogates.
 * What may be a phone number or a message id becomes `_redacted`, unless a map could list it: that is decided where the
 * map is known, by {@link identifies} with {@link personalDigits}.
 *
 * @param sent of any length; never throws
 * @returns the {@link beginningOf} it where it is long: Unicode's normal forms take the square of the length in time, for
 *   a text that is made so
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
 * Whether a text holds a number that may be a person's or a message's, however it is written: digits of any script and
 * width, with anything but letters between them. So `1-3.9 (0000)/0000` is a number of eleven digits and `DB:0141` one
 * of four. Codes of six or seven digits with one of `:./|,;_` between them are no number. A UUID identifies too.
 *
 * @param text of a code's length: to normalise a text takes the square of its length, if it is made for that
 * @param digits so many or more are such a number
 */
export function identifies(text: string, digits: number): boolean {
  const folded = text.normalize("NFKC");
  if (folded.length >= noUuid && uuid.test(folded)) return true;
  for (const number of numbersIn(folded, Number.POSITIVE_INFINITY)) {
    if (number.digits >= digits && !number.joined) return true;
  }
  return false;
}

/** How many digits a text has, of whatever script and width, wherever they stand in it. */
export function digitsIn(text: string): number {
  // Of a long text more would be found than matters; to normalise one that is made for it takes for ever.
  return [...beginningOf(text).normalize("NFKC")].filter((character) => digit.test(character)).length;
}

/**
 * A text that an operator wrote, or that quotes one, with `_redacted` for each phone number and UUID in it. Addresses,
 * days and moments stay.
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
  /** Behind its last digit. */
  readonly end: number;
  readonly digits: number;
  /** It is several codes of six or seven digits each, with a joiner between them. */
  readonly joined: boolean;
}

/**
 * Stretches of digits without letters between them.
 *
 * @param gap at most so many other characters that can be seen may stand between two digits
 */
function* numbersIn(text: string, gap: number): Generator<FoundNumber> {
  let start = -1;
  let end = 0;
  let digits = 0;
  let groups = new GroupShape();
  const found = () => ({ start, end, digits, joined: groups.areCodes() });
  let joiner = "";
  let apart = 0;
  for (let at = 0; at < text.length; ) {
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

  /** @param joiner the one character behind the group; empty for more */
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
