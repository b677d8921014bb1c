/**
 * What a receipt says of itself, apart from its code.
 *
 * `delivered` / `failed`: the success flag of a delivery receipt. `accepted` / `refused`: an API answer.
 * `none`: there is no flag, the code alone decides (always so in voice).
 */
export type Flag = "delivered" | "failed" | "accepted" | "refused" | "none";

/** The scope of an answer that does not say which API was called. A map's tables of APIs make it up, none is named so. */
export const anyApiScope = "api";

/** One delivery receipt, or one API answer, read from a record. Holds nothing that identifies a person. */
export interface Receipt {
  /** The table that its code belongs to, such as `sms_receipt`; {@link anyApiScope} when the answer names no API. */
  readonly scope: string;
  readonly flag: Flag;
  /** The code as `readCode` gives it, neither trimmed nor folded; empty when the receipt has none. */
  readonly code: string;
  /** When the message was handed over, in ms since the epoch; NaN when unknown. */
  readonly sentAt: number;
  /** When the receipt's event happened, in ms since the epoch; NaN when unknown. */
  readonly receivedAt: number;
  /** Set where the shape itself names the provider (`tencent`), whatever the topic says. */
  readonly provider: string | undefined;
}

/** Why a record could not be read: the closed set behind `dlr_malformed_records_total{reason}`. */
export const malformedReasons = [
  "tombstone",
  "empty",
  "invalid_utf8",
  "not_json",
  "not_a_receipt",
  "no_receipts",
  "bad_element",
  "too_large",
] as const;

export type MalformedReason = (typeof malformedReasons)[number];
