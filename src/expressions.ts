import { createRequire } from "node:module";
import type { RE2JS } from "re2js";

const require = createRequire(import.meta.url);

/** Longer expressions are rejected: no list of topics or values needs them. */
const longest = 256;

/**
 * Compiles a regular expression from the configuration. RE2 takes time linear in the text's length, whatever the
 * expression: none can block the process.
 *
 * @param pattern one that {@link expressionProblem} accepts
 */
export function compileExpression(pattern: string): RE2JS {
  // Loaded on demand: most configurations have none.
  const re2 = require("re2js") as typeof import("re2js");
  return re2.RE2JS.compile(pattern);
}

/**
 * Checks a regular expression.
 *
 * @returns what it must be, to follow "must be"; undefined if it is valid
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
