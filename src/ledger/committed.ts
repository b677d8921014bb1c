import { decodeSnapshot } from "./snapshot/snapshot.ts";
import type { SnapshotState } from "./snapshot/state.ts";

/** The broker's committed entry for one partition of the group; offset -1 when there is none. */
export interface Committed {
  readonly offset: number;
  readonly metadata: string | null;
}

/**
 * Where a ledger started from. Except for `snapshot` and `new`, it starts at 0 although something was committed:
 * `offset_only` (reset by a tool or committed by another consumer), `uncounted` (had exceeded the limit of an earlier
 * version), `moved` (the offset was changed by hand, and the counts belong to another position in the log).
 */
export type Origin = "snapshot" | "new" | "offset_only" | "uncounted" | "moved";

/** The committed metadata must not be overwritten: starting at 0 would silently lose counts. */
export class UnreadableSnapshotError extends Error {
  override readonly name = "UnreadableSnapshotError";
}

/**
 * Interprets the committed entry that a ledger continues from.
 *
 * @throws UnreadableSnapshotError when the metadata is not a snapshot of this program and version
 */
export function interpret(
  topic: string,
  partition: number,
  { offset, metadata }: Committed,
): { origin: Origin; state?: SnapshotState } {
  if (offset < 0) return { origin: "new" };
  const decoded = decodeSnapshot(metadata);
  switch (decoded.kind) {
    case "absent":
      return { origin: "offset_only" };
    case "uncounted":
      return { origin: "uncounted" };
    case "unreadable":
      throw new UnreadableSnapshotError(
        `the counts committed for partition ${partition} of topic ${topic} can't be read: ${decoded.why}. ` +
          "Use another group, or reset the offsets of this one (which clears its counts) and restart",
      );
    case "counts":
      return decoded.state.next === offset
        ? { origin: "snapshot", state: decoded.state }
        : { origin: "moved" };
  }
}
