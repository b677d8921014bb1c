import type { z } from "zod";
import { didYouMean, type Problem } from "../diagnostics.ts";
import type { Path, SettingsDocument } from "./document.ts";
import { type Field, fields, keysAt } from "./fields.ts";

/** What the schema finds wrong, each with the place where it was said and what to do about it. */
export function problemsOf(issues: readonly z.core.$ZodIssue[], document: SettingsDocument): Problem[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => unknownKey([...path, key], document));
    return [
      {
        ...document.placeOf(path),
        message: messageOf(issue, path, document),
        hint: hintOf(issue, path, document),
      },
    ];
  });
}

/** A path as one writes it: `topics[0].format`. */
export function keyOf(path: Path): string {
  return path.reduce<string>((key, step) => {
    if (typeof step === "number") return `${key}[${step}]`;
    return key === "" ? step : `${key}.${step}`;
  }, "");
}

function unknownKey(path: Path, document: SettingsDocument): Problem {
  const known = keysAt(path.slice(0, -1));
  const place = document.placeOfKey(path);
  const name = String(path.at(-1));
  if (!document.isKeyShown(path)) {
    const group = keyOf(path.slice(0, -1)) || "the file";
    const hint = `Write \`key: value\`, with a blank behind the colon. The keys here are ${known.join(", ")}.`;
    return { ...place, message: `${group} has something in it that is no key with a value`, hint };
  }
  const message = `${keyOf(path)} is not a setting`;
  const secrets = fields.filter((field) => field.secret);
  const meant = didYouMean(name, [...known, ...secrets.map(lastStep)]);
  const secret = secrets.find((field) => lastStep(field) === meant);
  if (secret !== undefined) return { ...place, message, hint: outsideOfFile(secret) };
  const hint = meant === undefined ? `The keys here are ${known.join(", ")}.` : `Did you mean \`${meant}\`?`;
  return { ...place, message, hint };
}

function lastStep({ path }: Field): string {
  return path.at(-1) ?? "";
}

/** What to do with a secret that was about to stand in the file. */
export function outsideOfFile({ env, key }: Field): string {
  return `Set the environment variable ${env}, or put it in a file of its own and name that in ${key}_file.`;
}

function messageOf(issue: z.core.$ZodIssue, path: Path, document: SettingsDocument): string {
  const key = path.length === 0 ? "the file" : keyOf(path);
  const typed = issue.code === "invalid_type" || issue.code === "invalid_value";
  if (typed && document.get(path) === undefined) return `${key} is missing`;
  if (issue.code !== "invalid_type") return `${key} ${issue.message}`;
  const kinds: Record<string, string> = { object: "a mapping of keys", array: "a list", string: "text" };
  return `${key} must be ${kinds[issue.expected] ?? issue.expected}`;
}

function hintOf(issue: z.core.$ZodIssue, path: Path, document: SettingsDocument): string {
  const said = document.get(path);
  if (issue.code === "invalid_value" && typeof said === "string") {
    const meant = didYouMean(said, issue.values.map(String));
    if (meant !== undefined) return `Did you mean \`${meant}\`?`;
  }
  const wanted = path.map((step) => (typeof step === "number" ? "*" : step));
  // An entry of a list of texts has no description of its own: the list's serves.
  for (let depth = wanted.length; depth > 0; depth--) {
    const own = wanted.slice(0, depth).join(".");
    const field = fields.find((candidate) => candidate.path.join(".") === own);
    if (field !== undefined) return `${field.key}: ${field.about}.`;
  }
  return `The keys here are ${keysAt(path).join(", ")}.`;
}
