import type { Excerpt, Mark } from "../diagnostics.ts";
import { maskNumbers } from "../masking.ts";
import type { Redact, ShownLine } from "./redact.ts";

/** The longest part of a line to show, in UTF-16 units. */
const longestShown = 200;

/**
 * Shows lines of a file on demand: a bad file may have a problem with each word. An excerpt takes time and memory at
 * most in proportion to its line, and further ones of the same line nothing for the line.
 */
export class Excerpts {
  readonly #text: string;
  readonly #lineStarts: readonly number[];
  readonly #redact: Redact;
  /** The last line shown: all problems of a file may be in one line. */
  #last: { readonly line: number; readonly shown: ShownLine } | undefined;

  /**
   * @param lineStarts start of each line in the text, in UTF-16 units
   * @param redact what may be shown of a line
   */
  constructor(text: string, lineStarts: readonly number[], redact: Redact) {
    this.#text = text;
    this.#lineStarts = lineStarts;
    this.#redact = redact;
  }

  /** The redacted line of a mark, numbers masked; of a long line the part around the mark. */
  readonly show = ({ line, column, length = 1 }: Mark): Excerpt => {
    if (this.#last?.line !== line) this.#last = { line, shown: this.#shownLine(line) };
    const { text, spanOf } = this.#last.shown;
    const { start, end } = spanOf({ start: column - 1, end: column - 1 + length });
    return inBounds(text, start, end);
  };

  #shownLine(line: number): ShownLine {
    const start = this.#lineStarts[line - 1] ?? 0;
    const end = this.#text.indexOf("\n", start);
    const own = this.#text.slice(start, end === -1 ? undefined : end).replace(/\r$/, "");
    const { text, spanOf } = this.#redact(own, start);
    return { text: text.trimEnd(), spanOf };
  }
}

function inBounds(text: string, start: number, end: number): Excerpt {
  const from = text.length <= longestShown ? 0 : Math.max(0, start - longestShown / 2);
  const to = from + longestShown;
  // The mask would not recognise half a number at the edge.
  const before = text.slice(from, start).replace(from > 0 ? /^[^\p{L}]+/u : "", "");
  const behind = text.slice(start, to).replace(to < text.length ? /[^\p{L}]+$/u : "", "");
  const whole = before + behind;
  const masked = maskNumbers(whole);
  const marked = behind.slice(0, end - start);
  if (masked === whole) return { text: whole, at: before.length, length: marked.length };
  // A number that the mark cuts may be masked as a whole alone.
  const at = Math.min(maskNumbers(before).length, masked.length);
  const markEnd = Math.min(maskNumbers(before + marked).length, masked.length);
  return { text: masked, at, length: Math.max(0, markEnd - at) };
}
