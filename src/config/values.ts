import { readFileSync } from "node:fs";
import { z } from "zod";
import { mustNotBeEmpty } from "../yaml/words.ts";

/** What the schema says of a setting beside its type and default; see {@link settingDocs}. */
export interface SettingDoc {
  /** What it does, in one line of plain text. */
  readonly about: string;
  /** Its flag without the dashes, and the word that stands for the value in help texts. */
  readonly flag?: { readonly name: string; readonly value: string };
  /** It names a file: a path in a configuration file is relative to that file's folder. */
  readonly file?: true;
  /** The file that it names should be for its owner alone. */
  readonly confidential?: true;
  /** Never shown, and refused in a file. */
  readonly secret?: true;
  /** Never shown: a login may be in it. */
  readonly hidden?: true;
  /** A list whose entries may have commas in them: a flag gives one, and each line of a variable one. */
  readonly whole?: true;
  /** What it means to leave it out, where the default does not say it best. */
  readonly absent?: string;
}

/** The description of each setting. The names of environment variables follow from the keys: see `fields.ts`. */
export const settingDocs = z.registry<SettingDoc>();

/** An error message for zod: `must be …, not …`. What is no text is told in other words: see `issues.ts`. */
export function must(be: string): { error: (issue: { input?: unknown }) => string } {
  return { error: ({ input }) => `must be ${be}, not ${quoted(String(input))}` };
}

/**
 * A text that has to pass a test.
 *
 * @param problemOf what the text must be, to stand behind "must be"; undefined for one that is good
 */
export function textThat(problemOf: (value: string) => string | undefined) {
  return text().superRefine((value, context) => {
    const be = problemOf(value);
    if (be !== undefined)
      context.addIssue({ code: "custom", message: `must be ${be}, not ${quoted(value)}` });
  });
}

/** Whether a text that was given for something harmless holds a login or a key. */
export function looksSecret(value: string): boolean {
  return /:[^\s@]*@|-----BEGIN/.test(value);
}

function quoted(value: string): string {
  return `\`${looksSecret(value) ? "(hidden)" : value}\``;
}

/**
 * Any text but the empty one.
 *
 * Flags and the environment give text, and so does the file (it is read by YAML's failsafe schema, in which
 * `002` and `no` stay what they are): a setting is read one way, whatever its source.
 */
export function text() {
  return z.string().min(1, { error: mustNotBeEmpty, abort: true });
}

/** One of a closed set of words. */
export function oneOf<const T extends readonly string[]>(words: T) {
  return z.enum(words, must(`one of ${words.join(", ")}`));
}

/** Decimal digits for a number from `min` to `max`. */
export function integer(min: number, max: number) {
  return text()
    .refine(
      (value) => /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max,
      must(`a whole number from ${min} to ${max}`),
    )
    .transform(Number);
}

/** A file's path, read as what the file holds: UTF-8, given without byte order mark. */
export const fileText = text().transform((path, context) => {
  if (looksSecret(path)) {
    context.addIssue({ code: "custom", message: "must be the path of a file, not what the file holds" });
    return z.NEVER;
  }
  try {
    return readText(path);
  } catch (error) {
    const message = `names a file that cannot be read: ${path} (${reasonOf(error)})`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  }
});

/**
 * What a file holds, without byte order mark.
 *
 * @throws Error when it can't be read or is not UTF-8; {@link reasonOf} says why
 */
export function readText(path: string): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
}

/** Why a file could not be read, such as `ENOENT`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error) || !("code" in error)) return String(error);
  return error.code === "ERR_ENCODING_INVALID_ENCODED_DATA" ? "it is not UTF-8" : String(error.code);
}
