import { createRequire } from "node:module";
import type { RE2JS } from "re2js";

const require = createRequire(import.meta.url);

/** Longer expressions are refused: no list of topics or of values needs them. */
const longest = 256;

/**
 * Compiles a regular expression that somebody has configured. RE2 takes a time in proportion to the text's length,
 * whatever the expression: none brings the process to a standstill.
 *
 * @param pattern in which {@link expressionProblem} finds nothing
 */
export function compileExpression(pattern: string): RE2JS {
  // Loaded with the first one: most configurations have none.
  const re2 = require("re2js") as typeof import("re2js");
  return re2.RE2JS.compile(pattern);
}

/**
 * What keeps a text from being a regular expression.
 *
 * @returns what it must be, to stand behind "must be"; undefined for one
 */
export function expressionProblem(pattern: string): string | undefined {
  if (pattern.length > longest) return `a regular expression of at most ${longest} characters`;
  try {
    compileExpression(pattern);
    return undefined;
  } catch (error) {
    const why = (error as Error).message.replace(/^error parsing regexp: /, "");
    return `a regular expression as RE2 takes it (${why})`;
  }
}
