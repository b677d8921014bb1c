import { readFile } from "node:fs/promises";
import type { Problem } from "../diagnostics.ts";
import type { CodeMap } from "./code-map.ts";
import { parseCodeMap } from "./parse.ts";
import { runMapTests, type TestRow } from "./test-rows.ts";

/** A code map, its test rows and its text, or everything that is wrong with the file. */
export type LoadedCodeMap =
  | { readonly map: CodeMap; readonly tests: readonly TestRow[]; readonly text: string }
  | { readonly problems: readonly Problem[] };

/**
 * Reads a code map that is to be used: one that parses, and whose own test rows hold. Every command takes its map this
 * way, so that none takes what another refuses.
 *
 * @param file its path, also its name in the problems
 */
export async function loadCodeMap(file: string): Promise<LoadedCodeMap> {
  const read = await readCodeMap(file);
  if ("problems" in read) return read;
  const failed = runMapTests(read.map, read.tests, file);
  return failed.length > 0 ? { problems: failed } : read;
}

/**
 * Reads and parses a code map that is only to be looked at. A file that cannot be read or is not UTF-8 is a problem at
 * its start; a byte order mark is no part of its text.
 *
 * @param file its path, also its name in the problems
 */
export async function readCodeMap(file: string): Promise<LoadedCodeMap> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const hint = "Give the path of a readable file in UTF-8.";
    return { problems: [{ file, line: 1, column: 1, message: `cannot be read: ${reason}`, hint }] };
  }
  const parsed = parseCodeMap(text, file);
  return "problems" in parsed ? parsed : { ...parsed, text };
}
