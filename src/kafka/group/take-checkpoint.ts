import type { Logger } from "pino";
import type { Checkpoint, PartitionLedger } from "../../ledger/partition-ledger.ts";

/**
 * Takes a ledger's checkpoint, and says in the log what of it has no room.
 *
 * @param limit the broker's `offset.metadata.max.bytes`, in characters
 * @returns why there is none where not even the totals fit: to commit the offset without them would lose the counts
 */
export function takeCheckpoint(
  ledger: PartitionLedger,
  limit: number,
  now: number,
  log: Logger,
): Checkpoint | string {
  const { topic, partition, foldedCodes: before } = ledger;
  const checkpoint = ledger.checkpoint(limit, now);
  const size = checkpoint.metadata.length;
  if (size > limit) {
    log.error(
      { topic, partition, limit, size },
      "not even the totals by category fit into the offset metadata: nothing of the partition is committed. " +
        "Raise offset.metadata.max.bytes on the brokers and metadata_limit here",
    );
    return `the totals of partition ${partition} of topic ${topic} take ${size} characters, the limit is ${limit}`;
  }
  const folded = ledger.foldedCodes;
  if (folded > before) {
    log.warn(
      { topic, partition, limit, folded },
      "the counts outgrow the offset metadata: the rarest codes count as _other of their category from here on",
    );
  }
  return checkpoint;
}
