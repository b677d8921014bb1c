import { z } from "zod";
import { mustNotBeEmpty } from "../yaml/words.ts";

/** A setting's metadata besides type and default; see {@link settingDocs}. */
export interface SettingDoc {
  /** What it does, in one line of plain text. */
  readonly about: string;
  /** Its flag without the dashes, and the placeholder of its value in help texts. */
  readonly flag?: { readonly name: string; readonly value: string };
  /** A file: in a configuration file the path is relative to that file's folder. */
  readonly file?: true;
  /** The file should be readable by its owner only. */
  readonly confidential?: true;
  /** Never shown, and not allowed in a file. */
  readonly secret?: true;
  /** Never shown: it may contain a login. */
  readonly hidden?: true;
  /** A list whose entries may contain commas: a flag adds one, and so does each line of a variable. */
  readonly whole?: true;
  /** What omitting it means, if the default does not say it best. */
  readonly absent?: string;
}

/** The metadata of each setting. The names of environment variables are derived from the keys: see `fields.ts`. */
export const settingDocs = z.registry<SettingDoc>();

/** Additions to a value's JSON Schema that its type does not imply; see `json-schema.ts`. */
export const jsonParts = z.registry<Readonly<Record<string, unknown>>>();

/** An error message for zod: `must be …, not …`. Values other than text are reported differently: see `issues.ts`. */
export function must(be: string): { error: (issue: { input?: unknown }) => string } {
  return { error: ({ input }) => `must be ${be}, not ${quoted(String(input))}` };
}

/**
 * A text that must pass a test.
 *
 * @param problemOf what the text must be, to follow "must be"; undefined if it is valid
 */
export function textThat(problemOf: (value: string) => string | undefined) {
  return text().superRefine((value, context) => {
    const be = problemOf(value);
    if (be !== undefined)
      context.addIssue({ code: "custom", message: `must be ${be}, not ${quoted(value)}` });
  });
}

/** Whether a text for a harmless setting contains a login or a key. */
export function looksSecret(value: string): boolean {
  return /:[^\s@]*@|-----BEGIN/.test(value);
}

function quoted(value: string): string {
  return `\`${looksSecret(value) ? "(hidden)" : value}\``;
}

/**
 * Any non-empty text.
 *
 * Flags and the environment are text, and so is the file (parsed with YAML's failsafe schema, which keeps `002` and
 * `no` as they are): a setting is parsed in the same way whatever its source.
 */
export function text() {
  return z.string().min(1, { error: mustNotBeEmpty, abort: true });
}

/** The entry schemas of lists that may be a single entry. */
const entries = new WeakMap<z.ZodType, z.ZodType>();

/** A list that may also be written as a single entry. */
export function oneOrMore<T extends z.ZodType>(entry: T) {
  const list = z.array(entry);
  const schema = z.unknown().transform((value, context): z.output<T>[] => {
    const read = list.safeParse(Array.isArray(value) ? value : [value]);
    if (read.success) return read.data;
    for (const issue of read.error.issues) {
      const path = Array.isArray(value) ? issue.path : issue.path.slice(1);
      context.issues.push({ ...issue, path, input: value } as z.core.$ZodRawIssue);
    }
    // An unknown key alone does not stop zod from using what is returned here.
    return [];
  });
  entries.set(schema, entry);
  return schema;
}

/** The entry schema of a list made by {@link oneOrMore}; undefined for other schemas. */
export function entryOf(schema: z.ZodType): z.ZodType | undefined {
  return entries.get(schema);
}

/** The mappings that may be written as the text of their `at`. */
const mappings = new WeakMap<z.ZodType, z.ZodType>();

/** A mapping that may also be written as just its `at`. */
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

/** The mapping of a schema made by {@link orAt}; undefined for other schemas. */
export function mappingOf(schema: z.ZodType): z.ZodType | undefined {
  return mappings.get(schema);
}

/** One of a closed set of words. */
export function oneOf<const T extends readonly string[]>(words: T) {
  return z.enum(words, must(`one of ${words.join(", ")}`));
}

/** Decimal digits for an integer from `min` to `max`. */
export function integer(min: number, max: number) {
  return text()
    .refine(
      (value) => /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max,
      must(`a whole number from ${min} to ${max}`),
    )
    .transform(Number)
    .register(jsonParts, { type: ["integer", "string"], minimum: min, maximum: max, pattern: "^\\d{1,9}$" });
}
