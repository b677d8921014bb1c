import { longestCode } from "../bounds.ts";

/** Codes as most providers send them: nothing to normalise, so the key is the code itself. */
const alreadyFolded = /^[A-Z0-9:._/-]*$/;

/**
 * The key for comparing two spellings of a code: Unicode NFKC, trimmed, upper case, with a minus sign of any width as
 * `-`. Digits are kept: `002` and `2` are two codes. Never throws; idempotent.
 *
 * @param code as sent, or as spelt in the map. A text longer than any code is its own key: normalising a malicious
 *   text takes quadratic time
 */
export function normaliseCode(code: string): string {
  if (code.length > longestCode || alreadyFolded.test(code)) return code;
  // NFKC turns a full-width minus into `-`, but keeps U+2212 and maps superscript and subscript minus to it. Upper
  // case can undo NFKC (U+0390 decomposes), hence the second pass.
  return code.normalize("NFKC").trim().toUpperCase().normalize("NFKC").replaceAll("\u2212", "-");
}
