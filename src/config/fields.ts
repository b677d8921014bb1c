import { z } from "zod";
import { fileSchema } from "./schema.ts";
import { type SettingDoc, settingDocs } from "./values.ts";

/** One setting, or one group or list of settings, with every name it goes by. */
export interface Field extends SettingDoc {
  /** Where it stands in a file; `*` stands for each entry of a list. */
  readonly path: readonly string[];
  /** The path as one writes it: `ssl.ca_file`, `topics[].format`. */
  readonly key: string;
  /** Its environment variable; undefined where a list in a file is the only way to say it. */
  readonly env: string | undefined;
  /** True when flag and variable take several values, with commas between them. */
  readonly list: boolean;
  /** The default as it would stand in a file: text, a list of texts, or the list of topics. */
  readonly default: unknown;
}

/**
 * All settings in the order of the schema: the one table behind flags, variables, `check` and the reference.
 *
 * A variable is `DLR_` and the key in capitals. What can be said of each topic applies to all topics when it
 * is said by flag or variable, so `topics[].format` is `DLR_FORMAT`.
 */
export const fields: readonly Field[] = [...walk(fileSchema, [])];

/** The configuration file itself: it has a flag and a variable, but no key. */
export const configFile = {
  flag: { name: "config", value: "FILE" },
  env: "DLR_CONFIG",
  about: "The configuration file, YAML",
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
  const wanted = path.map((step) => (typeof step === "number" ? "*" : step)).join(".");
  return fields
    .filter((field) => field.path.slice(0, -1).join(".") === wanted && field.path.at(-1) !== "*")
    .filter((field) => !field.secret)
    .map((field) => field.path.at(-1) ?? "");
}

function* walk(schema: z.ZodType, path: readonly string[]): Generator<Field> {
  const doc = settingDocs.get(schema);
  const inner = unwrap(schema);
  if (doc !== undefined) {
    yield {
      ...doc,
      path,
      key: path.join(".").replaceAll(".*", "[]"),
      env: variableOf(path),
      list: inner instanceof z.ZodArray,
      default: schema instanceof z.ZodPrefault ? schema.def.defaultValue : undefined,
    };
  }
  if (inner instanceof z.ZodArray) yield* walk(inner.element as z.ZodType, [...path, "*"]);
  if (inner instanceof z.ZodObject) {
    for (const [key, child] of Object.entries(inner.shape)) yield* walk(child as z.ZodType, [...path, key]);
  }
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault) {
    return unwrap(schema.unwrap() as z.ZodType);
  }
  return schema instanceof z.ZodPipe ? unwrap(schema.in as z.ZodType) : schema;
}

function variableOf(path: readonly string[]): string | undefined {
  const inTopic = path[0] === "topics" && path[1] === "*";
  const own = inTopic ? path.slice(2) : path;
  if (inTopic && (own.length !== 1 || own[0] === "topic" || own[0] === "json")) return undefined;
  return `DLR_${own.join("_").toUpperCase()}`;
}
