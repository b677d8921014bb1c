import { largestValue } from "../bounds.ts";
import { hasUnseen, identifies, personalDigits } from "../masking.ts";
import type { RawRecord } from "./decode.ts";
import type { Charset } from "./encodings/charset.ts";
import { readText } from "./encodings/read-text.ts";
import { openInner, openText } from "./open-text.ts";

/** How many members of an object, and how many levels, are shown. */
const mostMembers = 40;
const deepest = 8;

/**
 * The shape of a parsed value without its values, to find out why a record can't be read: names and types. Numbers
 * and texts are shown by their length, lists by their first element. JSON in a text is parsed.
 *
 * Names are kept, except those with a number as long as a phone number, and those with invisible characters, which a
 * terminal might interpret.
 *
 * @returns a plain value that can be printed as JSON
 */
export function skeletonOf(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return textSkeleton(value, depth);
  if (typeof value === "number") return Number.isInteger(value) ? digits(String(Math.abs(value))) : "number";
  if (typeof value !== "object" || value === null) return value === null ? null : typeof value;
  if (depth >= deepest) return "…";
  if (Array.isArray(value)) {
    const first = value.slice(0, 1).map((element) => skeletonOf(element, depth + 1));
    return value.length > 1 ? [...first, `${value.length - 1} more`] : first;
  }
  const members = Object.entries(value);
  const shown = members
    .slice(0, mostMembers)
    .map(([name, held]) => [nameOf(name), skeletonOf(held, depth + 1)]);
  const rest = members.length - shown.length;
  return Object.fromEntries(rest > 0 ? [...shown, ["…", `${rest} more`]] : shown);
}

function textSkeleton(text: string, depth: number): unknown {
  const inner = depth >= deepest ? undefined : openInner(text, undefined);
  if (inner !== undefined) return { "in a text": skeletonOf(inner.value, depth + 1) };
  return /^\d+$/.test(text) ? digits(text) : `text of ${text.length}`;
}

function digits(text: string): string {
  return `${text.length} ${text.length === 1 ? "digit" : "digits"}`;
}

function nameOf(name: string): string {
  // Before it is cut: the rest of a number would still reveal much of it.
  if (identifies(name, personalDigits) || hasUnseen(name)) return `name of ${name.length}`;
  return name.length > 64 ? `${name.slice(0, 64)}…` : name;
}

/**
 * The shape of a record, as JSON on one line; a sentence if its text can't be decoded.
 *
 * @param charset as configured for its topic
 */
export function skeletonOfRecord({ bytes, start, end }: RawRecord, charset: Charset | undefined): string {
  if (bytes === null) return "no value";
  if (end - start > largestValue) return `${end - start} bytes`;
  const text = readText(bytes.subarray(start, end), charset);
  if (typeof text !== "string") return `${end - start} bytes`;
  const opened = openText(text, charset);
  return JSON.stringify(opened === undefined ? `text of ${text.length}` : skeletonOf(opened.value));
}
