import { z } from "zod";
import { entryOf, mappingOf, type SettingDoc, settingDocs } from "../schema/values.ts";
import { fileSchema } from "./schema.ts";

/** One setting, or one group or list of settings, with every name it goes by. */
export interface Field extends SettingDoc {
  /** Where it stands in a file; `*` stands for each entry of a list, `<name>` for each key that is chosen freely. */
  readonly path: readonly string[];
  /** The path as one writes it: `ssl.ca_file`, `topics[].format`. */
  readonly key: string;
  /** Its environment variable; undefined where a list in a file is the only way to say it. */
  readonly env: string | undefined;
  /** True when flag and variable take several values, with commas between them. */
  readonly list: boolean;
  /** True for a list of which one entry may stand alone in the file. */
  readonly single: boolean;
  /** True for a mapping, or a list of them, in whose place a text may stand. */
  readonly text: boolean;
  /** The default as it would stand in a file: text, a list of texts, or the list of topics. */
  readonly default: unknown;
}

/** Stands for a key that whoever writes the file chooses. */
export const anyName = "<name>";

/** What of a topic no variable says. */
const onlyInFile: readonly string[] = ["topic", "pattern", "json", "dimensions", "duplicates"];

/**
 * All settings in the order of the schema: the one table behind flags, variables, `check` and the reference.
 *
 * A variable is `DLR_` and the key in capitals. What can be said of each topic applies to all topics when it
 * is said by flag or variable, so `topics[].format` is `DLR_FORMAT`.
 */
export const fields: readonly Field[] = [...walk(fileSchema, [])];

/** The mappings whose keys are chosen freely. */
const named: ReadonlySet<string> = new Set(
  fields.flatMap(({ path }) =>
    path.flatMap((step, at) => (step === anyName ? path.slice(0, at).join(".") : [])),
  ),
);

/** The lists of which one entry may stand alone. */
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

/** The flags that say how the servers are reached that a replay sends to. */
export const targetFlags: readonly SettingFlag[] = flagsOf(fields.filter(isOfTarget));

/** The flags of all other settings, and the file's. */
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

/** The keys that may stand at a place of a file, so no secret; empty where no mapping belongs. */
export function keysAt(path: readonly (string | number)[]): readonly string[] {
  const wanted = placeIn(path).join(".");
  return fields
    .filter((field) => field.path.slice(0, -1).join(".") === wanted)
    .filter((field) => field.path.at(-1) !== "*" && field.path.at(-1) !== anyName)
    .filter((field) => !field.secret)
    .map((field) => field.path.at(-1) ?? "");
}

/**
 * A path of a file as fields have it: `*` for each entry of a list, nothing for one that could stand alone, `<name>` for
 * a key that was chosen freely.
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
