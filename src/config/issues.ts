import type { z } from "zod";
import { didYouMean, type Problem } from "../diagnostics.ts";
import { notList, notMapping, notSingle, type Said, unknownKey } from "../yaml/words.ts";
import { keyOf, type Path, type SettingsDocument } from "./document.ts";
import { type Field, fields, keysAt, placeIn } from "./fields.ts";

/** The schema's issues, each with its place and what to do about it. */
export function problemsOf(issues: readonly z.core.$ZodIssue[], document: SettingsDocument): Problem[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => strangeKey([...path, key], document));
    const said = wrongShape(issue, path, document) ?? {
      message: messageOf(issue, path, document),
      hint: hintOf(issue, path, document),
    };
    return [{ ...document.placeOf(path), ...said }];
  });
}

function strangeKey(path: Path, document: SettingsDocument): Problem {
  const known = keysAt(path.slice(0, -1));
  const place = document.placeOfKey(path);
  const group = keyOf(path.slice(0, -1));
  const name = String(path.at(-1));
  if (!document.isKeyShown(path)) {
    const hint = `Write \`key: value\`, with a space after the colon. The keys here are ${known.join(", ")}.`;
    return { ...place, message: `${group} has an entry that is not a key with a value`, hint };
  }
  const said = unknownKey(name, group, known);
  const secrets = fields.filter((field) => field.secret);
  const meant = didYouMean(name, [...known, ...secrets.map(lastStep)]);
  const secret = secrets.find((field) => lastStep(field) === meant);
  return { ...place, ...said, ...(secret && { hint: outsideOfFile(secret) }) };
}

function lastStep({ path }: Field): string {
  return path.at(-1) ?? "";
}

/** What to do with a secret that was put in the file. */
export function outsideOfFile({ env, key }: Field): string {
  return `Set the environment variable ${env}, or put it in a separate file and name that in ${key}_file.`;
}

/** A mapping, list or text instead of another of these. */
function wrongShape(issue: z.core.$ZodIssue, path: Path, document: SettingsDocument): Said | undefined {
  const said = document.get(path);
  if (said === undefined) return undefined;
  const what = keyOf(path);
  if (issue.code === "invalid_value") return typeof said === "object" ? notSingle(what) : undefined;
  if (issue.code !== "invalid_type") return undefined;
  if (issue.expected === "object") return notMapping(what);
  return issue.expected === "array" ? notList(what) : notSingle(what);
}

function messageOf(issue: z.core.$ZodIssue, path: Path, document: SettingsDocument): string {
  const typed = issue.code === "invalid_type" || issue.code === "invalid_value";
  if (typed && document.get(path) === undefined) return `${keyOf(path)} is missing`;
  return `${keyOf(path)} ${issue.message}`;
}

function hintOf(issue: z.core.$ZodIssue, path: Path, document: SettingsDocument): string {
  const said = document.get(path);
  if (issue.code === "invalid_value" && typeof said === "string") {
    const meant = didYouMean(said, issue.values.map(String));
    if (meant !== undefined) return `Did you mean \`${meant}\`?`;
  }
  const wanted = placeIn(path);
  // Entries of a list of texts have no description of their own; use the list's.
  for (let depth = wanted.length; depth > 0; depth--) {
    const own = wanted.slice(0, depth).join(".");
    const field = fields.find((candidate) => candidate.path.join(".") === own);
    if (field !== undefined) return `${field.key}: ${field.about}.`;
  }
  return `The keys here are ${keysAt(path).join(", ")}.`;
}
