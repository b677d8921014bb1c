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

/**
 * Renders problems for a terminal: `file:line:column: message`, the source line, a caret, the hint.
 *
 * @param problems in any order; they are printed by file, line and column
 * @param source the text of a file, or undefined when it cannot be shown
 */
export function renderProblems(
  problems: readonly Problem[],
  source: (file: string) => string | undefined,
): string {
  const sorted = [...problems].sort(
    (a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column,
  );
  return sorted
    .map((problem) => {
      const place = problem.line === 0 ? "" : `:${problem.line}:${problem.column}`;
      const head = `${problem.file}${place}: ${problem.message}`;
      const line = problem.excerpt ?? excerptOf(problem, source(problem.file));
      const shown = line === undefined ? "" : `\n    ${line.text}\n    ${" ".repeat(line.caret)}^`;
      return `${head}${shown}\n    ${problem.hint}\n`;
    })
    .join("");
}

function excerptOf({ line, column }: Problem, source: string | undefined): Excerpt | undefined {
  const text = source?.split("\n")[line - 1]?.trimEnd();
  return text === undefined ? undefined : { text, caret: column - 1 };
}

/**
 * The candidate nearest to a misspelt word, or undefined when none is near enough to be meant.
 * Near is an edit distance of at most a third of the word or 2, and never the whole word.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.min(Math.max(2, Math.floor(word.length / 3)) + 1, word.length);
  for (const candidate of candidates) {
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
