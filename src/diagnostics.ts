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
  /** Its line as it may be shown, where secrets may stand in the file; without it the file's own line is shown. */
  readonly excerpt?: Excerpt;
}

/** A line to show. */
export interface Excerpt {
  readonly text: string;
  /** How many characters of the text stand before the place. */
  readonly caret: number;
}

/** How long a sentence about what somebody wrote may be, in UTF-16 units: ours are a third of it, and quote the rest. */
const longestSentence = 1_000;
const shownEnd = 200;

/**
 * A sentence that may quote what somebody wrote, fit to be shown and logged: the phone numbers in it masked, and of a
 * quotation that is too long its beginning and its end.
 */
export function sentence(text: string): string {
  const masked = maskNumbers(text);
  if (masked.length <= longestSentence) return masked;
  return `${masked.slice(0, longestSentence - shownEnd - 1)}…${masked.slice(-shownEnd)}`.toWellFormed();
}

/**
 * Renders problems for a terminal: `file:line:column: message`, the source line, a caret, the hint.
 *
 * What they quote is masked and bounded: see {@link sentence}.
 *
 * @param problems in any order; they are printed by file, line and column
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
  const read = new Map<string, readonly string[] | undefined>();
  const linesOf = (file: string) => {
    if (!read.has(file)) read.set(file, source(file)?.split("\n"));
    return read.get(file);
  };
  return sorted
    .map((problem) => {
      const { file, line, column, message, hint } = problem;
      const place = line === 0 ? "" : `:${line}:${column}`;
      const shown = problem.excerpt ?? excerptOf(problem, linesOf(file));
      const excerpt = shown === undefined ? "" : inBounds(shown);
      return `${file}${place}: ${sentence(message)}${excerpt}\n    ${sentence(hint)}\n`;
    })
    .join("");
}

function excerptOf({ line, column }: Problem, lines: readonly string[] | undefined): Excerpt | undefined {
  const text = lines?.[line - 1]?.trimEnd();
  return text === undefined ? undefined : { text, caret: column - 1 };
}

/** The longest part of a line that is shown, in UTF-16 units. */
const longestShown = 200;

/** A line with a caret under the place. Of a long one the part around it; numbers in it are masked. */
function inBounds({ text, caret }: Excerpt): string {
  const from = text.length <= longestShown ? 0 : Math.max(0, caret - longestShown / 2);
  const to = from + longestShown;
  // Half a number at the edge would be no number to the mask.
  const before = text.slice(from, caret).replace(from > 0 ? /^[^\p{L}]+/u : "", "");
  const behind = text.slice(caret, to).replace(to < text.length ? /[^\p{L}]+$/u : "", "");
  const masked = maskNumbers(before + behind);
  const blanks = masked === before + behind ? before.length : maskNumbers(before).length;
  return `\n    ${masked}\n    ${" ".repeat(blanks)}^`;
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
