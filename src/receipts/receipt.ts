import type { ReceiptKey } from "./keys/receipt-key.ts";

/**
 * The result that a receipt states, apart from its code.
 *
 * `delivered` / `failed`: the success flag of a delivery receipt. `accepted` / `refused`: an API answer. `pending`: the
 * message is on its way. `none`: there is no flag, the code alone decides (always so for voice). `unread`: the flag is
 * not understood.
 */
export type Flag = "delivered" | "failed" | "accepted" | "refused" | "pending" | "none" | "unread";

/** The scope of an answer that does not name its API: all API tables of the map together. No table may have this name. */
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
  /** The label of its value in each of the topic's dimensions; undefined without dimensions. */
  readonly values?: readonly string[] | undefined;
  /** Its segments, as returned by `segmentsIn`; undefined if its shape names none. */
  readonly segments?: number | undefined;
  /** Its identity, if the topic looks for duplicates and no part of the key is missing. */
  readonly key?: ReceiptKey | undefined;
}

/**
 * Why a record could not be read: the closed set behind `dlr_malformed_records_total{reason}`. Append only: a replay's
 * state stores counts by index.
 */
export const malformedReasons = [
  "tombstone",
  "empty",
  "invalid_utf8",
  "not_json",
  "not_a_receipt",
  "no_receipts",
  "bad_element",
  "too_large",
  "damaged_gzip",
  "schema_registry",
  "invalid_charset",
] as const;

export type MalformedReason = (typeof malformedReasons)[number];

/**
 * The kinds of records that are not meant to be receipts: the closed set behind `dlr_ignored_records_total{kind}`.
 * Append only: snapshots store counts by index.
 */
export const ignoredKinds = [
  "uplink",
  "recording",
  "transcript",
  "key_press",
  "quality_report",
  "statistics",
  "deleted",
  "template_audit",
  "configured",
  "empty_answer",
] as const;

export type IgnoredKind = (typeof ignoredKinds)[number];

/** Why a record, or a part of it, is not a receipt. The two sets are disjoint. */
export type Unread = MalformedReason | IgnoredKind;

const ignored: ReadonlySet<Unread> = new Set(ignoredKinds);

/** Whether a record is not meant to be a receipt, rather than malformed. */
export function isIgnored(unread: Unread): unread is IgnoredKind {
  return ignored.has(unread);
}
