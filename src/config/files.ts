import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { z } from "zod";
import { largestSetting } from "../bounds.ts";
import { looksSecret, text } from "../schema/values.ts";

/** Reads the file at a path: UTF-8, without byte order mark. */
export const fileText = textOfFile(() => true);

/** The same for a file with a secret. The path of a missing file may be the secret itself, and is not shown. */
export const secretFileText = textOfFile(existsSync);

/** @param isShown whether an unreadable path may be shown */
function textOfFile(isShown: (path: string) => boolean) {
  return text().transform((path, context) => {
    if (looksSecret(path)) {
      context.addIssue({ code: "custom", message: "must be the path of a file, not its content" });
      return z.NEVER;
    }
    try {
      return readText(path);
    } catch (error) {
      const name = isShown(path) ? path : "(hidden)";
      const message = `names a file that can't be read: ${name} (${reasonOf(error)})`;
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    }
  });
}

/** A settings file, or one that it names, exceeds {@link largestSetting}. */
class FileTooLargeError extends Error {
  override readonly name = "FileTooLargeError";
}

/**
 * A file's text, without byte order mark.
 *
 * @throws Error when it can't be read, is not UTF-8 or exceeds {@link largestSetting}; {@link reasonOf} says why
 */
export function readText(path: string): string {
  const file = openSync(path, "r");
  try {
    // Not by its size: only regular files have one.
    const bytes = Buffer.alloc(largestSetting + 1);
    let length = 0;
    for (let read = 1; read > 0 && length < bytes.length; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, null);
    }
    if (length > largestSetting) throw new FileTooLargeError();
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length));
  } finally {
    closeSync(file);
  }
}

/** Why a file could not be read, such as `ENOENT`. */
export function reasonOf(error: unknown): string {
  if (error instanceof FileTooLargeError) return `it has more than ${largestSetting / 1024 / 1024} MiB`;
  if (!(error instanceof Error) || !("code" in error)) return String(error);
  return error.code === "ERR_ENCODING_INVALID_ENCODED_DATA" ? "it is not UTF-8" : String(error.code);
}
