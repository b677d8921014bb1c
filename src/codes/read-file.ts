import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { largestMap } from "../bounds.ts";
import type { Problem } from "../diagnostics.ts";
import type { CompiledMap } from "./compiled.ts";

/** Where the build puts the parsed code map: the same for the built program and for the sources. */
export const compiledFile = new URL("../../dist/code-map.json", import.meta.url);

/**
 * The text of a code map or a pack. If the file cannot be read, is not UTF-8 or exceeds {@link largestMap}, that is a
 * problem at its start; a byte order mark is stripped.
 */
export async function readMapText(
  file: string,
): Promise<{ readonly text: string } | { readonly problems: readonly Problem[] }> {
  const problem = (message: string, hint: string) => ({
    problems: [{ file, line: 1, column: 1, message, hint }],
  });
  try {
    // Not by its size: only regular files have one.
    const chunks: Buffer[] = await createReadStream(file, {
      end: largestMap,
      highWaterMark: 1 << 16,
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

/** What the build has parsed; undefined without a build. */
export async function readCompiledMap(): Promise<CompiledMap | undefined> {
  try {
    return JSON.parse(await readFile(compiledFile, "utf8")) as CompiledMap;
  } catch {
    // Without it, the map is just parsed again.
    return undefined;
  }
}
