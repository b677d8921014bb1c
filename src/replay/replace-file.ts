import { randomBytes } from "node:crypto";
import { type FileHandle, open, realpath, rename, stat, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** A file that cannot be written; its message is for the operator. */
export class FileError extends Error {
  override readonly name = "FileError";
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "no space left on the device",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be too large",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOENT: "there is no such folder",
  ENOTDIR: "there is no such folder",
  ENAMETOOLONG: "its name is too long",
};

/** How a system says that a folder can't be synced: it may not be opened, or its file system has no such thing. */
const unsyncable: readonly unknown[] = ["EACCES", "EPERM", "EISDIR", "EINVAL", "ENOTSUP"];

/**
 * Writes a whole file or none: the content goes to `<path>.<random>.partial`, which takes the name when all of it is
 * on disk and is removed when something fails. Until then an earlier file of that name stays as it was. When it
 * returns, neither file nor name is lost with the power. A link is followed.
 *
 * @param content chunks, asked for as fast as the disk takes them
 * @throws FileError when it cannot be written, an AbortError after the signal, and what the content throws
 */
export async function replaceFile(
  path: string,
  content: Iterable<Buffer>,
  signal: AbortSignal,
): Promise<void> {
  await withPartial(path, async (partial, file) => {
    await writeFile(partial, content, { flag: "wx", flush: true, signal });
    await rename(partial, file);
    await syncFolder(dirname(file));
  });
}

/**
 * Finds out whether {@link replaceFile} could begin there, and leaves everything as it was.
 *
 * @throws FileError as {@link replaceFile} does
 */
export async function tryFile(path: string): Promise<void> {
  await withPartial(path, async (partial) => {
    await writeFile(partial, "", { flag: "wx" });
    await unlink(partial);
  });
}

/**
 * Works on a file of its own beside one that it may replace, and removes it when the work fails.
 *
 * @param work is given the name of its file, and that of the other, behind any links
 * @throws FileError
 */
async function withPartial(
  path: string,
  work: (partial: string, file: string) => Promise<void>,
): Promise<void> {
  const file = await realpath(path).catch(() => path);
  const partial = `${file}.${randomBytes(4).toString("hex")}.partial`;
  try {
    // Renaming over a device or a pipe would put a file in its place.
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile() === false) throw new FileError(`cannot write ${path}: not a regular file`);
    await work(partial, file);
  } catch (error) {
    // Where it could not even be made, there is nothing to remove; the first failure is the one to tell.
    await unlink(partial).catch(() => undefined);
    throw failure(path, error) ?? error;
  }
}

/** Why something can't be written, in words that an operator knows. */
export function writeReason(error: Error & { readonly code?: unknown }): string {
  return reasons[String(error.code)] ?? error.message;
}

/** Puts the names in a folder on disk, where the system lets one. */
async function syncFolder(path: string): Promise<void> {
  let folder: FileHandle | undefined;
  try {
    folder = await open(path);
    await folder.sync();
  } catch (error) {
    if (!unsyncable.includes((error as NodeJS.ErrnoException).code)) throw error;
  } finally {
    await folder?.close();
  }
}

/** The file system's failure in one sentence; undefined for another error. */
function failure(path: string, error: unknown): FileError | undefined {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return undefined;
  return new FileError(`cannot write ${path}: ${writeReason(error)}`, { cause: error });
}
