import type { Logger } from "pino";
import { positionOf } from "../../ledger/fold-records.ts";
import type { PartitionLedger } from "../../ledger/partition-ledger.ts";

/** Whether a ledger's window for duplicates is complete; true without one. */
export function isFilled(ledger: PartitionLedger): boolean {
  return positionOf(ledger) >= ledger.next;
}

/**
 * Keeps the window of the previous generation if it is at the same position of the same log: a window depends on the
 * log alone, so it need not be read again.
 */
export function keepWindow(before: PartitionLedger | undefined, ledger: PartitionLedger): void {
  if (before?.window === undefined || !isFilled(before)) return;
  const { next, logMark } = ledger;
  if (before.next === next && logMark !== undefined && before.logMark === logMark)
    ledger.window = before.window;
}

/** Skips the part of a ledger's window that is no longer in the log, and logs it. @param low the log's first offset */
export function shortenWindow({ topic, partition, next, window }: PartitionLedger, low: number, log: Logger) {
  if (window === undefined || window.next >= Math.min(low, next)) return;
  const missing = Math.min(low, next) - window.next;
  window.skipTo(low);
  log.warn(
    { topic, partition, missing },
    "the log does not hold all of the window for duplicates any more: repeats of what is gone are not recognised",
  );
}
