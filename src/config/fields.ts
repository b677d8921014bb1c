import { z } from "zod";
import { entryOf, mappingOf, type SettingDoc, settingDocs } from "../schema/values.ts";
import { fileSchema } from "./schema.ts";

/** A setting, or a group or list of settings, with all its names. */
export interface Field extends SettingDoc {
  /** Its path in a file; `*` stands for each entry of a list, `<name>` for each free key. */
  readonly path: readonly string[];
  /** The path as users write it: `ssl.ca_file`, `topics[].format`. */
  readonly key: string;
  /** Its environment variable; undefined if it can only be set in a file. */
  readonly env: string | undefined;
  /** True when flag and variable take several values, separated by commas. */
  readonly list: boolean;
  /** True for a list that may be a single entry in the file. */
  readonly single: boolean;
  /** True for a mapping, or a list of them, that may also be a text. */
  readonly text: boolean;
  /** The default as in a file: text, a list of texts, or the list of topics. */
  readonly default: unknown;
}

/** Placeholder for a key that the user chooses. */
export const anyName = "<name>";

/** Topic settings without variables. */
const onlyInFile: readonly string[] = ["topic", "pattern", "json", "dimensions", "duplicates"];

/**
 * All settings in the order of the schema: the single source of flags, variables, `check` and the reference.
 *
 * A variable is `DLR_` and the key in capitals. Topic settings given by flag or variable apply to all topics, so
 * `topics[].format` is `DLR_FORMAT`.
 */
export const fields: readonly Field[] = [...walk(fileSchema, [])];

/** The mappings with free keys. */
const named: ReadonlySet<string> = new Set(
  fields.flatMap(({ path }) =>
    path.flatMap((step, at) => (step === anyName ? path.slice(0, at).join(".") : [])),
  ),
);

/** The lists that may be a single entry. */
const standAlone: ReadonlySet<string> = new Set(
  fields.flatMap(({ path, single }) => (single ? [path.join(".")] : [])),
);

/** The configuration file itself: it has a flag and a variable, but no key. */
export const configFile = {
  flag: { name: "config", value: "FILE" },
  env: "DLR_CONFIG",
  about: "Configuration file (YAML)",
} as const;

interface SettingFlag {
  readonly name: string;
  readonly value: string;
  readonly about: string;
  readonly list: boolean;
}

/** The flags for the servers that a replay sends to. */
export const targetFlags: readonly SettingFlag[] = flagsOf(fields.filter(isOfTarget));

/** The flags of all other settings, and of the file. */
export const settingFlags: readonly SettingFlag[] = [
  { ...configFile.flag, about: configFile.about, list: false },
  ...flagsOf(fields.filter((field) => !isOfTarget(field))),
];

function isOfTarget({ path }: Field): boolean {
  return path[0] === "target";
}

function flagsOf(some: readonly Field[]): SettingFlag[] {
  return some.flatMap(({ flag, about, list }) => (flag === undefined ? [] : [{ ...flag, about, list }]));
}

/** The valid keys at a place of a file, which are never secret; empty if no mapping belongs there. */
export function keysAt(path: readonly (string | number)[]): readonly string[] {
  const wanted = placeIn(path).join(".");
  return fields
    .filter((field) => field.path.slice(0, -1).join(".") === wanted)
    .filter((field) => field.path.at(-1) !== "*" && field.path.at(-1) !== anyName)
    .filter((field) => !field.secret)
    .map((field) => field.path.at(-1) ?? "");
}

/**
 * Converts a path in a file to a field's path: `*` for each entry of a list, nothing for a single entry, `<name>` for
 * a free key.
 */
export function placeIn(path: readonly (string | number)[]): readonly string[] {
  const place: string[] = [];
  for (const step of path) {
    if (typeof step === "string") place.push(named.has(place.join(".")) ? anyName : step);
    else if (!standAlone.has(place.join("."))) place.push("*");
  }
  return place;
}

function* walk(schema: z.ZodType, path: readonly string[]): Generator<Field> {
  const doc = settingDocs.get(schema);
  const inner = unwrap(schema);
  const entry = entryOf(inner);
  if (doc !== undefined) {
    yield {
      ...doc,
      path,
      key: path.join(".").replaceAll(".*", "[]"),
      env: variableOf(path),
      list: inner instanceof z.ZodArray || entry !== undefined,
      single: entry !== undefined,
      text: mappingOf(entry ?? inner) !== undefined,
      default: schema instanceof z.ZodPrefault ? schema.def.defaultValue : undefined,
    };
  }
  if (entry !== undefined) yield* walk(entry, path);
  const mapping = mappingOf(inner);
  if (mapping !== undefined) yield* walk(mapping, path);
  if (inner instanceof z.ZodRecord) yield* walk(inner.valueType as z.ZodType, [...path, anyName]);
  if (inner instanceof z.ZodArray) yield* walk(inner.element as z.ZodType, [...path, "*"]);
  if (inner instanceof z.ZodObject) {
    for (const [key, child] of Object.entries(inner.shape)) yield* walk(child as z.ZodType, [...path, key]);
  }
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault) {
    return unwrap(schema.unwrap() as z.ZodType);
  }
  if (entryOf(schema) !== undefined || mappingOf(schema) !== undefined) return schema;
  return schema instanceof z.ZodPipe ? unwrap(schema.in as z.ZodType) : schema;
}

function variableOf(path: readonly string[]): string | undefined {
  const inTopic = path[0] === "topics" && path[1] === "*";
  const own = inTopic ? path.slice(2) : path;
  if (inTopic && (own.length !== 1 || onlyInFile.includes(own[0] ?? ""))) return undefined;
  return `DLR_${own.join("_").toUpperCase()}`;
}
