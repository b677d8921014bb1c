import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { largestMap } from "../bounds.ts";
import type { Problem } from "../diagnostics.ts";
import type { CompiledMap } from "./compiled.ts";

/** Where the build puts what it has read of the packaged code map: the same for the program and for its source. */
export const compiledFile = new URL("../../dist/code-map.json", import.meta.url);

/**
 * The text of a code map or a pack. A file that cannot be read, is not UTF-8 or is larger than {@link largestMap} is a
 * problem at its start; a byte order mark is no part of its text.
 */
export async function readMapText(
  file: string,
): Promise<{ readonly text: string } | { readonly problems: readonly Problem[] }> {
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
        `the file is larger than ${largestMap / 1024 / 1024} MiB`,
        "Keep only the codes that receipts have.",
      );
    }
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return problem(`cannot be read: ${reason}`, "Give the path of a readable file in UTF-8.");
  }
}

/** What the build has read; undefined where nothing was built. */
export async function readCompiledMap(): Promise<CompiledMap | undefined> {
  try {
    return JSON.parse(await readFile(compiledFile, "utf8")) as CompiledMap;
  } catch {
    // All that it saves is time.
    return undefined;
  }
}
