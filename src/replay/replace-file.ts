import { randomBytes } from "node:crypto";
import { type FileHandle, open, realpath, rename, stat, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** A file can't be written; the message is for the operator. */
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

/**
 * Error codes of folders that can't be synced: opening them is not permitted, or the file system does not support it.
 */
const unsyncable: readonly unknown[] = ["EACCES", "EPERM", "EISDIR", "EINVAL", "ENOTSUP"];

/**
 * Writes a file atomically: the content goes to `<path>.<random>.partial`, which is renamed when all of it is on
 * disk, and removed on failure. Until then an earlier file of that name is unchanged. When it returns, file and name
 * survive a power failure. Links are followed.
 *
 * @param content chunks, produced as fast as the disk takes them
 * @throws FileError when it can't be written, an AbortError after the signal, and what the content throws
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
 * Checks whether {@link replaceFile} could start there, and leaves everything as it was.
 *
 * @throws FileError like {@link replaceFile}
 */
export async function tryFile(path: string): Promise<void> {
  await withPartial(path, async (partial) => {
    await writeFile(partial, "", { flag: "wx" });
    await unlink(partial);
  });
}

/**
 * Works on a partial file next to one that it may replace, and removes it on failure.
 *
 * @param work is given the name of the partial file, and of the other, with links resolved
 * @throws FileError
 */
async function withPartial(
  path: string,
  work: (partial: string, file: string) => Promise<void>,
): Promise<void> {
  const file = await realpath(path).catch(() => path);
  const partial = `${file}.${randomBytes(4).toString("hex")}.partial`;
  try {
    // Renaming over a device or a pipe would replace it by a file.
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile() === false) throw new FileError(`cannot write ${path}: not a regular file`);
    await work(partial, file);
  } catch (error) {
    // If it could not even be created, there is nothing to remove; report the first failure.
    await unlink(partial).catch(() => undefined);
    throw failure(path, error) ?? error;
  }
}

/** Why something can't be written, in words for operators. */
export function writeReason(error: Error & { readonly code?: unknown }): string {
  return reasons[String(error.code)] ?? error.message;
}

/** Syncs a folder's entries to disk, if the system permits it. */
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

/** A file system failure in one sentence; undefined for other errors. */
function failure(path: string, error: unknown): FileError | undefined {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return undefined;
  return new FileError(`cannot write ${path}: ${writeReason(error)}`, { cause: error });
}
