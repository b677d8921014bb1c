import { readFileSync } from "node:fs";
import { type Problem, renderProblems } from "../diagnostics.ts";
import type { Io } from "./command.ts";

/**
 * Prints problems of the configuration to stderr, each with the line it is in.
 *
 * @returns the exit code that they ask for: 2
 */
export function printProblems(problems: readonly Problem[], io: Io): number {
  io.stderr.write(renderProblems(problems, sourceOf));
  return 2;
}

/** A file's text as it may be shown: a password that stands in it is blanked. */
function sourceOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").replace(/(\bpassword["']?\s*:\s*)\S.*$/gm, "$1(hidden)");
  } catch {
    return undefined;
  }
}
