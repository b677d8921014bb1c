import { readFileSync } from "node:fs";
import { z } from "zod";

/** What the schema says of a setting beside its type and default; see {@link settingDocs}. */
export interface SettingDoc {
  /** What it does, in one line of plain text. */
  readonly about: string;
  /** Its flag without the dashes, and the word that stands for the value in help texts. */
  readonly flag?: { readonly name: string; readonly value: string };
  /** It names a file: a path in a configuration file is relative to that file's folder. */
  readonly file?: true;
  /** Never shown, and refused in a file. */
  readonly secret?: true;
  /** What it means to leave it out, where the default does not say it best. */
  readonly absent?: string;
}

/** The description of each setting. The names of environment variables follow from the keys: see `fields.ts`. */
export const settingDocs = z.registry<SettingDoc>();

/** An error message for zod: `must be …, not …`. */
export function must(be: string): { error: (issue: { input?: unknown }) => string } {
  return {
    error: ({ input }) => {
      const found = typeof input === "string" ? `\`${input}\`` : "a list or mapping";
      return `must be ${be}, not ${found}`;
    },
  };
}

/**
 * Any text but the empty one.
 *
 * Flags and the environment give text, and so does the file (it is read by YAML's failsafe schema, in which
 * `002` and `no` stay what they are): a setting is read one way, whatever its source.
 */
export function text() {
  return z.string().min(1, { error: "must not be empty", abort: true });
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

/** A file's path, read as what the file holds (UTF-8). */
export const fileText = text().transform((path, context) => {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const message = `names a file that cannot be read: ${path} (${reasonOf(error)})`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  }
});

/** Why a file could not be read, such as `ENOENT`. */
export function reasonOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
