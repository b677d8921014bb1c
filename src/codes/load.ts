import { readFile } from "node:fs/promises";
import { type ParsedCodeMap, parseCodeMap } from "./parse.ts";

/**
 * Reads and parses a code map. A file that cannot be read or is not UTF-8 is a problem at its start.
 *
 * @param file its path, also its name in the problems
 */
export async function loadCodeMap(file: string): Promise<ParsedCodeMap> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const hint = "Give the path of a readable file in UTF-8.";
    return { problems: [{ file, line: 1, column: 1, message: `cannot be read: ${reason}`, hint }] };
  }
  return parseCodeMap(text, file);
}
