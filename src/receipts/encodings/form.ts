import type { Fields } from "../fields.ts";
import { type Charset, decodeText } from "./charset.ts";

const percent = 0x25;
const plus = 0x2b;
const blank = 0x20;

/** A form has more than one pair, or JSON in its only one, else `a=b` in any text would be one; so many hold no receipt. */
const fewestPairs = 2;
const mostPairs = 1024;

/** The longest name of a field that is looked at. */
const longestName = 128;

/** What names of fields look like: `status`, `MessageStatus`, `dlr-url`, `data[0][status]`, `ids[]`. */
const fieldName = /^[A-Za-z_][\w.:-]*(?:\[[\w.:-]*\])*$/;
const listName = /\[\]$/;

/** The first line of an HTTP request, around its target. */
const requestLine = /^(?:GET|POST|PUT|HEAD) (\S.*?) HTTP\/\d(?:\.\d)?$/;

/** What stands in front of a query: a path or a URL, or nothing but the mark. */
const target = /^(?:(?:\/|[A-Za-z][A-Za-z0-9+.-]{0,31}:\/\/)[^\s?]{0,2048})?\?/;

/** Control characters: no form has lines, and no encoder leaves them. */
const control = /\p{Cc}/u;

/** How JSON begins that is wholly percent-encoded: no name of a field does. */
const encodedJson = /^%(?:7b|5b|22)/i;

const escapes = /(?:%[0-9a-f]{2})+/gi;
const foreign = /[^\0-\x7f]/;

/** In longer values, escapes are undone altogether or not at all: no field of a receipt is so long. */
const longestMended = 65_536;

/**
 * Reads `application/x-www-form-urlencoded`: the body of a request, or a query alone, behind its path or URL, or in the
 * first line of a request. Values may hold raw blanks, colons and `=`. Never throws.
 *
 * Escapes that are none, or whose bytes are of another charset, stay as they are. Of a name that comes again the first
 * value counts; those of `name[]` make up the array `name`, or `name[]` where `name` has a value already. A value of
 * `name` that comes behind its array is put into it.
 *
 * @param charset what its escaped bytes are written in; UTF-8 without it, and where the declared charset is UTF-16
 * @returns undefined when the text is no form: one with JSON or a line break in it, a part that is no `name=value`, or
 * a name that no field has
 */
export function parseForm(text: string, charset?: Charset): Fields | undefined {
  const query = queryOf(text.trim());
  const first = query.charCodeAt(0);
  if (first === 0x7b || first === 0x5b || !query.includes("=") || control.test(query)) return undefined;
  const values = new Map<string, string | string[]>();
  let pairs = 0;
  for (let at = 0; at < query.length; ) {
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
  // own members whatever their names, `__proto__` too, as JSON.parse makes them
  return pairs < fewestPairs && !holdsJson(values) ? undefined : Object.fromEntries(values);
}

/** Yunpian and others post all receipts as JSON in one field. */
function holdsJson(values: ReadonlyMap<string, string | readonly string[]>): boolean {
  const [value] = values.values();
  return typeof value === "string" && /^[[{]/.test(value);
}

/**
 * The text of JSON that is percent-encoded as a whole, and is so sent as a form without a name. What posts forms by
 * itself adds a `=` to it. Never throws.
 *
 * @param charset as in {@link parseForm}
 * @returns undefined when the text does not begin as such JSON does; whether it is JSON is for the caller to see
 */
export function decodeUrl(text: string, charset?: Charset): string | undefined {
  const sent = text.trim();
  if (!encodedJson.test(sent)) return undefined;
  return decode(sent.endsWith("=") ? sent.slice(0, -1) : sent, charset);
}

/** The part of a text that may be a form: what is behind its target. */
function queryOf(text: string): string {
  const [, requested] = requestLine.exec(text) ?? [];
  return (requested ?? text).replace(target, "");
}

function nameOf(sent: string): string | undefined {
  if (sent.length > longestName) return undefined;
  const name = decode(sent, undefined).trim();
  return fieldName.test(name) ? name : undefined;
}

function keep(values: Map<string, string | string[]>, name: string, value: string): void {
  const list = listName.test(name) ? name.slice(0, -2) : undefined;
  const kept = values.get(list ?? name);
  if (Array.isArray(kept)) kept.push(value);
  else if (list === undefined) values.set(name, kept ?? value);
  else if (kept === undefined) values.set(list, [value]);
  // Beside a value of the same name, which a receipt may be read by.
  else keepIn(values, name, value);
}

function keepIn(values: Map<string, string | string[]>, name: string, value: string): void {
  const kept = values.get(name);
  if (Array.isArray(kept)) kept.push(value);
  else values.set(name, [value]);
}

/**
 * Undoes the escapes of a form, where they are right. In GBK the second byte of a character may be that of a letter,
 * which some encoders leave as it is: so a value is read as a whole first.
 */
function decode(sent: string, declared: Charset | undefined): string {
  if (!sent.includes("%") && !sent.includes("+")) return sent;
  const charset = declared === undefined || declared.startsWith("utf-16") ? "utf-8" : declared;
  const whole = charset === "utf-8" || !foreign.test(sent) ? unescaped(sent, charset) : undefined;
  if (whole !== undefined) return whole;
  if (sent.length > longestMended) return sent;
  return sent.replaceAll("+", " ").replace(escapes, (run) => unescaped(run, charset) ?? run);
}

/** @returns undefined when the bytes are not of the charset */
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

/** The value of a hexadecimal digit; NaN of another byte. */
function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return Number.NaN;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : Number.NaN;
}
