import type { Counts } from "../../ledger/counts.ts";
import type { Decoder } from "../../receipts/decode.ts";

/** How a topic's records are read, and the ledger that a new partition starts with. */
export interface TopicPlan {
  readonly topic: string;
  readonly decode: Decoder;
  openCounts(): Counts;
}

/** How the topics that match a pattern are read. */
export interface PatternPlan {
  /** As it is configured. */
  readonly pattern: string;
  /** Whether the whole name of a topic matches. */
  readonly matches: (topic: string) => boolean;
  planOf(topic: string): TopicPlan;
}

export type Plans = readonly (TopicPlan | PatternPlan)[];
