import type { Committed } from "../../src/ledger/committed.ts";
import type { Counter } from "../../src/ledger/counter.ts";
import { Counts } from "../../src/ledger/counts.ts";
import { PartitionLedger } from "../../src/ledger/partition-ledger.ts";
import type { Checkpoint } from "../../src/ledger/view.ts";
import type { IgnoredKind } from "../../src/receipts/receipt.ts";
import { createRandom } from "../lab/random.ts";
import { packagedMap, receipt } from "./support.ts";

export const map = packagedMap();
/** The limit of a broker as it comes. */
export const limit = 4096;
export const nothing: Committed = { offset: -1, metadata: null };

/** A partition with one scope's codes, opened at what was committed. */
export function open(committed: Committed, now = 0, unknownCodes = 50, start = 0): PartitionLedger {
  const counts = new Counts({ map, provider: undefined, unknownCodes, scopes: ["sms_receipt"] });
  return new PartitionLedger("t", 0, counts, committed, start, now);
}

/** A code that no map lists, of 40 letters after its name: a snapshot gets shorter without it. */
export function longCode(name: string): string {
  const { below } = createRandom(name.charCodeAt(0));
  return `${name} ${Array.from({ length: 40 }, () => String.fromCharCode(97 + below(26))).join("")}`;
}

/** Gives all delays away, as a full snapshot does before it folds a code. */
export function giveDelaysAway({ counts }: PartitionLedger): void {
  while (counts.foldDelays());
}

/** Takes a checkpoint for which codes have to be folded. */
export function merging(partition: PartitionLedger): Checkpoint {
  giveDelaysAway(partition);
  return partition.checkpoint(partition.checkpoint(limit, 0).metadata.length - 1, 0);
}

/** Counts a record for each code. */
export function count(partition: PartitionLedger, ...codes: string[]): void {
  for (const code of codes) {
    partition.count([receipt(code)], undefined, Number.NaN);
    partition.next++;
  }
}

/** Counts a record of each kind that is no receipt by intent. */
export function ignore(partition: PartitionLedger, ...kinds: IgnoredKind[]): void {
  for (const kind of kinds) {
    partition.count([], kind, Number.NaN);
    partition.next++;
  }
}

/** Commits as the broker would take it, and gives what it then holds. */
export function commit(partition: PartitionLedger, now = 0): Committed {
  const checkpoint = partition.checkpoint(limit, now);
  partition.confirm(checkpoint);
  return { offset: checkpoint.view.next, metadata: checkpoint.metadata };
}

/** What counts receipts once more. */
export const partsOfReceipts: readonly Counter["kind"][] = [
  "conflicts",
  "receiptsBy",
  "delays",
  "unmeasured",
  "segments",
  "segmentReceipts",
];

/** What a scrape gets, once it has got all of it, with the sum of what adds up to the offset. */
export function scraped(
  partition: PartitionLedger,
): ReturnType<PartitionLedger["expose"]> & { readonly total: number } {
  const page = partition.expose();
  page.seen();
  const own = page.counters.filter(({ counter }) => !partsOfReceipts.includes(counter.kind));
  return { ...page, total: own.reduce((sum, { value }) => sum + value, 0) };
}

/** What a scrape shows: the sum of what adds up to the offset, the offset, and the codes that have a value. */
export function shown(partition: PartitionLedger): {
  total: number;
  /** Undefined while nothing can be shown. */
  next: number | undefined;
  codes: Record<string, number>;
} {
  const { view, counters, total } = scraped(partition);
  const receipts = counters.flatMap(({ counter, value }) =>
    counter.kind === "receipts" ? [[`${counter.code} ${counter.category}`, value] as const] : [],
  );
  return { total, next: view?.next, codes: Object.fromEntries(receipts.filter(([, value]) => value !== 0)) };
}
