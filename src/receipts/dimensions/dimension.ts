/** Where a dimension's value is: in the receipt, or next to it in its record. */
export type DimensionSource =
  /** The first of these JSON Pointers, relative to the receipt, that leads to text or a number. */
  | { readonly kind: "receipt"; readonly at: readonly string[] }
  /** The recipient's phone number, where the receipt's shape has it: only its block or country is shown. */
  | { readonly kind: "number"; readonly as: NumberDimension }
  | { readonly kind: "header"; readonly name: string }
  | { readonly kind: "key" }
  | { readonly kind: "topic" };

/** What a phone number can be counted by. */
export const numberDimensions = ["number_block", "country"] as const;
export type NumberDimension = (typeof numberDimensions)[number];

/** What a topic's receipts are counted by in addition to their codes, such as the signature. Plain data. */
export interface Dimension {
  /** The label `dimension`. */
  readonly name: string;
  readonly from: DimensionSource;
  /** A regular expression: its first group, or the whole match, is the value. */
  readonly match: string | undefined;
  /** Names for values; others are `_other`. Undefined keeps the values as they are. */
  readonly values: Readonly<Record<string, string>> | undefined;
}

/** The value of receipts without one. */
export const noValue = "_none";
/** The value of all that have no name. */
export const otherValue = "_other";

/** Placeholders for missing, hidden and several values. */
export const valuePlaceholders: readonly string[] = [noValue, "_redacted", otherValue];
