import { identifies, personalDigits, readCode, redacted } from "../masking.ts";

/** Stands for a code that is empty or missing. */
export const noCode = "_none";
/** Stands for a code that looks like a phone number or a message id. */
export const redactedCode = redacted;

/** The longest label of a code, in UTF-16 units. */
export const maxLabelLength = 64;

/**
 * The label of a code that no table lists: the code as sent, bounded in length.
 *
 * - A backslash becomes `\\`. A code that begins with `_`, as the labels of our own do, gets a `\` in front, but
 *   `_redacted`: that says the same whoever says it.
 * - The label has at most 64 UTF-16 units; neither an escape nor a surrogate pair is cut in two.
 * - A code that may identify a person or a message is `_redacted`.
 *
 * @param code as `readCode` gives it, not blank
 */
export function labelOfUnknown(code: string): string {
  if (code === redactedCode || identifies(code, personalDigits)) return redactedCode;
  let label = code.startsWith("_") ? "\\" : "";
  // A label grows at least as fast as the code that it is made of.
  for (const character of code.slice(0, maxLabelLength + 1).toWellFormed()) {
    const shown = character === "\\" ? "\\\\" : character;
    if (label.length + shown.length > maxLabelLength) break;
    label += shown;
  }
  return label;
}

/**
 * The code that {@link labelOfUnknown} has made a label of.
 *
 * @returns undefined for a label that stands for many codes or none, such as `_other`, and for one that may have been
 *   cut
 */
export function codeOfLabel(label: string): string | undefined {
  if (label.startsWith("_") || label === "" || label.length >= maxLabelLength - 1) return undefined;
  const escaped = label.startsWith("\\_") ? label.slice(1) : label;
  return escaped.replaceAll("\\\\", "\\");
}

/**
 * A code as it may be shown where it is no new label: one that was asked for, or one that an earlier version made
 * durable. What no label may hold is left out or `_redacted`; nothing is cut or escaped.
 *
 * @param label of a code that no table lists
 */
export function safeLabel(label: string): string {
  const seen = readCode(label);
  if (seen === "") return noCode;
  return identifies(seen, personalDigits) ? redactedCode : seen;
}
