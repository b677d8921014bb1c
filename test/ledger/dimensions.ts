import type { Committed } from "../../src/ledger/committed.ts";
import { Counts } from "../../src/ledger/counts.ts";
import { PartitionLedger } from "../../src/ledger/partition-ledger.ts";
import type { Shown } from "../../src/ledger/view.ts";
import { map, nothing } from "./partitions.ts";
import { receipt } from "./support.ts";

/** A partition whose receipts have these dimensions. */
export function openWith(
  dimensions: readonly string[],
  committed: Committed = nothing,
  dimensionValues = 30,
): PartitionLedger {
  const options = { map, provider: undefined, unknownCodes: 50, scopes: ["sms_receipt"] };
  return new PartitionLedger(
    "t",
    0,
    new Counts({ ...options, dimensions, dimensionValues }),
    committed,
    0,
    0,
  );
}

/** Counts a record with one receipt of a code and its values. */
export function countValues(partition: PartitionLedger, code: string, ...values: string[]): void {
  partition.count([receipt(code, "failed", { values })], undefined, Number.NaN);
  partition.next++;
}

/** How often a dimension's values came, by value; those at 0 are left out. */
export function valuesOf(counters: readonly Shown[], dimension: string): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { counter, value } of counters) {
    if (counter.kind !== "receiptsBy" || counter.dimension !== dimension || value === 0) continue;
    sums[counter.value] = (sums[counter.value] ?? 0) + value;
  }
  return sums;
}

/**
 * The cells of provider, channel, category and outcome in which a dimension's values do not add up to the receipts.
 */
export function wrongSums(counters: readonly Shown[], dimensions: readonly string[]): string[] {
  const receipts = new Map<string, number>();
  const byDimension = new Map(dimensions.map((dimension) => [dimension, new Map<string, number>()]));
  for (const { counter, value } of counters) {
    if (counter.kind !== "receipts" && counter.kind !== "receiptsBy") continue;
    const { provider, channel, category, outcome } = counter;
    const key = `${provider} ${channel} ${category} ${outcome}`;
    const sums = counter.kind === "receipts" ? receipts : byDimension.get(counter.dimension);
    sums?.set(key, (sums.get(key) ?? 0) + value);
  }
  return [...byDimension].flatMap(([dimension, sums]) =>
    [...new Set([...receipts.keys(), ...sums.keys()])].flatMap((key) => {
      const [all, own] = [receipts.get(key) ?? 0, sums.get(key) ?? 0];
      return all === own ? [] : [`${dimension}: ${own} of ${all} receipts of ${key}`];
    }),
  );
}
