import type { Outcome } from "../codes/verdict.ts";
import { ignoredKinds, malformedReasons } from "../receipts/receipt.ts";
import { otherCode } from "./cells.ts";
import type { DimensionCounter } from "./counter.ts";
import type { CountsOptions } from "./counts-options.ts";
import { Counts } from "./counts.ts";
import { PartitionLedger } from "./partition-ledger.ts";

/** The size of a topic's counts in the metadata of a commit, in characters. */
export interface Budget {
  /** The number of listed codes. */
  readonly codes: number;
  /** With every listed code in use. */
  readonly listed: number;
  /** Additional size of the delay buckets, all in use. */
  readonly delays: number;
  /** Additional size of the counts of duplicates and receipts without a key; 0 if the topic does not look for them. */
  readonly keys: number;
  /** How many delay columns (provider, channel, outcome) are dropped at the limit. */
  readonly foldedDelays: number;
  /** Additional size of the segments, each category in use; 0 if no receipt names them. */
  readonly segments: number;
  /** Whether the segments of all categories are counted together at the limit. */
  readonly foldedSegments: boolean;
  /** Additional size of each dimension, with a count for each of its values in each category. */
  readonly dimensions: readonly { readonly name: string; readonly size: number }[];
  /** How many of the listed codes are folded at the limit, with all of this in use. */
  readonly folded: number;
  /** The same for values of dimensions. */
  readonly foldedValues: number;
  /** The totals by category and outcome alone, with everything in use: below this limit nothing can be committed. */
  readonly totals: number;
}

/** The count of the most common code; the second has half of it, the third a third, and so on. */
const commonest = 10_000_000;

/** The count of each total: as many digits as after years. */
const total = 1_000_000;

/** Categories and outcomes that flags and unlisted codes add to those of the map. */
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
 * Estimates the size of a partition's snapshot, by encoding some.
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
  useDelays(inUse);
  let size = inUse.checkpoint(Number.POSITIVE_INFINITY, 0).metadata.length;
  const delays = size - listed;
  useSegments(inUse);
  const segments = inUse.checkpoint(Number.POSITIVE_INFINITY, 0).metadata.length - size;
  size += segments;
  useKeys(inUse);
  const keys = inUse.checkpoint(Number.POSITIVE_INFINITY, 0).metadata.length - size;
  size += keys;
  const dimensions = inUse.counts.dimensions.map((name) => {
    useValues(inUse, name, options.dimensionValues ?? 0);
    const before = size;
    size = inUse.checkpoint(Number.POSITIVE_INFINITY, 0).metadata.length;
    return { name, size: size - before };
  });
  const values = inUse.counts.namedValues;
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
  for (const what of ignoredKinds) setCount(summed, counts.slot({ kind: "ignored", what }), total);
  setCount(summed, counts.slot({ kind: "skipped" }), total);
  useSegments(summed);
  counts.foldSegments();
  useKeys(summed);
  const totals = summed.checkpoint(Number.POSITIVE_INFINITY, 0).metadata.length;

  return {
    ...{ codes: entries.length, listed, delays, keys, dimensions, folded: inUse.foldedCodes, totals },
    ...{ segments, foldedSegments: inUse.counts.hasFoldedSegments },
    foldedDelays: inUse.counts.foldedDelays,
    foldedValues: values - inUse.counts.namedValues,
  };
}

/** Why a topic can't be counted at all; undefined if it can. */
export function shortageOf(topic: string, { totals }: Budget, limit: number): string | undefined {
  return totals <= limit
    ? undefined
    : `the totals by category of topic ${topic} can need ${totals} characters, but metadata_limit is ${limit}: raise ` +
        "offset.metadata.max.bytes on the brokers and metadata_limit here";
}

function ledgerOf(options: CountsOptions): PartitionLedger {
  const ledger = new PartitionLedger("", 0, new Counts(options), { offset: -1, metadata: null }, 0, 0);
  ledger.next = Number.MAX_SAFE_INTEGER;
  ledger.logMark = 2 ** 52 - 1;
  return ledger;
}

/** Uses all delay buckets and all reasons for unmeasured delays. */
function useDelays(ledger: PartitionLedger): void {
  for (const [slot, { kind }] of ledger.counts.counters.entries()) {
    if (kind === "delays") setCount(ledger, slot, commonest);
    if (kind === "unmeasured") setCount(ledger, slot, Math.ceil(commonest / 1_000));
  }
}

/** Uses the segments of each category, and all states. */
function useSegments(ledger: PartitionLedger): void {
  for (const [slot, { kind }] of ledger.counts.counters.entries()) {
    if (kind === "segments") setCount(ledger, slot, commonest);
    if (kind === "segmentReceipts") setCount(ledger, slot, Math.ceil(commonest / 1_000));
  }
}

/** Uses all counts of duplicates and of receipts without a key. */
function useKeys(ledger: PartitionLedger): void {
  for (const [slot, { kind }] of ledger.counts.counters.entries())
    if (kind === "duplicates" || kind === "unkeyed") setCount(ledger, slot, total);
}

/** Uses this many values of a dimension; their counts fall with the square of their rank. */
function useValues(ledger: PartitionLedger, dimension: string, values: number): void {
  const { counts } = ledger;
  const columns = new Map<string, Omit<DimensionCounter, "value">>();
  for (const [slot, counter] of counts.counters.entries()) {
    if (counter.kind !== "receipts" || (counts.bySlot[slot] ?? 0) === 0) continue;
    const { provider, channel, category, outcome } = counter;
    columns.set(`${channel}\t${category}\t${outcome}`, {
      ...{ kind: "receiptsBy", provider, channel, category, outcome, dimension },
    });
  }
  for (const [rank, column] of [...columns.values()].entries()) {
    for (let value = 0; value < values; value++) {
      const slot = counts.slot({ ...column, value: `${dimension} ${value}` });
      setCount(ledger, slot, Math.ceil(commonest / ((rank + 1) * (value + 1) ** 2)));
    }
  }
}

/** Sets different counts, since equal ones compress better. */
function setCount({ counts }: PartitionLedger, slot: number, count: number): void {
  counts.bySlot[slot] = count + ((slot * 7_919) % count);
}
