import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { loadCodeMap } from "../../codes/load.ts";
import { sourcesOf } from "../../codes/map-files.ts";
import type { Settings } from "../../config/schema.ts";
import type { Problem } from "../../diagnostics.ts";
import { replaceFile } from "../../replay/replace-file.ts";
import { Insertable, InsertError } from "./insert.ts";
import { type Choice, type Patch, patchOf, type Writing } from "./patch.ts";

/**
 * Adds choices to the user's own code map, which is created if it does not exist. It is written only if all its test
 * rows pass, together with the other files of the map.
 *
 * @param path of the file
 * @param settings of the other files
 * @returns what was added, or why nothing was written
 * @throws FileError when it can't be written
 */
export async function writePatch(
  path: string,
  choices: readonly Choice[],
  settings: Settings,
  writing: Writing,
): Promise<Patch | { readonly problems: readonly Problem[] }> {
  const text = await readIfThere(path);
  if (text === undefined)
    return { problems: [problemOf(path, "cannot be read", "Give the path of a file.")] };
  try {
    const file = new Insertable(text, path);
    if (file.isEmpty && writing.isComment) return await addComments(path, text, choices, writing);
    const patch = patchOf(choices, file, text, writing);
    if (patch.added.length === 0) return patch;
    const changed = file.with(patch.tree, writing.isComment);
    const problems = await problemsWith(changed, path, settings);
    if (problems.length > 0) {
      // Report earlier problems with the original file's lines.
      const before = file.isEmpty ? [] : await problemsWith(text, path, settings);
      return { problems: before.length > 0 ? before : problems };
    }
    await replaceWith(path, changed);
    return patch;
  } catch (error) {
    if (error instanceof InsertError) return { problems: [error.problem] };
    throw error;
  }
}

/**
 * Adds comments to a file that has nothing else, and so is not a code map yet: as if they were not commented out, so
 * that the file keeps one list however often it is added to.
 */
async function addComments(
  path: string,
  text: string,
  choices: readonly Choice[],
  writing: Writing,
): Promise<Patch> {
  const bare = new Insertable(text.replaceAll(/^# ?/gm, ""), path);
  const patch = patchOf(choices, bare, text, { ...writing, isComment: false });
  if (patch.added.length > 0) {
    const lines = bare.with(patch.tree, false).split("\n");
    await replaceWith(path, lines.map((line) => (line === "" ? line : `# ${line}`)).join("\n"));
  }
  return patch;
}

async function replaceWith(path: string, text: string): Promise<void> {
  await replaceFile(path, [Buffer.from(text)], new AbortController().signal);
}

/** The text of a file; empty when it does not exist, undefined when it can't be read. */
async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "" : undefined;
  }
}

function problemOf(file: string, message: string, hint: string): Problem {
  return { file, line: 0, column: 0, message, hint };
}

/** The problems of the code map if one of its files had another text. */
async function problemsWith(
  text: string,
  path: string,
  { codeMap, codeMaps }: Settings,
): Promise<readonly Problem[]> {
  const folder = await mkdtemp(join(tmpdir(), "dlr-patch-"));
  try {
    const tried = join(folder, basename(path));
    await writeFile(tried, text);
    const others = codeMaps.filter((file) => resolve(file) !== resolve(path));
    const loaded = await loadCodeMap(sourcesOf(codeMap, [...others, tried]));
    if (!("problems" in loaded)) return [];
    return loaded.problems.map((problem) => (problem.file === tried ? { ...problem, file: path } : problem));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
