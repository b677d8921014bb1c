import { longestCode } from "../bounds.ts";

/** Codes as providers mostly send them: nothing to fold, so the key is the code itself. */
const alreadyFolded = /^[A-Z0-9:._/-]*$/;

/**
 * The key by which two spellings of a code compare: Unicode NFKC, trimmed, upper case, and a minus sign of any
 * width read as `-`. Digits stay as they are: `002` and `2` are two codes. Never throws; idempotent.
 *
 * @param code as sent, or as the map spells it. What is longer than any code may be is its own key: to fold a text that
 *   is made for that takes the square of its length
 */
export function normaliseCode(code: string): string {
  if (code.length > longestCode || alreadyFolded.test(code)) return code;
  // NFKC reads a full-width minus as `-`, but leaves U+2212 and makes it of the raised and lowered minus.
  // Upper case can undo NFKC (U+0390 falls apart), hence the second pass.
  return code.normalize("NFKC").trim().toUpperCase().normalize("NFKC").replaceAll("\u2212", "-");
}
