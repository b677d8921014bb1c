/** Stands for a code that is empty or missing. */
export const noCode = "_none";
/** Stands for a code that looks like a phone number or a message id. */
export const redactedCode = "_redacted";

const maxLength = 64;

/** Eight digits in a row, whatever blanks or signs they are grouped with: a phone number or a biz_id. */
const longNumber = /\p{Nd}(?:[\s\p{Cc}\p{Cf}\p{Pd}+^\u2212]*\p{Nd}){7}/u;
const uuid = /[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}/i;

const controlOrBackslash = /[\p{Cc}\p{Zl}\p{Zp}\\]/gu;

/**
 * The label of a code that no table lists: the code as sent, made safe to show and bounded in length.
 *
 * - Control characters and line separators become `\n`, `\t`, `\xNN` or `\uNNNN`, a backslash `\\`, a lone
 *   surrogate U+FFFD. A code that begins with `_`, as the labels of our own do, gets a `\` in front.
 * - The label has at most 64 UTF-16 units; neither an escape nor a surrogate pair is cut in two.
 * - A code that may identify a person or a message is `_redacted`.
 *
 * @param raw a code that is not blank
 */
export function labelOfUnknown(raw: string): string {
  if (identifies(raw)) return redactedCode;
  let label = raw.startsWith("_") ? "\\" : "";
  // A label grows at least as fast as the code that it is made of.
  for (const character of raw.slice(0, maxLength + 1).toWellFormed()) {
    const shown = character.replace(controlOrBackslash, escapeOf);
    if (label.length + shown.length > maxLength) break;
    label += shown;
  }
  // The digits of an escape may have come to stand next to others.
  return label !== raw && identifies(label) ? redactedCode : label;
}

function identifies(text: string): boolean {
  const folded = text.normalize("NFKC");
  return longNumber.test(folded) || uuid.test(folded);
}

function escapeOf(character: string): string {
  if (character === "\\") return "\\\\";
  if (character === "\n") return "\\n";
  if (character === "\t") return "\\t";
  const hex = character.charCodeAt(0).toString(16);
  return hex.length > 2 ? `\\u${hex.padStart(4, "0")}` : `\\x${hex.padStart(2, "0")}`;
}
