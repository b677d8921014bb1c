import type { Counts } from "../../ledger/counts.ts";
import type { Decoder } from "../../receipts/decode.ts";

/** How the records of one topic are read, and the ledger that a new partition of it starts with. */
export interface TopicPlan {
  readonly topic: string;
  readonly decode: Decoder;
  openCounts(): Counts;
}

/** How the topics are read that match a pattern. */
export interface PatternPlan {
  /** As it is configured. */
  readonly pattern: string;
  /** Whether the whole name of a topic matches. */
  readonly matches: (topic: string) => boolean;
  planOf(topic: string): TopicPlan;
}

export type Plans = readonly (TopicPlan | PatternPlan)[];
