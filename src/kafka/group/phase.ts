import type { Joined } from "./asks.ts";

/** A member's state in its group. What each phase does, and what follows it, is in `member.ts`. */
export type Phase =
  /** Asks to join the group's next generation. */
  | { readonly name: "joining" }
  /** Leads the group: waits for the number of partitions before it assigns them. */
  | { readonly name: "assigning"; readonly joined: Joined; readonly since: number }
  /** Waits for its assignment. */
  | { readonly name: "syncing"; readonly joined: Joined }
  /** Owns partitions: loads, counts, commits. */
  | { readonly name: "counting"; readonly generation: number }
  /** A rebalance has begun: commits once more in this generation, then joins the next. */
  | { readonly name: "moving"; readonly generation: number; readonly until: number }
  /** Shutting down: commits once more. Without a generation it may not commit. */
  | { readonly name: "closing"; readonly generation: number | undefined; readonly until: number }
  /** Has sent LeaveGroup, and waits for the answer. */
  | { readonly name: "leaving"; readonly until: number }
  /** Has ended. */
  | { readonly name: "left" }
  /** Can't go on. */
  | { readonly name: "failed"; readonly error: Error };

/** Time limits in ms: for the last commit of a generation, the last commit of all, and leaving. */
export const longestMs = { moving: 3_000, closing: 5_000, leaving: 1_500 } as const;
