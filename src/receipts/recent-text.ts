import { asciiText } from "./bytes.ts";

/** Longer than nearly every code; longer texts are not cached. */
const maxLength = 32;

/** Size of the cache; a power of two. */
const places = 256;

/** The cached texts by the hash of their bytes, with their first and last bytes as two words that may overlap. */
const texts: string[] = new Array<string>(places).fill("");
const firsts = new Int32Array(places);
const lasts = new Int32Array(places);

/**
 * The text of ASCII bytes, from a cache of recent strings. A few codes make up nearly all receipts, and creating a
 * string takes several times as long as looking it up.
 *
 * @param start the first byte
 * @param end after the last byte
 */
export function recentText(view: DataView, start: number, end: number): string {
  const length = end - start;
  if (length > maxLength) return asciiText(view, start, end);
  const whole = length >= 4;
  const first = whole ? view.getInt32(start) : shortWord(view, start, end);
  const last = whole ? view.getInt32(end - 4) : 0;
  const mixed = Math.imul(first, 31) + Math.imul(last, 17) + length;
  const place = (mixed ^ (mixed >>> 8) ^ (mixed >>> 16)) & (places - 1);
  const text = texts[place] ?? "";
  if (text.length === length && firsts[place] === first && lasts[place] === last) {
    if (length <= 8 || isBetween(view, start, text)) return text;
  }
  const made = asciiText(view, start, end);
  texts[place] = made;
  firsts[place] = first;
  lasts[place] = last;
  return made;
}

/** Whether the bytes between the first and the last four are those of a text of the same length. */
function isBetween(view: DataView, start: number, text: string): boolean {
  for (let i = 4; i < text.length - 4; i++) {
    if (view.getUint8(start + i) !== text.charCodeAt(i)) return false;
  }
  return true;
}

/** Fewer than four bytes as one number. */
function shortWord(view: DataView, start: number, end: number): number {
  let word = 0;
  for (let at = start; at < end; at++) word = (word << 8) | view.getUint8(at);
  return word;
}
