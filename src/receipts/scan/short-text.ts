import { backslash, openBrace, openBracket } from "./json-bytes.ts";
import { view } from "./memory.ts";

/** A text shorter than this, in UTF-16 units, contains no receipt unless it is JSON. */
const shortestElse = 16;

/** Whether a text is short, and certainly not JSON: without brackets, and without escapes that may stand for one. */
export function isShortText(start: number, end: number): boolean {
  let units = 0;
  for (let at = start; at < end; at++) {
    const byte = view.getUint8(at);
    if (byte === openBrace || byte === openBracket || byte === backslash) return false;
    // Count each character at its first byte; the longest ones take two units.
    if ((byte & 0xc0) !== 0x80) units += byte < 0xf0 ? 1 : 2;
    if (units >= shortestElse) return false;
  }
  return true;
}
