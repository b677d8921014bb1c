import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheFolder } from "./cache.ts";

/**
 * What is built from sources of ours: a file or a folder in the user's cache folder, as long as they are the same.
 *
 * @param sources their texts
 * @param build makes it at the path that it gets
 * @returns its path, or why it could not be built
 */
export async function builtOnce(
  name: string,
  sources: readonly string[],
  build: (draft: string) => Promise<unknown>,
): Promise<string | Error> {
  const hash = createHash("sha256").update(sources.join("")).digest("hex").slice(0, 12);
  const built = cacheFolder(join(name, hash));
  if (existsSync(built)) return built;
  await mkdir(dirname(built), { recursive: true });
  const draft = `${built}.${process.pid}`;
  try {
    await build(draft);
    await rename(draft, built);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // another process may have been first, with the same
    if (!existsSync(built)) return error as Error;
  }
  return built;
}
