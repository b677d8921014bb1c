import { mostProblems } from "./bounds.ts";
import { maskNumbers } from "./masking.ts";

/**
 * One problem in an operator's input, with the place to fix. Lines and columns count from 1; both are 0 when the
 * place is not in a file, and `file` then names the flag or the environment variable.
 */
export interface Problem extends Mark {
  readonly file: string;
  /** One sentence: what is wrong. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
  /**
   * Shows the line with its mark; without it no line is shown. It is called only for problems that are shown, since a
   * bad file may have one in each line.
   */
  readonly excerpt?: ((mark: Mark) => Excerpt) | undefined;
}

/** Where something was written: a place in a file, or a flag or variable with line and column 0. */
export type Place = Omit<Problem, "message" | "hint">;

/** A part of a line. */
export interface Mark {
  readonly line: number;
  readonly column: number;
  /** The length of the mark, in UTF-16 units from the column; without it only the column is known. */
  readonly length?: number;
}

/** A line that may be shown and logged, with the part that is wrong. Both numbers are UTF-16 units. */
export interface Excerpt {
  readonly text: string;
  /** Where in the text the part starts. */
  readonly at: number;
  readonly length: number;
}

/** The longest sentence that quotes input, in UTF-16 units: ours are a third of that, the rest is the quote. */
const longestSentence = 1_000;
const shownEnd = 200;

/**
 * A sentence that may quote input, fit to be shown and logged: phone numbers are masked, and long quotes are
 * shortened to their start and end.
 */
export function sentence(text: string): string {
  const masked = maskNumbers(text);
  if (masked.length <= longestSentence) return masked;
  return `${masked.slice(0, longestSentence - shownEnd - 1)}…${masked.slice(-shownEnd)}`.toWellFormed();
}

/** The first {@link mostProblems}, then the number of further ones: a bad file may have one with each word. */
export function firstProblems(problems: readonly Problem[]): readonly Problem[] {
  const told = problems.slice(0, mostProblems);
  const last = told.at(-1);
  const more = problems.length - told.length;
  if (last === undefined || more === 0) return told;
  const { file, line, column } = last;
  const message = `${more} more ${more === 1 ? "problem" : "problems"} not shown`;
  return [...told, { file, line, column, message, hint: "Fix these first." }];
}

/**
 * Renders problems for a terminal: `file:line:column: message`, the source line with the wrong part underlined, the
 * hint.
 *
 * What they quote is masked and bounded: see {@link sentence}.
 *
 * @param problems in any order; they are printed by file, line and column
 */
export function renderProblems(problems: readonly Problem[]): string {
  const sorted = [...problems].sort(
    (a, b) =>
      (a.file === b.file ? 0 : a.file.localeCompare(b.file)) || a.line - b.line || a.column - b.column,
  );
  return sorted
    .map((problem) => {
      const { file, line, column, message, hint, excerpt } = problem;
      const place = line === 0 ? "" : `:${line}:${column}`;
      const shown = excerpt === undefined ? "" : underlined(excerpt(problem));
      return `${file}${place}: ${sentence(message)}${shown}\n    ${sentence(hint)}\n`;
    })
    .join("");
}

function underlined({ text, at, length }: Excerpt): string {
  const blanks = text.slice(0, at).replace(/[^\t]/gu, (character) => " ".repeat(columnsOf(character)));
  const carets = [...text.slice(at, at + length)].reduce((sum, character) => sum + columnsOf(character), 0);
  return `\n    ${text}\n    ${blanks}${"^".repeat(Math.max(1, carets))}`;
}

/** East Asian characters, punctuation and full-width letters; emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
const markOrUnseen = /[\p{M}\p{Cf}]/u;

/**
 * A character's width on a terminal: two for a full-width one, none for a combining one. Sequences such as emoji
 * families are counted character by character: code maps have none.
 */
function columnsOf(character: string): number {
  if (character < "\u0300") return 1;
  if (markOrUnseen.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

const longestMisspelt = 64;

/**
 * The candidate most similar to a misspelt word, or undefined when none is similar enough. Similar is an edit
 * distance of at most a third of the word or 2, and never the whole word.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  // Such a long word is no typo, and comparing takes the product of the lengths.
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
