import { createReadStream } from "node:fs";
import { largestMap } from "../bounds.ts";
import type { Problem } from "../diagnostics.ts";
import { type ParsedCodeMap, parseCodeMap } from "./parse.ts";
import { runMapTests } from "./test-rows.ts";

interface Refused {
  readonly problems: readonly Problem[];
}

/** A code map, its test rows and its text, or everything that is wrong with the file. */
export type LoadedCodeMap = (Exclude<ParsedCodeMap, Refused> & { readonly text: string }) | Refused;

/**
 * Reads a code map that is to be used: one that parses, and whose own test rows hold. Every command takes its map this
 * way, so that none takes what another refuses.
 *
 * @param file its path, also its name in the problems
 */
export async function loadCodeMap(file: string): Promise<LoadedCodeMap> {
  const read = await readCodeMap(file);
  if ("problems" in read) return read;
  const failed = runMapTests(read.map, read.tests);
  return failed.length > 0 ? { problems: failed } : read;
}

/**
 * Reads and parses a code map that is only to be looked at. A file that cannot be read, is not UTF-8 or is larger than
 * {@link largestMap} is a problem at its start; a byte order mark is no part of its text.
 *
 * @param file its path, also its name in the problems
 */
export async function readCodeMap(file: string): Promise<LoadedCodeMap> {
  const read = await readMapText(file);
  if ("problems" in read) return read;
  const parsed = parseCodeMap(read.text, file);
  return "problems" in parsed ? parsed : { ...parsed, text: read.text };
}

async function readMapText(file: string): Promise<{ readonly text: string } | Refused> {
  const problem = (message: string, hint: string) => ({
    problems: [{ file, line: 1, column: 1, message, hint }],
  });
  try {
    // Not by its size: what is no regular file has none.
    const chunks: Buffer[] = await createReadStream(file, {
      end: largestMap,
      highWaterMark: 1 << 20,
    }).toArray();
    const bytes = Buffer.concat(chunks);
    if (bytes.length > largestMap) {
      return problem(
        `the file has more than ${largestMap / 1024 / 1024} MiB`,
        "Keep the codes that receipts have.",
      );
    }
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return problem(`cannot be read: ${reason}`, "Give the path of a readable file in UTF-8.");
  }
}
