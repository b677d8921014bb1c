import type { Joined } from "./asks.ts";

/** Where a member stands towards its group. What each phase does, and where it leads, is in `member.ts`. */
export type Phase =
  /** Asks to be taken into the group's next generation. */
  | { readonly name: "joining" }
  /** As the group's leader: waits to be told which partitions there are, before it shares them out. */
  | { readonly name: "assigning"; readonly joined: Joined; readonly since: number }
  /** Waits for its share. */
  | { readonly name: "syncing"; readonly joined: Joined }
  /** Owns its share: loads, counts, commits. */
  | { readonly name: "counting"; readonly generation: number }
  /** A rebalance is under way: commits for the last time in this generation, then joins the next. */
  | { readonly name: "moving"; readonly generation: number; readonly until: number }
  /** Ends: commits for the last time. Without a generation there is nothing that it may commit. */
  | { readonly name: "closing"; readonly generation: number | undefined; readonly until: number }
  /** Has said good-bye, and waits for the answer. */
  | { readonly name: "leaving"; readonly until: number }
  /** Has ended. */
  | { readonly name: "left" }
  /** Can't go on. */
  | { readonly name: "failed"; readonly error: Error };

/** How long the last commit of a generation, the last of all, and leaving may take, in ms. */
export const longestMs = { moving: 3_000, closing: 5_000, leaving: 1_500 } as const;
