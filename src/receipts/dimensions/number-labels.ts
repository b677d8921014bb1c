import type { NumberDimension } from "./dimension.ts";
import { numberBlock, numberCountry } from "./number-block.ts";
import { blockDigits, loadNumberPlan } from "./number-plan.ts";
import { textAt, ValueLabels } from "./value-labels.ts";

/** How many digits a Chinese mobile number has. */
const mobileDigits = 11;

/**
 * Labels of phone numbers: the block that each was issued in. Nearly all are Chinese mobile numbers without
 * separators, whose labels are cached by the digits that determine the block: the number itself is never kept.
 */
export class NumberLabels {
  readonly #label: (number: string) => string;
  /** Undefined if a number of that length may be from any country. */
  readonly #mobile: ValueLabels | undefined;

  /**
   * @param hasCountry whether numbers without a `+` start with their calling code
   * @throws Error like {@link loadNumberPlan}: now rather than at a receipt
   */
  constructor(as: NumberDimension, hasCountry = false) {
    loadNumberPlan();
    const label = as === "number_block" ? numberBlock : numberCountry;
    this.#label = hasCountry
      ? (number) => label(/^\s*[1-9]/.test(number) ? `+${number.trim()}` : number)
      : label;
    if (!hasCountry) this.#mobile = new ValueLabels((digits) => label(digits.padEnd(mobileDigits, "0")));
  }

  /** The label of a number, in any form. */
  ofText(sent: string): string {
    const isMobile = this.#mobile !== undefined && /^1\d{10}$/.test(sent);
    return isMobile ? this.#mobile.ofText(sent.slice(0, blockDigits)) : this.#label(sent);
  }

  /** The same for UTF-8 bytes; see {@link ValueLabels.ofBytes}. */
  ofBytes(view: DataView, start: number, end: number): string {
    if (this.#mobile !== undefined && isMobile(view, start, end))
      return this.#mobile.ofBytes(view, start, start + blockDigits);
    return this.#label(textAt(view, start, end));
  }
}

function isMobile(view: DataView, start: number, end: number): boolean {
  if (end - start !== mobileDigits || view.getUint8(start) !== 0x31) return false;
  for (let at = start; at < end; at++) {
    const byte = view.getUint8(at);
    if (byte < 0x30 || byte > 0x39) return false;
  }
  return true;
}
