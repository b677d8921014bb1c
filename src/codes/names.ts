import { hasUnseen, identifies, maskNumbers, phoneDigits } from "../masking.ts";
import type { Span } from "../yaml/read.ts";
import type { Field, Value, YamlReader } from "../yaml/reader.ts";
import { maxLabelLength } from "./label.ts";

/** A name as shown in messages, shortened, since there may be a message for each code under it. */
export function inShort(name: string): string {
  return name.length > maxLabelLength ? `${name.slice(0, maxLabelLength)}…` : name;
}

/** A text for people, not blank: it becomes a label value, or part of a page or report. */
export function readWords(reader: YamlReader, value: Value | undefined, what: string): string | undefined {
  const words = reader.text(value, what);
  if (value === undefined || words === undefined || maskNumbers(words) === words) return words;
  reader.report(value.at, `${what} contains what looks like a phone number`, "Remove it from the text.");
  return undefined;
}

/** Names become label values and words on a command line. */
export function checkName(reader: YamlReader, { key, keyAt }: Field, what: string): void {
  if (/^[a-z][a-z0-9_]{0,63}$/.test(key) && !identifies(key, phoneDigits)) return;
  const hint = "Begin with a letter; use a-z, 0-9 and _, at most 64.";
  reader.report(keyAt, `"${key}" is not a valid name for a ${what}`, hint);
}

/**
 * Codes become label values, next to those of unlisted codes.
 *
 * @returns whether it may be listed; if not, the reason is reported
 */
export function checkCode(reader: YamlReader, code: string, at: Span): boolean {
  if (code.trim() === "") {
    reader.report(at, "a code is empty", "Remove it: a receipt without a code counts as `_none`.");
  } else if (code.startsWith("_")) {
    reader.report(at, `code "${code}" begins with _`, "Remove it: labels with that prefix are reserved.");
  } else if (code.length > maxLabelLength || hasUnseen(code)) {
    const hint = `Use at most ${maxLabelLength} characters, without control or invisible characters.`;
    reader.report(at, `code ${JSON.stringify(code)} cannot be a label`, hint);
  } else if (identifies(code, phoneDigits)) {
    const hint = `Remove it: receipts with it count as \`_redacted\`. Codes have at most ${phoneDigits - 1} digits.`;
    reader.report(at, `code "${code}" looks like a phone number or a message id`, hint);
  } else {
    return true;
  }
  return false;
}

/** The version of the file format, stated in the file. */
export function checkVersion(reader: YamlReader, value: Value | undefined): void {
  const version = reader.scalar(value, "version");
  if (value === undefined || version === undefined || version === "1") return;
  reader.report(value.at, `version "${version}" is not known`, "This release reads `version: 1`.");
}
