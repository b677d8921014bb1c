import type { Logger } from "pino";
import { type Problem, renderProblems } from "../diagnostics.ts";
import type { Io } from "./command.ts";

/**
 * Prints problems of the configuration to stderr, each with the line it is in.
 *
 * @returns the exit code that they ask for: 2
 */
export function printProblems(problems: readonly Problem[], io: Io): number {
  io.stderr.write(renderProblems(problems));
  return 2;
}

/** Prints what works and should be mended nevertheless. */
export function printWarnings(warnings: readonly Problem[], io: Io): void {
  const told = warnings.map((warning) => ({ ...warning, message: `warning: ${warning.message}` }));
  io.stderr.write(renderProblems(told));
}

/** Logs the same. */
export function logWarnings(warnings: readonly Problem[], log: Logger): void {
  for (const { file, line, column, message, hint } of warnings) {
    log.warn({ place: line === 0 ? file : `${file}:${line}:${column}`, hint }, message);
  }
}
