import { z } from "zod";
import { notList, notMapping, notSingle, type Said, suggestion, unknownKey } from "../yaml/words.ts";
import { entryOf, mappingOf, settingDocs } from "./values.ts";

/** What is wrong at a path of something that a schema reads. */
interface Told extends Said {
  readonly path: readonly PropertyKey[];
  /** The last step's key is wrong, and not what stands under it. */
  readonly ofKey: boolean;
}

/** Something that was read by a schema. */
interface Read {
  readonly schema: z.ZodType;
  readonly value: unknown;
  /** What it is, for messages. */
  readonly what: string;
}

/** What a schema found wrong, for people. What is misspelt is not missing as well. */
export function issuesInWords(issues: readonly z.core.$ZodIssue[], read: Read): Told[] {
  const misspelt = issues.flatMap(({ code, path }) => (code === "unrecognized_keys" ? inWords(path) : []));
  return issues
    .flatMap((issue) => issueInWords(issue, read))
    .filter(({ path, ofKey }) => ofKey || !misspelt.includes(inWords(path)));
}

/** @returns one thing for each key that is not known, and for any other issue */
function issueInWords(issue: z.core.$ZodIssue, { schema, value, what }: Read): Told[] {
  const { path } = issue;
  const name = (steps: readonly PropertyKey[]) => (steps.length === 0 ? what : inWords(steps));
  const { keys, about } = schemaAt(schema, path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...path, key],
      ofKey: true,
      ...unknownKey(key, name(path), keys),
    }));
  }
  if (issue.code === "invalid_type" && at(value, path) === undefined) {
    const group = path.slice(0, -1);
    const key = String(path.at(-1));
    return [
      {
        path: group,
        ofKey: false,
        message: `${name(group)} lacks "${key}"`,
        hint: `Add \`${key}:\`: ${about}.`,
      },
    ];
  }
  if (issue.code === "invalid_type") {
    const said = issue.expected === "object" ? notMapping : issue.expected === "array" ? notList : notSingle;
    return [{ path, ofKey: false, ...said(name(path)) }];
  }
  const said = String(at(value, path));
  const hint = issue.code === "invalid_value" ? suggestion(said, issue.values.map(String)) : `${about}.`;
  return [{ path, ofKey: false, message: `${name(path)} ${issue.message}`, hint }];
}

/** A path as one writes it: `when[0].has`. */
function inWords(path: readonly PropertyKey[]): string {
  return path.reduce<string>((before, step) => {
    if (typeof step === "number") return `${before}[${step}]`;
    return before === "" ? String(step) : `${before}.${String(step)}`;
  }, "");
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inside, step) => {
    // Of a list of which one entry may stand alone, an issue's path has no place.
    return typeof inside === "object" && inside !== null
      ? (inside as Record<PropertyKey, unknown>)[step]
      : undefined;
  }, value);
}

/** The keys that may stand at a path, and what the setting there, or the nearest around it, is for. */
function schemaAt(
  schema: z.ZodType,
  path: readonly PropertyKey[],
  around = "",
): { keys: string[]; about: string } {
  const about = settingDocs.get(schema)?.about ?? around;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault)
    return schemaAt(schema.unwrap() as z.ZodType, path, about);
  const mapping = mappingOf(schema);
  if (mapping !== undefined) return schemaAt(mapping, path, about);
  const [step, ...rest] = path;
  const entry = entryOf(schema);
  if (entry !== undefined) return schemaAt(entry, typeof step === "number" ? rest : path, about);
  if (schema instanceof z.ZodPipe) return schemaAt(schema.in as z.ZodType, path, about);
  if (schema instanceof z.ZodArray && step !== undefined)
    return schemaAt(schema.element as z.ZodType, rest, about);
  if (!(schema instanceof z.ZodObject)) return { keys: [], about };
  if (step === undefined) return { keys: Object.keys(schema.shape), about };
  const child = (schema.shape as Record<PropertyKey, z.ZodType | undefined>)[step];
  return child === undefined ? { keys: [], about } : schemaAt(child, rest, about);
}
