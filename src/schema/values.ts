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

/** What a JSON Schema says of a value beside what follows from its type; see `json-schema.ts`. */
export const jsonParts = z.registry<Readonly<Record<string, unknown>>>();

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

/** The entries of the lists of which one may stand alone. */
const entries = new WeakMap<z.ZodType, z.ZodType>();

/** A list of which one entry may stand alone, without being written as a list. */
export function oneOrMore<T extends z.ZodType>(entry: T) {
  const list = z.array(entry);
  const schema = z.unknown().transform((value, context): z.output<T>[] => {
    const read = list.safeParse(Array.isArray(value) ? value : [value]);
    if (read.success) return read.data;
    for (const issue of read.error.issues) {
      const path = Array.isArray(value) ? issue.path : issue.path.slice(1);
      context.issues.push({ ...issue, path, input: value } as z.core.$ZodRawIssue);
    }
    // An unknown key alone does not keep zod from going on with what is given here.
    return [];
  });
  entries.set(schema, entry);
  return schema;
}

/** One entry of a list that {@link oneOrMore} made; undefined for any other schema. */
export function entryOf(schema: z.ZodType): z.ZodType | undefined {
  return entries.get(schema);
}

/** The mappings in whose place the text of their `at` may stand alone. */
const mappings = new WeakMap<z.ZodType, z.ZodType>();

/** A mapping in whose place its `at` may stand alone. */
export function orAt<T extends z.ZodType>(mapping: T) {
  const schema = z.unknown().transform((value, context): z.output<T> => {
    const isText = typeof value === "string";
    const read = mapping.safeParse(isText ? { at: value } : value);
    if (read.success) return read.data;
    for (const issue of read.error.issues) {
      const path = isText ? issue.path.slice(1) : issue.path;
      context.issues.push({ ...issue, path, input: value } as z.core.$ZodRawIssue);
    }
    return z.NEVER;
  });
  mappings.set(schema, mapping);
  return schema;
}

/** The mapping that {@link orAt} made a schema of; undefined for any other schema. */
export function mappingOf(schema: z.ZodType): z.ZodType | undefined {
  return mappings.get(schema);
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
    .transform(Number)
    .register(jsonParts, { type: ["integer", "string"], minimum: min, maximum: max, pattern: "^\\d{1,9}$" });
}
