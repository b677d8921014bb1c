import { largestValue } from "../../bounds.ts";
import { digitsIn, hasUnseen } from "../../masking.ts";
import type { RawRecord } from "../decode.ts";
import type { Charset } from "../encodings/charset.ts";
import { readText } from "../encodings/read-text.ts";
import { openInner, openText } from "../open-text.ts";
import { type MemberName, memberName, sizeOf, unnamed } from "./member-words.ts";

/** Any value with more digits is masked: a one-time password has four. */
const mostDigits = 4;

/** Segment counts and states: shorter than a one-time password. */
const smallNumber = /^-?\d{1,3}$/;

/** The form of unlisted codes; names and ids have other forms. */
const likeCode = /^(?:[A-Za-z]{1,5}[:._-]?)?\d{1,4}$/;

const longestShown = 64;
const deepest = 12;
const mostElements = 100;
/** How many values of a record are shown. */
const mostValues = 2_000;

/** What may be shown of a record. */
export interface Showing {
  /** Whether a text is a word of the code map or of a format: a code with a letter in it, or a state. */
  isWord(text: string): boolean;
  /** The codes of the record's own receipts, as sent: they are shown next to it. */
  readonly codes: ReadonlySet<string>;
}

/**
 * A record for people to look at, without anything that could be about a person or a message.
 *
 * Only harmless parts are shown, everything else by its length: member names made of known words, codes and states,
 * `true`, `false` and `null`, and numbers of up to three digits. A value with more than four digits is never shown,
 * nor any part of free text, names and template parameters. JSON, forms and base64 in a text are decoded and masked
 * in the same way.
 *
 * @param charset as configured for its topic
 * @returns a plain value that can be printed as JSON
 */
export function maskedRecord(
  { bytes, start, end }: RawRecord,
  charset: Charset | undefined,
  showing: Showing,
): unknown {
  if (bytes === null) return "no value";
  const unread = `${sizeOf(end - start)} bytes`;
  if (end - start > largestValue) return unread;
  const text = readText(bytes.subarray(start, end), charset);
  if (typeof text !== "string") return unread;
  const opened = openText(text, charset);
  if (opened === undefined) return described(text);
  const masked = new Masking(showing, charset).value(opened.value, unnamed, false, 0);
  return opened.as === "JSON" ? masked : { [wayOf(opened.as)]: masked };
}

/** Masks the values of one record. */
class Masking {
  readonly #showing: Showing;
  readonly #charset: Charset | undefined;
  #left = mostValues;

  constructor(showing: Showing, charset: Charset | undefined) {
    this.#showing = showing;
    this.#charset = charset;
  }

  /** @param isElement of an array, whose small numbers may be parts of a larger one */
  value(value: unknown, name: MemberName, isElement: boolean, depth: number): unknown {
    if (--this.#left < 0 || depth > deepest) return "…";
    if (value === null || typeof value === "boolean") return value;
    if (typeof value === "number") return this.#number(value, name, isElement);
    if (typeof value === "string") return this.#text(value, name, isElement, depth);
    if (name.holds === "closed") return Array.isArray(value) ? "an array" : "an object";
    if (Array.isArray(value)) return this.#array(value, name, depth);
    return this.#object(Object.entries(value as object), depth);
  }

  #number(value: number, name: MemberName, isElement: boolean): unknown {
    const text = String(value);
    if (this.#isShown(text, name, isElement)) return value;
    return Number.isSafeInteger(value) ? digits(String(Math.abs(value))) : "number";
  }

  #text(text: string, name: MemberName, isElement: boolean, depth: number): unknown {
    if (name.holds === "closed") return described(text);
    const inner = openInner(text, this.#charset);
    if (inner !== undefined) {
      return { [wayOf(inner.as)]: this.value(inner.value, name, isElement, depth + 1) };
    }
    return this.#isShown(text, name, isElement) ? text : described(text);
  }

  #array(elements: readonly unknown[], name: MemberName, depth: number): unknown[] {
    const shown = elements
      .slice(0, mostElements)
      .map((element) => this.value(element, name, true, depth + 1));
    const rest = elements.length - shown.length;
    return rest > 0 ? [...shown, `${sizeOf(rest)} more`] : shown;
  }

  #object(members: readonly (readonly [string, unknown])[], depth: number): unknown {
    const shown = new Map<string, unknown>();
    for (const [sent, value] of members) {
      if (this.#left <= 0) {
        shown.set("…", "more");
        break;
      }
      const name = memberName(sent);
      shown.set(freeIn(shown, name.shown), this.value(value, name, false, depth + 1));
    }
    // own members whatever their names, as from JSON.parse
    return Object.fromEntries(shown);
  }

  #isShown(text: string, { holds }: MemberName, isElement: boolean): boolean {
    if (holds !== "plain" || text.length > longestShown || hasUnseen(text)) return false;
    const isNumber = !/\p{L}/u.test(text);
    if (isNumber && isElement) return false;
    if (smallNumber.test(text)) return true;
    if (digitsIn(text) > mostDigits) return false;
    const { codes, isWord } = this.#showing;
    return (likeCode.test(text) && codes.has(text)) || (!isNumber && isWord(text));
  }
}

function described(text: string): string {
  return /^\d+$/.test(text) ? digits(text) : `text of ${sizeOf(text.length)}`;
}

function digits(text: string): string {
  return `${sizeOf(text.length)} ${text.length === 1 ? "digit" : "digits"}`;
}

/** How a text was decoded, as a member name. */
function wayOf(as: string): string {
  return `in ${as.replace(/^\d+ /, "")}`;
}

/** A name that is not used yet. */
function freeIn(taken: ReadonlyMap<string, unknown>, name: string): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}, ${sizeOf(number)}`;
  return free;
}
