import type { Channel, Outcome } from "../codes/verdict.ts";
import type { IgnoredKind, MalformedReason } from "../receipts/receipt.ts";
import type { SegmentState } from "../receipts/segments.ts";
import type { DelayPart, UnmeasuredReason } from "./delay-parts.ts";

/** A cell: every receipt is in exactly one. A new code map opens new cells, it never moves old counts. */
export interface ReceiptCounter {
  readonly kind: "receipts";
  readonly provider: string;
  readonly channel: Channel;
  readonly scope: string;
  readonly code: string;
  readonly category: string;
  readonly outcome: Outcome;
}

/** What is known of the receipts of a cell, whatever their scope and code. */
type Categorized = Pick<ReceiptCounter, "provider" | "channel" | "category" | "outcome">;

/** The receipts of a cell's provider, channel, category and outcome that have one value in one dimension. */
export interface DimensionCounter extends Categorized {
  readonly kind: "receiptsBy";
  readonly dimension: string;
  readonly value: string;
}

/** One part of the durable delays of a provider, channel and outcome: a bucket, or the sum. */
export interface DelayCounter extends Pick<ReceiptCounter, "provider" | "channel" | "outcome"> {
  readonly kind: "delays";
  readonly part: DelayPart;
}

/** The receipts of a provider, channel and outcome whose delay is in no bucket. */
export interface UnmeasuredCounter extends Pick<ReceiptCounter, "provider" | "channel" | "outcome"> {
  readonly kind: "unmeasured";
  readonly reason: UnmeasuredReason;
}

/** The segments of the receipts of a provider, channel, category and outcome that say how many they had. */
export interface SegmentCounter extends Categorized {
  readonly kind: "segments";
}

/** The receipts of a provider, channel, category and outcome, by what they say of their segments. */
export interface SegmentReceiptsCounter extends Categorized {
  readonly kind: "segmentReceipts";
  readonly segments: SegmentState;
}

/** Receipts that came before within the topic's window, or that lack a part of its key. */
export interface KeyCounter extends Pick<ReceiptCounter, "provider" | "channel"> {
  /** `duplicates` count nowhere else; what is `unkeyed` is a receipt like any other. */
  readonly kind: "duplicates" | "unkeyed";
}

/** What one number of a ledger counts. */
export type Counter =
  | ReceiptCounter
  | DimensionCounter
  | DelayCounter
  | UnmeasuredCounter
  | SegmentCounter
  | SegmentReceiptsCounter
  | KeyCounter
  | { readonly kind: "malformed"; readonly reason: MalformedReason }
  /** Records that are not meant to be receipts. */
  | { readonly kind: "ignored"; readonly what: IgnoredKind }
  | { readonly kind: "conflicts"; readonly scope: string }
  | { readonly kind: "skipped" };

/** Two counters are the same when their keys are. The channel of receipts follows from their scope and is no part of it. */
export function counterKey(counter: Counter): string {
  switch (counter.kind) {
    case "receipts":
      return `r\t${counter.provider}\t${counter.scope}\t${counter.code}\t${counter.category}\t${counter.outcome}`;
    case "receiptsBy": {
      const { provider, channel, category, outcome } = counter;
      return `d\t${counter.dimension}\t${counter.value}\t${provider}\t${channel}\t${category}\t${outcome}`;
    }
    case "delays":
      return `t\t${counter.part}\t${counter.provider}\t${counter.channel}\t${counter.outcome}`;
    case "unmeasured":
      return `u\t${counter.reason}\t${counter.provider}\t${counter.channel}\t${counter.outcome}`;
    case "segments":
      return `g\t${counter.provider}\t${counter.channel}\t${counter.category}\t${counter.outcome}`;
    case "segmentReceipts": {
      const { segments, provider, channel, category, outcome } = counter;
      return `h\t${segments}\t${provider}\t${channel}\t${category}\t${outcome}`;
    }
    case "duplicates":
      return `a\t${counter.provider}\t${counter.channel}`;
    case "unkeyed":
      return `n\t${counter.provider}\t${counter.channel}`;
    case "malformed":
      return `m\t${counter.reason}`;
    case "ignored":
      return `i\t${counter.what}`;
    case "conflicts":
      return `c\t${counter.scope}`;
    case "skipped":
      return "s";
  }
}
