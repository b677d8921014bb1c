/** Where the value of a dimension is found: in the receipt, or beside it in its record. */
export type DimensionSource =
  /** The first of these JSON Pointers, from the receipt, that leads to text or a number. */
  | { readonly kind: "receipt"; readonly at: readonly string[] }
  /** The recipient's phone number, where the receipt's shape has it: only what it was issued as is ever shown. */
  | { readonly kind: "number"; readonly as: NumberDimension }
  | { readonly kind: "header"; readonly name: string }
  | { readonly kind: "key" }
  | { readonly kind: "topic" };

/** What a phone number can be counted by. */
export const numberDimensions = ["number_block", "country"] as const;
export type NumberDimension = (typeof numberDimensions)[number];

/** What receipts of a topic are counted by beside their codes, such as the signature. Plain data. */
export interface Dimension {
  /** The label `dimension`. */
  readonly name: string;
  readonly from: DimensionSource;
  /** A regular expression: its first group, or all that it matches, is the value. */
  readonly match: string | undefined;
  /** The values that have a name, and the name; others are `_other`. Undefined names each as it is. */
  readonly values: Readonly<Record<string, string>> | undefined;
}

/** The value of receipts that have none. */
export const noValue = "_none";
/** The value of all that have no name of their own. */
export const otherValue = "_other";

/** Values that stand for none or for many. */
export const valuePlaceholders: readonly string[] = [noValue, "_redacted", otherValue];
