import type { Partitions } from "../../../src/kafka/group/asks.ts";
import type { Reply } from "./outcome.ts";

export interface GroupOptions {
  readonly sessionMs: number;
  /** How long a group that was empty waits for more members: `group.initial.rebalance.delay.ms`. */
  readonly initialDelayMs: number;
  /** How long it takes until enough brokers have what is written. */
  readonly replicationMs: () => number;
}

export interface Member {
  readonly id: string;
  topics: readonly string[];
  round: number;
  /** Waits to be taken into the next generation. */
  joining: Reply<"join"> | undefined;
  /** Waits for its share. */
  syncing: Reply<"sync"> | undefined;
  share: Partitions;
  /** When it counts as dead unless it is heard of; in ms. */
  expiresAt: number;
  watched: boolean;
}

/** Where a group stands. */
export type State = "empty" | "preparing" | "completing" | "stable";

/** What a coordinator has written of the group: all that the next one knows. */
export interface Stored {
  readonly generation: number;
  readonly leader: string | undefined;
  readonly members: readonly Pick<Member, "id" | "topics" | "round" | "share">[];
}

export const nobody: Stored = { generation: 0, leader: undefined, members: [] };

/** A member as the next coordinator knows it. */
export function revived(member: Stored["members"][number]): Member {
  return { ...member, joining: undefined, syncing: undefined, expiresAt: 0, watched: false };
}
