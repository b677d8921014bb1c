import type { Fields } from "../fields.ts";
import { withoutMark } from "../text.ts";
import { type Charset, decodeText } from "./charset.ts";

const percent = 0x25;
const plus = 0x2b;
const blank = 0x20;

/** A form has more than one pair, or JSON in its only one; otherwise any text with `a=b` would be one. */
const fewestPairs = 2;
const mostPairs = 1024;

/** The longest field name. */
const longestName = 128;

/** Valid field names: `status`, `MessageStatus`, `dlr-url`, `data[0][status]`, `ids[]`. */
const fieldName = /^[A-Za-z_][\w.:-]*(?:\[[\w.:-]*\])*$/;

/** The first line of an HTTP request, around its target. */
const requestLine = /^(?:GET|POST|PUT|HEAD) (\S.*?) HTTP\/\d(?:\.\d)?$/;

/** The part before a query: a path or URL, or just the question mark. */
const target = /^(?:(?:\/|[A-Za-z][A-Za-z0-9+.-]{0,31}:\/\/)[^\s?]{0,2048})?\?/;

/** Control characters: forms have no line breaks, and encoders escape all of them. */
const control = /\p{Cc}/u;

/** The start of percent-encoded JSON: no field name starts like that. */
const encodedJson = /^%(?:7b|5b|22)/i;

const escapes = /(?:%[0-9a-f]{2})+/gi;
const foreign = /[^\0-\x7f]/;

/** Longer values are unescaped as a whole or not at all: no field of a receipt is that long. */
const longestMended = 65_536;

/**
 * Parses `application/x-www-form-urlencoded`: the body of a request, or a query alone, after its path or URL, or in
 * the first line of a request. Values may contain raw spaces, colons and `=`. Never throws.
 *
 * Invalid escapes, and those whose bytes are in another charset, are kept. If a name is repeated, the first value is
 * used; values of `name[]` form the array `name`, or `name[]` if `name` already has a value. A value of `name` after
 * its array is added to it.
 *
 * @param charset of the escaped bytes; UTF-8 by default, and if the declared charset is UTF-16
 * @returns undefined when the text is not a form: it has JSON or a line break in it, a part that is not `name=value`,
 *   or an invalid name
 */
export function parseForm(text: string, charset?: Charset): Fields | undefined {
  const query = queryOf(text.trim());
  const first = query.charCodeAt(0);
  if (first === 0x7b || first === 0x5b || !query.includes("=") || control.test(query)) return undefined;
  const values = new Map<string, string | string[]>();
  let pairs = 0;
  for (let at = 0; at < query.length;) {
    const next = query.indexOf("&", at);
    const end = next === -1 ? query.length : next;
    if (end > at) {
      const equals = query.indexOf("=", at);
      if (equals === -1 || equals >= end || ++pairs > mostPairs) return undefined;
      const name = nameOf(query.slice(at, equals));
      if (name === undefined) return undefined;
      keep(values, name, decode(query.slice(equals + 1, end), charset));
    }
    at = end + 1;
  }
  // own members whatever their names, even `__proto__`, as from JSON.parse
  return pairs < fewestPairs && !holdsJson(values) ? undefined : Object.fromEntries(values);
}

/** Yunpian and others post all receipts as JSON in one field. */
function holdsJson(values: ReadonlyMap<string, string | readonly string[]>): boolean {
  const [value] = values.values();
  return typeof value === "string" && /^[[{]/.test(value);
}

/**
 * The text of percent-encoded JSON, which some send as a form without a name. Form libraries append a `=` to it.
 * Never throws.
 *
 * @param charset as in {@link parseForm}
 * @returns undefined when the text does not start like such JSON; the caller has to parse it
 */
export function decodeUrl(text: string, charset?: Charset): string | undefined {
  const sent = text.trim();
  if (!encodedJson.test(sent)) return undefined;
  return decode(sent.endsWith("=") ? sent.slice(0, -1) : sent, charset);
}

/** The part of a text that may be a form: after its target. */
function queryOf(text: string): string {
  const [, requested] = requestLine.exec(text) ?? [];
  return (requested ?? text).replace(target, "");
}

/** Field names as sent, with what they are: a topic's forms have the same few. */
const knownNames = new Map<string, string>();
const mostKnown = 1024;

function nameOf(sent: string): string | undefined {
  const known = knownNames.get(sent);
  if (known !== undefined) return known;
  if (sent.length > longestName) return undefined;
  const name = decode(sent, undefined).trim();
  if (!fieldName.test(name)) return undefined;
  // Copies: a slice would keep the whole text.
  if (knownNames.size < mostKnown) knownNames.set(copied(sent), copied(name));
  return name;
}

function copied(text: string): string {
  return Buffer.from(text).toString();
}

function keep(values: Map<string, string | string[]>, name: string, value: string): void {
  const list = name.endsWith("[]") ? name.slice(0, -2) : undefined;
  const kept = values.get(list ?? name);
  if (Array.isArray(kept)) kept.push(value);
  else if (list === undefined) values.set(name, kept ?? value);
  else if (kept === undefined) values.set(list, [value]);
  // Next to a value of the same name, which may be part of a receipt.
  else keepIn(values, name, value);
}

function keepIn(values: Map<string, string | string[]>, name: string, value: string): void {
  const kept = values.get(name);
  if (Array.isArray(kept)) kept.push(value);
  else values.set(name, [value]);
}

/**
 * Undoes a form's escapes where they are valid. In GBK a character's second byte may be an ASCII letter, which some
 * encoders don't escape: so a value is tried as a whole first.
 */
function decode(sent: string, declared: Charset | undefined): string {
  if (!sent.includes("%") && !sent.includes("+")) return sent;
  const charset = declared === undefined || declared.startsWith("utf-16") ? "utf-8" : declared;
  const decoded = charset === "utf-8" ? platformDecoded(sent) : undefined;
  if (decoded !== undefined) return decoded;
  const whole = charset === "utf-8" || !foreign.test(sent) ? unescaped(sent, charset) : undefined;
  if (whole !== undefined) return whole;
  if (sent.length > longestMended) return sent;
  return sent.replaceAll("+", " ").replace(escapes, (run) => unescaped(run, charset) ?? run);
}

/** After a value that is not UTF-8, so many are not tried: a refusal takes the platform longer than a value takes us. */
const leftAfterRefusal = 256;
let leftAlone = 0;

/** UTF-8, decoded by the platform; undefined where an escape or its bytes are invalid, or this was not tried. */
function platformDecoded(text: string): string | undefined {
  if (leftAlone > 0) {
    leftAlone--;
    return undefined;
  }
  try {
    return withoutMark(decodeURIComponent(text.toWellFormed().replaceAll("+", " ")));
  } catch {
    leftAlone = leftAfterRefusal;
    return undefined;
  }
}

/** @returns undefined when the bytes are not valid in the charset */
function unescaped(text: string, charset: Charset): string | undefined {
  const bytes = Buffer.from(text);
  let end = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const escaped = byte === percent ? hexDigit(bytes[at + 1]) * 16 + hexDigit(bytes[at + 2]) : Number.NaN;
    if (!Number.isNaN(escaped)) {
      bytes[end++] = escaped;
      at += 2;
    } else {
      bytes[end++] = byte === plus ? blank : byte;
    }
  }
  return decodeText(bytes.subarray(0, end), charset);
}

/** The value of a hexadecimal digit; NaN for other bytes. */
function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return Number.NaN;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : Number.NaN;
}
