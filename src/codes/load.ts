import { createReadStream } from "node:fs";
import type { Problem } from "../diagnostics.ts";
import { type ParsedCodeMap, parseCodeMap } from "./parse.ts";

/** The largest file that is read: two hundred times the packaged one, room for 20,000 codes with their words. */
export const maxMapBytes = 8 * 1024 * 1024;

/**
 * Reads and parses a code map. A file that cannot be read, is not UTF-8 or is larger than {@link maxMapBytes} is a
 * problem at its start.
 *
 * @param file its path, also its name in the problems
 */
export async function loadCodeMap(file: string): Promise<ParsedCodeMap> {
  const read = await readMapText(file);
  return "problems" in read ? read : parseCodeMap(read.text, file);
}

/** The text of a code map, with the problems that {@link loadCodeMap} has before it parses. */
export async function readMapText(
  file: string,
): Promise<{ readonly text: string } | { readonly problems: readonly Problem[] }> {
  const problem = (message: string, hint: string) => ({
    problems: [{ file, line: 1, column: 1, message, hint }],
  });
  try {
    // Not by its size: what is no regular file has none.
    const chunks: Buffer[] = await createReadStream(file, {
      end: maxMapBytes,
      highWaterMark: 1 << 20,
    }).toArray();
    const bytes = Buffer.concat(chunks);
    if (bytes.length > maxMapBytes) {
      return problem(
        `the file has more than ${maxMapBytes / 1024 / 1024} MiB`,
        "Keep the codes that receipts have.",
      );
    }
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return problem(`cannot be read: ${reason}`, "Give the path of a readable file in UTF-8.");
  }
}
