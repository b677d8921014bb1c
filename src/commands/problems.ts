import type { Logger } from "pino";
import { type Problem, renderProblems } from "../diagnostics.ts";
import type { Io } from "./command.ts";

/**
 * Prints problems of the configuration to stderr, each with its line.
 *
 * @returns their exit code: 2
 */
export function printProblems(problems: readonly Problem[], io: Io): number {
  io.stderr.write(renderProblems(problems));
  return 2;
}

/** Prints warnings: it works, but should be fixed. */
export function printWarnings(warnings: readonly Problem[], io: Io): void {
  const told = warnings.map((warning) => ({ ...warning, message: `warning: ${warning.message}` }));
  io.stderr.write(renderProblems(told));
}

/** Logs warnings. */
export function logWarnings(warnings: readonly Problem[], log: Logger): void {
  for (const { file, line, column, message, hint } of warnings) {
    log.warn({ place: line === 0 ? file : `${file}:${line}:${column}`, hint }, message);
  }
}
