import { readFileSync, statSync } from "node:fs";
import type { Logger } from "pino";
import { largestMap } from "../bounds.ts";
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

/** Prints what works and should be mended nevertheless. */
export function printWarnings(warnings: readonly Problem[], io: Io): void {
  const told = warnings.map((warning) => ({ ...warning, message: `warning: ${warning.message}` }));
  io.stderr.write(renderProblems(told, sourceOf));
}

/** Logs the same. */
export function logWarnings(warnings: readonly Problem[], log: Logger): void {
  for (const { file, line, column, message, hint } of warnings) {
    log.warn({ place: line === 0 ? file : `${file}:${line}:${column}`, hint }, message);
  }
}

/** A key with one of the words in it, and its value. It looks at each word once: a map may be one long word. */
const secretKey = /(?<!\w)((?=\w*?(?:passw|pasw|secret|token|credential))\w+["']?\s*:).*$/gim;

/**
 * A code map's text as it may be shown. A file that is none may be anything, a password's file too, and nothing of it
 * is shown; of what looks like a secret in a map nothing either.
 */
function sourceOf(file: string): string | undefined {
  try {
    const stats = statSync(file);
    // what is no regular file may have no end, and what was read of it may not come again
    if (!stats.isFile() || stats.size > largestMap) return undefined;
    const text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
    if (!/^["']?(?:version|categories|providers|tests)["']?\s*:/m.test(text)) return undefined;
    return text.replace(secretKey, "$1 (hidden)");
  } catch {
    return undefined;
  }
}
