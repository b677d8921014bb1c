import { asciiText } from "./bytes.ts";

/** More bytes than nearly every code has; a longer text is made anew each time. */
const maxLength = 32;

/** How many texts are kept; a power of two. */
const places = 256;

/** Texts met lately, each at the place that its bytes hash to, and its first and last bytes as two words that may overlap. */
const texts: string[] = new Array<string>(places).fill("");
const firsts = new Int32Array(places);
const lasts = new Int32Array(places);

/**
 * The text of ASCII bytes: the string made before, where these bytes were met lately. A few codes make up nearly
 * all receipts, and to make a string takes several times as long as to find it again.
 *
 * @param start where the first byte is
 * @param end behind the last byte
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
