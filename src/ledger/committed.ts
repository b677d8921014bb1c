import { decodeSnapshot } from "./snapshot/snapshot.ts";
import type { SnapshotState } from "./snapshot/state.ts";

/** What the broker holds for one partition of the group; offset -1 when nothing was ever committed. */
export interface Committed {
  readonly offset: number;
  readonly metadata: string | null;
}

/**
 * Where a ledger started from. All but `snapshot` and `new` start at 0 although something was committed:
 * `offset_only` (reset by a tool or committed by another consumer), `uncounted` (had outgrown the limit of an earlier version),
 * `moved` (the offset was changed by hand and the counts belong to another place in the log).
 */
export type Origin = "snapshot" | "new" | "offset_only" | "uncounted" | "moved";

/** The metadata beside a committed offset is not ours to overwrite: counting from 0 would be a silent lie. */
export class UnreadableSnapshotError extends Error {
  override readonly name = "UnreadableSnapshotError";
}

/**
 * What a ledger goes on from.
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
