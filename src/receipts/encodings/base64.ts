import { largestValue } from "../../bounds.ts";
import { looksLikeJson } from "./json-start.ts";
import { isGzip } from "./read-text.ts";

/** Shorter texts are words by chance, and hold no receipt. */
const shortest = 16;

/** What neither base64 nor base64url has, in lines or in one. Of a long text, a loop of such letters fills the stack. */
const foreign = /[^A-Za-z0-9+/_=\r\n-]/;
const foreignToBase64 = /[^A-Za-z0-9+/]/;
const foreignToUrls = /[^A-Za-z0-9_-]/;

/** What may follow a byte order mark of UTF-16, its low byte first: `{`, `[` or a quote. */
const markedStart = /^\uFEFF[{["]/;

/**
 * Opens base64 or base64url, with padding or without, in one line or several, whose bytes begin as gzip does or as JSON
 * that holds an object, an array or a string, in UTF-8 or in UTF-16 with its mark. Many words are base64 by their
 * letters; those are not opened.
 *
 * Takes time in proportion to the text. Never throws.
 *
 * @returns undefined when the text is no such base64, or is of more bytes than a value may have
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

/** Whether letters stand for whole bytes, with no bit left over, and padding fills up four characters. */
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
