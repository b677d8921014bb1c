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
 * What may be shown of a configuration file, where secrets may stand: values where a setting is known and no secret,
 * and nowhere else; comments are left out. A secret most often gets into the wrong place by a slip, and slips are what
 * is shown here.
 *
 * @param read what was read of the file, with nothing changed in it
 */
export function redactSettings({ document, syntax, limits }: ReadYaml): Redact {
  const isMapping = document.contents === null || isMap(document.contents);
  // what is known of a file that is no YAML is guesswork
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
 * Whether a key is one at all: where the blank behind a colon was forgotten, or the key itself, a value is read as a
 * key without a value.
 */
export function isPlainKey({ key, value }: Pair): boolean {
  return value !== null && /^[\w-]+$/.test(String(key));
}

/** Where a value stands, as a field's path: `*` for each entry of a list. */
function pathOf(ancestors: readonly unknown[]): readonly string[] {
  const path = ancestors.flatMap((ancestor) => {
    if (isSeq(ancestor)) return "*";
    return isPair(ancestor) ? String(ancestor.key) : [];
  });
  return placeIn(path);
}

/** Whether a text at a path is the value of a setting that may be shown. */
function isShown(path: readonly string[]): boolean {
  const own = path.join(".");
  const field = fields.find(
    (candidate) =>
      candidate.path.join(".") === own || (candidate.list && `${candidate.path.join(".")}.*` === own),
  );
  // text where a group or a list of groups belongs may be anything, and what should be a secret's file the secret
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

/** A line of a file that can't be read: its key if it may be meant for one, and what follows if that is simple. */
function brokenLine(line: string): ShownLine {
  const [, lead = "", key = "", value = ""] = /^([\s-]*)(?:([\w-]+\s*:)(?:\s+|$)(.*))?/.exec(line) ?? [];
  const name = key.replace(/\s*:$/, "");
  const keys = fields.filter(({ path }) => path.at(-1) === name);
  const plain = keys.some(({ path }) => isShown(path)) && /^[\w.+-]*$/.test(value) && !looksSecret(value);
  if (plain || line.trim() === "") return whole(line);
  const keyShown = keys.length > 0 || didYouMean(name, names) !== undefined;
  return hiddenBehind(`${lead}${keyShown ? `${key} ` : ""}`);
}
