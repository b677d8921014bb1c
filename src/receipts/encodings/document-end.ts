import { isBlankUnit } from "./json-start.ts";

const quote = 0x22;
const backslash = 0x5c;

/** Whether a UTF-16 unit is the `{` or `[` that opens a document. */
export function opensDocument(unit: number): boolean {
  return unit === 0x7b || unit === 0x5b;
}

/** Whether a UTF-16 unit ends a line of documents: a newline, or the record separator of JSON text sequences. */
export function endsLine(unit: number): boolean {
  return unit === 0x0a || unit === 0x1e;
}

/** The result of searching for the end of a document. */
export interface DocumentEnd {
  readonly closed: boolean;
  /** After the closing bracket; if there is none, where that became certain. */
  readonly at: number;
}

/**
 * Finds the closing bracket of the document that starts at `start`, by counting brackets outside of strings. It does
 * not check the JSON; but no string continues on another line, and no document after a record separator.
 */
export function findEnd(text: string, start: number, limit: number): DocumentEnd {
  let depth = 0;
  let inString = false;
  for (let at = start; at < limit; at++) {
    const unit = text.charCodeAt(at);
    if (inString) {
      if (unit === backslash) at++;
      else if (unit === quote) inString = false;
      else if (endsLine(unit)) return { closed: false, at };
    } else if (unit === quote) {
      inString = true;
    } else if (opensDocument(unit)) {
      depth++;
    } else if (unit === 0x7d || unit === 0x5d) {
      if (--depth === 0) return { closed: true, at: at + 1 };
    } else if (unit === 0x1e) {
      return { closed: false, at };
    }
  }
  return { closed: false, at: limit };
}

/** The first unit from `start` that is not whitespace; `limit` if there is none before it. */
export function behindBlanks(text: string, start: number, limit: number): number {
  let at = start;
  while (at < limit && isBlankUnit(text.charCodeAt(at))) at++;
  return at;
}

/** The end of the line that contains `start`: its newline or separator, or the end of the text. */
export function lineEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && !endsLine(text.charCodeAt(at))) at++;
  return at;
}
