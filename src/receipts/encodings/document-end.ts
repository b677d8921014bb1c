import { isBlankUnit } from "./json-start.ts";

const quote = 0x22;
const backslash = 0x5c;

/** Whether a UTF-16 unit is the `{` or the `[` of a document. */
export function opensDocument(unit: number): boolean {
  return unit === 0x7b || unit === 0x5b;
}

/** Whether a UTF-16 unit ends a line of documents: a newline, or the record separator of JSON text sequences. */
export function endsLine(unit: number): boolean {
  return unit === 0x0a || unit === 0x1e;
}

/** How far it was looked for the end of a document. */
export interface DocumentEnd {
  readonly closed: boolean;
  /** Behind the bracket that closes the document; without it, where it shows that none will. */
  readonly at: number;
}

/**
 * Looks for the bracket that closes the document which begins at `start`, by counting those outside of strings. Whether
 * it is JSON is not looked at; but no string goes on in another line, and no document behind a record separator.
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

/** Where the first unit from `start` on stands that is no blank; `limit` when there is none before it. */
export function behindBlanks(text: string, start: number, limit: number): number {
  let at = start;
  while (at < limit && isBlankUnit(text.charCodeAt(at))) at++;
  return at;
}

/** Where the line ends that `start` is in: at its newline or separator, or at the end of the text. */
export function lineEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && !endsLine(text.charCodeAt(at))) at++;
  return at;
}
