import type { ReceiptKey } from "./keys/receipt-key.ts";

/**
 * What a receipt says of itself, apart from its code.
 *
 * `delivered` / `failed`: the success flag of a delivery receipt. `accepted` / `refused`: an API answer. `pending`: the
 * message is on its way. `none`: there is no flag, the code alone decides (always so in voice). `unread`: there is one,
 * and nobody understands it.
 */
export type Flag = "delivered" | "failed" | "accepted" | "refused" | "pending" | "none" | "unread";

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
  /** The label of its value in each of the topic's dimensions; undefined where the topic has none. */
  readonly values?: readonly string[] | undefined;
  /** How many segments it stands for, as `segmentsIn` gives it; undefined where its shape names none. */
  readonly segments?: number | undefined;
  /** Its identity, if the topic looks for duplicates and no part of the key is missing. */
  readonly key?: ReceiptKey | undefined;
}

/**
 * Why a record could not be read: the closed set behind `dlr_malformed_records_total{reason}`. It only grows at its
 * end: a replay's state holds counts by place.
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
 * What a record is that is no receipt by intent: the closed set behind `dlr_ignored_records_total{kind}`. It only
 * grows at its end: snapshots, too, hold counts by place.
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

/** Why a record, or a part of it, gives no receipt: no word is in both sets. */
export type Unread = MalformedReason | IgnoredKind;

const ignored: ReadonlySet<Unread> = new Set(ignoredKinds);

/** Whether a record gives no receipt by intent, and not since it could not be read. */
export function isIgnored(unread: Unread): unread is IgnoredKind {
  return ignored.has(unread);
}
