import type { IgnoredKind } from "../receipt.ts";

/**
 * A test of one object. `has`: at least one of these JSON Pointers leads to a value, be it null. `lacks`: none does.
 * `at` and `is`: the value there is one of these, compared as text in any case.
 */
export type MemberTest =
  | { readonly has: readonly string[] }
  | { readonly lacks: readonly string[] }
  | { readonly at: string; readonly is: readonly string[] };

/** What the values of a flag mean, as text in any case. A value that is not listed is not understood. */
export interface FlagDescription {
  /** JSON Pointers from one receipt; the first that leads to a value. */
  readonly at: readonly string[];
  readonly delivered?: readonly string[] | undefined;
  readonly failed?: readonly string[] | undefined;
  readonly accepted?: readonly string[] | undefined;
  readonly refused?: readonly string[] | undefined;
  /** Values that do not say whether it succeeded: the code alone decides. */
  readonly none?: readonly string[] | undefined;
  /** The meaning of any other value, for providers whose failure values are codes; without it such values are not understood. */
  readonly otherwise?: "failed" | undefined;
  /** On its way: the code alone decides. */
  readonly pending?: readonly string[] | undefined;
}

/** Where a time is; its date may be a member of its own. */
export interface TimeDescription {
  readonly at: string;
  readonly date?: string | undefined;
}

/** Where a code is, and the table that it belongs to. */
export interface CodeDescription {
  /** JSON Pointers from one receipt; the first that leads to a code with something in it. */
  readonly at: readonly string[];
  readonly scope: string;
  /** Codes that say nothing, such as an SMPP error of 000: the next description has the word. */
  readonly except?: readonly string[] | undefined;
}

/**
 * One shape of receipt, as data: how its objects are recognised, and where the parts of a receipt are.
 * All pointers are JSON Pointers (RFC 6901).
 */
export interface Description {
  /** The provider, if only one has this shape; undefined leaves it to the topic. */
  readonly provider?: string | undefined;
  /**
   * The tests, in one or more sets: an object is of this shape when it passes all tests of a set. Without a set it is
   * of this shape when a receipt can be read from it: when its code is there, or a flag that is understood.
   */
  readonly when: readonly (readonly MemberTest[])[];
  /** Where in the object the receipt is, or the array of them; the object itself when it is left out. */
  readonly receipts?: string | undefined;
  /** In the order in which they are asked. */
  readonly codes: readonly CodeDescription[];
  readonly flag?: FlagDescription | undefined;
  /** When the message was handed over, and when the receipt's event happened: the first that is a time. */
  readonly sentAt?: readonly TimeDescription[] | undefined;
  readonly receivedAt?: readonly TimeDescription[] | undefined;
  /** The zone of times that name none, in minutes east of UTC, where the provider says it; the topic's without it. */
  readonly utcOffsetMinutes?: number | undefined;
  /** JSON Pointer to the number of messages that one receipt covers. */
  readonly messages?: string | undefined;
  /** JSON Pointers from one receipt to its message's number of segments; the first that leads to a value. */
  readonly segments?: readonly string[] | undefined;
  /** JSON Pointers from one receipt to the recipient's phone number; the first that leads to a value. */
  readonly number?: readonly string[] | undefined;
  /** Numbers start with their calling code even without a `+`. */
  readonly numberHasCountry?: boolean | undefined;
}

/** A kind of record that is not meant to be a receipt, recognised by its members. */
export interface IgnoredDescription {
  readonly kind: IgnoredKind;
  readonly when: readonly (readonly MemberTest[])[];
}
