import { z } from "zod";
import { notList, notMapping, notSingle, type Said, suggestion, unknownKey } from "../yaml/words.ts";
import { entryOf, mappingOf, settingDocs } from "./values.ts";

/** A problem at a path of the value that a schema parses. */
interface Told extends Said {
  readonly path: readonly PropertyKey[];
  /** The last step's key is wrong, rather than its value. */
  readonly ofKey: boolean;
}

/** The value that a schema parsed. */
interface Read {
  readonly schema: z.ZodType;
  readonly value: unknown;
  /** Its name, for messages. */
  readonly what: string;
}

/** A schema's issues, for people. A misspelt key is not reported as missing too. */
export function issuesInWords(issues: readonly z.core.$ZodIssue[], read: Read): Told[] {
  const misspelt = issues.flatMap(({ code, path }) => (code === "unrecognized_keys" ? inWords(path) : []));
  return issues
    .flatMap((issue) => issueInWords(issue, read))
    .filter(({ path, ofKey }) => ofKey || !misspelt.includes(inWords(path)));
}

/** @returns one problem for each unknown key, and one for any other issue */
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

/** A path as users write it: `when[0].has`. */
function inWords(path: readonly PropertyKey[]): string {
  return path.reduce<string>((before, step) => {
    if (typeof step === "number") return `${before}[${step}]`;
    return before === "" ? String(step) : `${before}.${String(step)}`;
  }, "");
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inside, step) => {
    // For a list that may be a single entry, an issue's path has no index.
    return typeof inside === "object" && inside !== null
      ? (inside as Record<PropertyKey, unknown>)[step]
      : undefined;
  }, value);
}

/** The valid keys at a path, and the description of the setting there, or of its nearest parent. */
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
