import type { NumberDimension } from "./dimension.ts";
import { numberBlock, numberCountry } from "./number-block.ts";
import { blockDigits, decidesBlock, loadNumberPlan, type NumberPlan } from "./number-plan.ts";
import { textAt, ValueLabels } from "./value-labels.ts";

/** How many digits a Chinese mobile number has. */
const mobileDigits = 11;

/** This many digits after the leading 1 nearly always determine the block. */
const headDigits = 3;

/**
 * Labels of phone numbers: the block or country that each was issued in. Nearly all are Chinese mobile numbers without
 * separators, whose first four digits are looked up in a table. No number is kept.
 */
export class NumberLabels {
  readonly #label: (number: string) => string;
  /** Undefined if a number of that length may be from any country. */
  readonly #mobile: MobileLabels | undefined;

  /**
   * @param hasCountry whether numbers without a `+` start with their calling code
   * @throws Error like {@link loadNumberPlan}: now rather than at a receipt
   */
  constructor(as: NumberDimension, hasCountry = false) {
    const plan = loadNumberPlan();
    const label = as === "number_block" ? numberBlock : numberCountry;
    this.#label = hasCountry
      ? (number) => label(/^\s*[1-9]/.test(number) ? `+${number.trim()}` : number)
      : label;
    if (!hasCountry) this.#mobile = mobileLabels(plan, label);
  }

  /** The label of a number, in any form. */
  ofText(sent: string): string {
    const isMobile = this.#mobile !== undefined && /^1\d{10}$/.test(sent);
    if (!isMobile) return this.#label(sent);
    return this.#mobile.byHead[Number(sent.slice(1, 1 + headDigits))] ?? this.#label(sent);
  }

  /** The same for UTF-8 bytes; see {@link ValueLabels.ofBytes}. */
  ofBytes(view: DataView, start: number, end: number): string {
    if (this.#mobile !== undefined && isMobile(view, start, end)) {
      let head = 0;
      for (let at = start + 1; at <= start + headDigits; at++) head = 10 * head + view.getUint8(at) - 0x30;
      return this.#mobile.byHead[head] ?? this.#mobile.byBlock.ofBytes(view, start, start + blockDigits);
    }
    return this.#label(textAt(view, start, end));
  }
}

/** Labels of Chinese mobile numbers. */
interface MobileLabels {
  /** By the digits after the leading 1; undefined if more digits decide. */
  readonly byHead: readonly (string | undefined)[];
  /** For those, by as many digits as are needed. */
  readonly byBlock: ValueLabels;
}

function mobileLabels(plan: NumberPlan, label: (number: string) => string): MobileLabels {
  const ofPrefix = (digits: string) => label(digits.padEnd(mobileDigits, "0"));
  return {
    byHead: Array.from({ length: 10 ** headDigits }, (_, head) => {
      const prefix = `1${String(head).padStart(headDigits, "0")}`;
      return decidesBlock(plan, `+86${prefix}`) ? ofPrefix(prefix) : undefined;
    }),
    byBlock: new ValueLabels(ofPrefix),
  };
}

function isMobile(view: DataView, start: number, end: number): boolean {
  if (end - start !== mobileDigits || view.getUint8(start) !== 0x31) return false;
  for (let at = start; at < end; at++) {
    const byte = view.getUint8(at);
    if (byte < 0x30 || byte > 0x39) return false;
  }
  return true;
}
