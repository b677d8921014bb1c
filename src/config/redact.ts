import { isMap, isPair, isSeq, type Pair, visit } from "yaml";
import { didYouMean } from "../diagnostics.ts";
import { looksSecret } from "../schema/values.ts";
import type { ReadYaml } from "../yaml/read.ts";
import {
  hiddenBehind,
  type Redact,
  redactTokens,
  type ShownLine,
  type Token,
  whole,
} from "../yaml/redact.ts";
import { fields, placeIn } from "./fields.ts";

/**
 * Redacts a configuration file, which may contain secrets: shows only the values of known settings that are not
 * secret, and no comments. Secrets mostly end up in the wrong place by mistake, and mistakes are what is shown here.
 *
 * @param read the file as parsed, unchanged
 */
export function redactSettings({ document, syntax, limits }: ReadYaml): Redact {
  const isMapping = document.contents === null || isMap(document.contents);
  // nothing is certain about a file that is not YAML
  if (syntax.length > 0 || limits.length > 0 || !isMapping) return brokenLine;
  const tokens: Token[] = [];
  visit(document, {
    Scalar: (at, { range, value }, ancestors) => {
      const pair = ancestors.at(-1);
      const shown =
        at === "key"
          ? isPair(pair) && isPlainKey(pair) && isGroup(pathOf(ancestors.slice(0, -1)))
          : isShown(pathOf(ancestors)) && !looksSecret(String(value));
      if (range) tokens.push({ start: range[0], end: range[1], shown });
    },
  });
  return redactTokens(tokens);
}

/**
 * Whether a key really is one: without the space after a colon, or without the key itself, a value parses as a key
 * without a value.
 */
export function isPlainKey({ key, value }: Pair): boolean {
  return value !== null && /^[\w-]+$/.test(String(key));
}

/** The field path of a value: `*` for each entry of a list. */
function pathOf(ancestors: readonly unknown[]): readonly string[] {
  const path = ancestors.flatMap((ancestor) => {
    if (isSeq(ancestor)) return "*";
    return isPair(ancestor) ? String(ancestor.key) : [];
  });
  return placeIn(path);
}

/** Whether the text at a path is a setting's value that may be shown. */
function isShown(path: readonly string[]): boolean {
  const own = path.join(".");
  const field = fields.find(
    (candidate) =>
      candidate.path.join(".") === own || (candidate.list && `${candidate.path.join(".")}.*` === own),
  );
  // text instead of a group or a list of groups may be anything, and instead of a secret's file it may be the secret
  return (
    field !== undefined &&
    !field.secret &&
    !field.hidden &&
    !field.confidential &&
    (field.text || !isGroup(path))
  );
}

function isGroup(path: readonly string[]): boolean {
  return fields.some((field) => field.path.join(".").startsWith([...path, ""].join(".")));
}

const names = [...new Set(fields.flatMap(({ path }) => path))];

/** A line of a file that does not parse: its key if it may be one, and a simple value after it. */
function brokenLine(line: string): ShownLine {
  const [, lead = "", key = "", value = ""] = /^([\s-]*)(?:([\w-]+\s*:)(?:\s+|$)(.*))?/.exec(line) ?? [];
  const name = key.replace(/\s*:$/, "");
  const keys = fields.filter(({ path }) => path.at(-1) === name);
  const plain = keys.some(({ path }) => isShown(path)) && /^[\w.+-]*$/.test(value) && !looksSecret(value);
  if (plain || line.trim() === "") return whole(line);
  const keyShown = keys.length > 0 || didYouMean(name, names) !== undefined;
  return hiddenBehind(`${lead}${keyShown ? `${key} ` : ""}`);
}
