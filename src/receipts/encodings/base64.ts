import { largestValue } from "../../bounds.ts";
import { looksLikeJson } from "./json-start.ts";
import { isGzip } from "./read-text.ts";

/** Shorter texts match by chance, and contain no receipt. */
const shortest = 16;

/**
 * A character outside of base64, base64url and line breaks. A repeated class over a long text would overflow the
 * stack.
 */
const foreign = /[^A-Za-z0-9+/_=\r\n-]/;
const foreignToBase64 = /[^A-Za-z0-9+/]/;
const foreignToUrls = /[^A-Za-z0-9_-]/;

/** What may follow a little-endian UTF-16 byte order mark: `{`, `[` or a quote. */
const markedStart = /^\uFEFF[{["]/;

/**
 * Decodes base64 or base64url, with or without padding, on one or several lines, if its bytes start like gzip, or
 * like JSON with an object, an array or a string, in UTF-8 or in UTF-16 with a mark. Many words are valid base64;
 * those are not decoded.
 *
 * Takes linear time. Never throws.
 *
 * @returns undefined when the text is not such base64, or is larger than a value may be
 */
export function openBase64(text: string): Buffer | undefined {
  const written = text.trim();
  if (written.length < shortest || foreign.test(written)) return undefined;
  const padded = written.replaceAll("\r", "").replaceAll("\n", "");
  const padding = padded.endsWith("==") ? 2 : Number(padded.endsWith("="));
  const letters = padded.slice(0, padded.length - padding);
  if (letters.length < shortest || Math.floor((letters.length * 3) / 4) > largestValue) return undefined;
  if (foreignToBase64.test(letters) && foreignToUrls.test(letters)) return undefined;
  if (!isWhole(letters, padding)) return undefined;
  const bytes = Buffer.from(letters, "base64");
  return isGzip(bytes) || looksLikeJson(bytes, 0) || isMarkedJson(bytes) ? bytes : undefined;
}

/** Whether letters encode whole bytes, without leftover bits, and padding completes groups of four. */
function isWhole(letters: string, padding: number): boolean {
  if (padding > 0 && (letters.length + padding) % 4 !== 0) return false;
  const rest = letters.length % 4;
  if (rest === 0) return true;
  const last = letters.slice(-rest);
  const read = Buffer.from(last, "base64");
  return read.toString("base64url") === last.replaceAll("+", "-").replaceAll("/", "_");
}

function isMarkedJson(bytes: Buffer): boolean {
  const start = bytes.subarray(0, 4);
  return (
    start.length === 4 &&
    (markedStart.test(start.toString("utf16le")) ||
      markedStart.test(Buffer.from(start).swap16().toString("utf16le")))
  );
}
