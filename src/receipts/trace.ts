import type { Flag } from "./receipt.ts";

/**
 * One step from a record's bytes to its receipts. Steps contain no values except codes, flags, times and dimension
 * labels.
 */
export type Step =
  /** Something was decoded: an encoding of the value, a frame, an array element, JSON in a string. */
  | { readonly kind: "opened"; readonly what: string }
  /** An object was recognised. */
  | { readonly kind: "recognised"; readonly as: string }
  /** A receipt was read: the pointers are where its parts were found. */
  | {
      readonly kind: "receipt";
      readonly scope: string;
      readonly provider: string | undefined;
      readonly code: string;
      readonly codeAt: string | undefined;
      readonly flag: Flag;
      readonly flagAt: string | undefined;
      readonly sentAt: number;
      readonly receivedAt: number;
      /** By dimension of the topic; undefined if it has none. */
      readonly values: readonly string[] | undefined;
    };

/** Is called with each step, in order. */
export type Trace = (step: Step) => void;
