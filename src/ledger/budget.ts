import type { Outcome } from "../codes/verdict.ts";
import { malformedReasons } from "../receipts/receipt.ts";
import { otherCode } from "./cells.ts";
import { Counts, type CountsOptions } from "./counts.ts";
import { PartitionLedger } from "./partition-ledger.ts";

/** What the counts of a topic's tables take in the metadata of a commit, in characters. */
export interface Budget {
  /** How many codes the tables list. */
  readonly codes: number;
  /** With every listed code in use. */
  readonly listed: number;
  /** How many of the listed codes are folded at the limit, with all of them in use. */
  readonly folded: number;
  /** The totals by category and outcome alone, with everything in use: at a limit below it nothing could be committed. */
  readonly totals: number;
}

/** How often the commonest code comes; the second comes half as often, and so on. */
const commonest = 10_000_000;

/** How often each of the totals comes: about as many bytes as it takes in years. */
const total = 1_000_000;

/** What a flag or an unlisted code makes of a receipt beside what the map lists. */
const unforeseen: Readonly<Record<"receipt" | "api", readonly (readonly [string, Outcome])[]>> = {
  receipt: [
    ["unknown", "failed"],
    ["unknown", "unknown"],
    ["delivered", "delivered"],
  ],
  api: [
    ["unknown", "request_rejected"],
    ["accepted", "accepted"],
  ],
};

/**
 * Reckons what a partition's snapshot takes, by taking some.
 *
 * @param options as the topic's partitions are counted, with the scopes that they can carry
 * @param limit the broker's `offset.metadata.max.bytes`, in characters
 */
export function budgetOf(
  options: CountsOptions & { readonly scopes: readonly string[] },
  limit: number,
): Budget {
  const provider = options.provider ?? "aliyun";
  const tables = options.scopes.flatMap((scope) => options.map.table(provider, scope) ?? []);
  const entries = tables.flatMap((table) => table.entries);

  const inUse = ledgerOf(options);
  for (const [rank, { scope, code, category, outcome }] of entries.entries()) {
    const cell = inUse.counts.cell(provider, scope, code, category, outcome);
    setCount(inUse, inUse.counts.slot(cell), Math.ceil(commonest / (rank + 1)));
  }
  const listed = inUse.checkpoint(Number.POSITIVE_INFINITY, 0).metadata.length;
  inUse.checkpoint(limit, 0);

  const summed = ledgerOf(options);
  const { counts } = summed;
  for (const { scope, category, outcome } of entries) {
    setCount(summed, counts.slot(counts.cell(provider, scope, otherCode, category, outcome)), total);
  }
  for (const { scope, kind } of tables) {
    setCount(summed, counts.slot({ kind: "conflicts", scope }), total);
    for (const [category, outcome] of unforeseen[kind]) {
      setCount(summed, counts.slot(counts.cell(provider, scope, otherCode, category, outcome)), total);
    }
  }
  for (const reason of malformedReasons) setCount(summed, counts.slot({ kind: "malformed", reason }), total);
  setCount(summed, counts.slot({ kind: "skipped" }), total);
  const totals = summed.checkpoint(Number.POSITIVE_INFINITY, 0).metadata.length;

  return { codes: entries.length, listed, folded: inUse.foldedCodes, totals };
}

/** What stands in the way of counting a topic at all; undefined when nothing does. */
export function shortageOf(topic: string, { totals }: Budget, limit: number): string | undefined {
  return totals <= limit
    ? undefined
    : `the totals by category of topic ${topic} can take ${totals} characters, and metadata_limit is ${limit}: raise ` +
        "offset.metadata.max.bytes on the brokers and metadata_limit here";
}

function ledgerOf(options: CountsOptions): PartitionLedger {
  const ledger = new PartitionLedger("", 0, new Counts(options), { offset: -1, metadata: null }, 0, 0);
  ledger.next = Number.MAX_SAFE_INTEGER;
  ledger.logMark = 2 ** 52 - 1;
  return ledger;
}

/** Makes each count another one, since equal ones compress. */
function setCount({ counts }: PartitionLedger, slot: number, count: number): void {
  counts.bySlot[slot] = count + ((slot * 7_919) % count);
}
