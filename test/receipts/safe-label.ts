import { hasUnseen, identifies, phoneDigits } from "../../src/masking.ts";

/** Whether a code has what must not reach a label: what nobody sees, or a number as long as a phone number. */
export function hasUnsafe(code: string): boolean {
  return hasUnseen(code) || identifies(code, phoneDigits);
}
