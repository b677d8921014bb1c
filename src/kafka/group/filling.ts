import type { Logger } from "pino";
import { positionOf } from "../../ledger/fold-records.ts";
import type { PartitionLedger } from "../../ledger/partition-ledger.ts";

/** Whether all of a ledger's window for duplicates was read; true without one. */
export function isFilled(ledger: PartitionLedger): boolean {
  return positionOf(ledger) >= ledger.next;
}

/**
 * Goes on with the window of the same partition in the generation before, where that stands at the same place of the same
 * log: what is in a window follows from the log alone, and need not be read again.
 */
export function keepWindow(before: PartitionLedger | undefined, ledger: PartitionLedger): void {
  if (before?.window === undefined || !isFilled(before)) return;
  const { next, logMark } = ledger;
  if (before.next === next && logMark !== undefined && before.logMark === logMark)
    ledger.window = before.window;
}

/** Passes over what the log does not hold any more of a ledger's window, and says so. @param low the log's first offset */
export function shortenWindow({ topic, partition, next, window }: PartitionLedger, low: number, log: Logger) {
  if (window === undefined || window.next >= Math.min(low, next)) return;
  const missing = Math.min(low, next) - window.next;
  window.skipTo(low);
  log.warn(
    { topic, partition, missing },
    "the log does not hold all of the window for duplicates any more: repeats of what is gone are not recognised",
  );
}
