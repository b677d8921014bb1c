import type { Logger } from "pino";
import type { PartitionLedger } from "../../ledger/partition-ledger.ts";
import type { Checkpoint } from "../../ledger/view.ts";

/**
 * Takes a ledger's checkpoint, and logs what had to be folded.
 *
 * @param limit the broker's `offset.metadata.max.bytes`, in characters
 * @returns why there is none, if not even the totals fit: committing the offset without them would lose the counts
 */
export function takeCheckpoint(
  ledger: PartitionLedger,
  limit: number,
  now: number,
  log: Logger,
): Checkpoint | string {
  const { topic, partition, counts, foldedCodes: before } = ledger;
  const { foldedDelays: keptBefore } = counts;
  const checkpoint = ledger.checkpoint(limit, now);
  const size = checkpoint.metadata.length;
  if (size > limit) {
    log.error(
      { topic, partition, limit, size },
      "not even the totals by category fit into the offset metadata, so nothing is committed for the partition: " +
        "raise offset.metadata.max.bytes on the brokers and metadata_limit here",
    );
    return `the totals of partition ${partition} of topic ${topic} need ${size} characters; the limit is ${limit}`;
  }
  if (counts.foldedDelays > keptBefore) {
    log.warn(
      { topic, partition, limit, folded: counts.foldedDelays },
      "the offset metadata has no room for all delays: delay buckets are dropped, and their receipts count as not_kept",
    );
  }
  const folded = ledger.foldedCodes;
  if (folded > before) {
    log.warn(
      { topic, partition, limit, folded },
      "the counts no longer fit into the offset metadata: the rarest codes count as _other of their category from now on",
    );
  }
  return checkpoint;
}
