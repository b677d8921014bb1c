import { maskNumbers } from "./masking.ts";

/**
 * One problem in what the operator wrote, with the place to mend it. Lines and columns count from 1; both are 0
 * when the place is not in a file, and `file` then names the flag or the environment variable.
 */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** One sentence: what is wrong. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/**
 * Renders problems for a terminal: `file:line:column: message`, the source line, a caret, the hint.
 *
 * @param problems in any order; they are printed by file, line and column
 * Phone numbers in them are masked.
 *
 * @param source the text of a file, or undefined when it cannot be shown
 */
export function renderProblems(
  problems: readonly Problem[],
  source: (file: string) => string | undefined,
): string {
  const sorted = [...problems].sort(
    (a, b) =>
      (a.file === b.file ? 0 : a.file.localeCompare(b.file)) || a.line - b.line || a.column - b.column,
  );
  // Read and split once for all problems of a file, which may be as many as it has lines.
  const linesOf = new Map(sorted.map(({ file }) => [file, undefined as readonly string[] | undefined]));
  for (const file of linesOf.keys()) linesOf.set(file, source(file)?.split("\n"));
  return sorted
    .map(({ file, line, column, message, hint }) => {
      const place = line === 0 ? "" : `:${line}:${column}`;
      const shown = sourceLine(linesOf.get(file)?.[line - 1]?.trimEnd(), column);
      return `${file}${place}: ${maskNumbers(message)}${shown}\n    ${maskNumbers(hint)}\n`;
    })
    .join("");
}

/** The longest part of a line that is shown, in UTF-16 units. */
const longestShown = 200;

/** A line with a caret under one of its columns. Of a long one the part around it; numbers in it are masked. */
function sourceLine(text: string | undefined, column: number): string {
  if (text === undefined) return "";
  const from = text.length <= longestShown ? 0 : Math.max(0, column - 1 - longestShown / 2);
  const to = from + longestShown;
  // Half a number at the edge would be no number to the mask.
  const before = text.slice(from, column - 1).replace(from > 0 ? /^[^\p{L}]+/u : "", "");
  const behind = text.slice(column - 1, to).replace(to < text.length ? /[^\p{L}]+$/u : "", "");
  const masked = maskNumbers(before + behind);
  const caret = masked === before + behind ? before.length : maskNumbers(before).length;
  return `\n    ${masked}\n    ${" ".repeat(caret)}^`;
}

const longestMisspelt = 64;

/**
 * The candidate nearest to a misspelt word, or undefined when none is near enough to be meant.
 * Near is an edit distance of at most a third of the word or 2, and never the whole word.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  // So long a word is no slip of the pen, and comparing takes the product of the lengths.
  if (word.length > longestMisspelt) return undefined;
  let best: string | undefined;
  let bestDistance = Math.min(Math.max(2, Math.floor(word.length / 3)) + 1, word.length);
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(substitute, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
