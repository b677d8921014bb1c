import type { Channel, Outcome } from "../codes/verdict.ts";
import type { MalformedReason } from "../receipts/receipt.ts";

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

/** What one number of a ledger counts. */
export type Counter =
  | ReceiptCounter
  | { readonly kind: "malformed"; readonly reason: MalformedReason }
  | { readonly kind: "conflicts"; readonly scope: string }
  | { readonly kind: "skipped" };

/** Two counters are the same when their keys are. The channel follows from the scope and is no part of it. */
export function counterKey(counter: Counter): string {
  switch (counter.kind) {
    case "receipts":
      return `r\t${counter.provider}\t${counter.scope}\t${counter.code}\t${counter.category}\t${counter.outcome}`;
    case "malformed":
      return `m\t${counter.reason}`;
    case "conflicts":
      return `c\t${counter.scope}`;
    case "skipped":
      return "s";
  }
}
