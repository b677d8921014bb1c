import type { Counts } from "../../ledger/counts.ts";
import type { Decoder } from "../../receipts/decode.ts";

/** How the records of one topic are read, and the ledger that a new partition of it starts with. */
export interface TopicPlan {
  readonly topic: string;
  readonly decode: Decoder;
  openCounts(): Counts;
}
