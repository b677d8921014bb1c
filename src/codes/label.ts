import { identifies, personalDigits, readCode, redacted } from "../masking.ts";

/** The label of an empty or missing code. */
export const noCode = "_none";
/** The label of a code that looks like a phone number or a message id. */
export const redactedCode = redacted;

/** The longest label of a code, in UTF-16 units. */
export const maxLabelLength = 64;

/**
 * The label of an unlisted code: the code as sent, bounded in length.
 *
 * - A backslash becomes `\\`. A code that begins with `_`, as our own labels do, gets a `\` in front; `_redacted`
 *   does not, since it means the same either way.
 * - The label has at most 64 UTF-16 units; neither an escape nor a surrogate pair is cut in two.
 * - A code that may identify a person or a message is `_redacted`.
 *
 * @param code as returned by `readCode`, not blank
 */
export function labelOfUnknown(code: string): string {
  if (code === redactedCode || identifies(code, personalDigits)) return redactedCode;
  let label = code.startsWith("_") ? "\\" : "";
  // A label is at least as long as the code it is made of.
  for (const character of code.slice(0, maxLabelLength + 1).toWellFormed()) {
    const shown = character === "\\" ? "\\\\" : character;
    if (label.length + shown.length > maxLabelLength) break;
    label += shown;
  }
  return label;
}

/**
 * The code behind a label made by {@link labelOfUnknown}.
 *
 * @returns undefined for a label of many codes or none, such as `_other`, and for one that may have been cut
 */
export function codeOfLabel(label: string): string | undefined {
  if (label.startsWith("_") || label === "" || label.length >= maxLabelLength - 1) return undefined;
  const escaped = label.startsWith("\\_") ? label.slice(1) : label;
  return escaped.replaceAll("\\\\", "\\");
}

/**
 * A code as it may be shown where it is no new label: one from a command line, or one committed by an earlier
 * version. What no label may contain is left out or `_redacted`; nothing is cut or escaped.
 *
 * @param label of an unlisted code
 */
export function safeLabel(label: string): string {
  const seen = readCode(label);
  if (seen === "") return noCode;
  return identifies(seen, personalDigits) ? redactedCode : seen;
}
