import { commonestValues, totalsBy } from "../../ledger/commonest.ts";
import type { ReceiptCounter } from "../../ledger/counter.ts";
import type { Counts } from "../../ledger/counts.ts";
import { conflictsIn, ignoredIn, keysIn, malformedIn } from "../../ledger/summary.ts";
import { otherValue } from "../../receipts/dimensions/dimension.ts";
import {
  type SegmentPart,
  type SegmentSum,
  segmentSums,
  segmentTable,
} from "../../replay/report/segment-table.ts";
import { type ValueCount, valueTable } from "../../replay/report/value-table.ts";
import { countedWords, table } from "../../table.ts";

/** What a file counts as; the shape of `classify --input --output json`. */
export interface FileCounts {
  /** Lines that are not empty. */
  readonly records: number;
  /** The sum of the counts. */
  readonly receipts: number;
  /** Records by reason; reasons that did not come are left out. */
  readonly malformed: Readonly<Record<string, number>>;
  /** Records that are no receipts by intent, by kind; kinds that did not come are left out. */
  readonly ignored: Readonly<Record<string, number>>;
  readonly conflicts: number;
  /** Receipts that came before, which are not in the counts, and those without a key; only where they are looked for. */
  readonly duplicates?: number;
  readonly unkeyed?: number;
  /** By scope, then code. */
  readonly counts: readonly Count[];
  /** The same receipts by the values of each dimension, which add up to them; only where the topic has dimensions. */
  readonly dimensions?: Readonly<Record<string, readonly ValueCount[]>>;
  /** Their segments by category and outcome, the most first; only where receipts say how many they have. */
  readonly segments?: readonly SegmentSum[];
}

type Count = Pick<ReceiptCounter, "channel" | "scope" | "code" | "category" | "outcome"> & {
  readonly count: number;
};

/**
 * What has been counted, over all providers.
 *
 * @param dimensionValues how many values of a dimension have a name, the commonest; the others are `_other`
 */
export function fileCountsOf(records: number, counted: Counts, dimensionValues: number): FileCounts {
  // Cells that differ in the provider alone are one count here.
  const cells = Map.groupBy(counted.cells(), ({ channel, scope, code, category, outcome }) =>
    [scope, code, category, outcome, channel].join("\t"),
  );
  const counts = [...cells]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [first, ...others]]): Count[] => {
      if (first === undefined) return [];
      const { channel, scope, code, category, outcome } = first;
      return [
        { channel, scope, code, category, outcome, count: others.reduce((n, c) => n + c.count, first.count) },
      ];
    });
  const receipts = counts.reduce((sum, { count }) => sum + count, 0);
  const malformed = Object.fromEntries(malformedIn(counted));
  const ignored = Object.fromEntries(ignoredIn(counted));
  const { duplicates, unkeyed } = keysIn(counted);
  const keys = counted.window === undefined ? {} : { duplicates, unkeyed };
  const segments = segmentsIn(counted);
  const sum = {
    ...{ records, receipts, malformed, ignored, conflicts: conflictsIn(counted), ...keys, counts },
    ...(segments.some(({ receipts: { not_said, ...said } }) => Object.keys(said).length > 0) && { segments }),
  };
  const names = counted.dimensions;
  if (names.length === 0) return sum;
  const dimensions = names.map((name) => [name, valuesOf(name, counted, dimensionValues)] as const);
  return { ...sum, dimensions: Object.fromEntries(dimensions) };
}

function segmentsIn({ counters, bySlot }: Counts): SegmentSum[] {
  return segmentSums(
    counters.flatMap((counter, slot): SegmentPart[] => {
      const count = bySlot[slot] ?? 0;
      if (count <= 0 || (counter.kind !== "segments" && counter.kind !== "segmentReceipts")) return [];
      const { category, outcome } = counter;
      const state = counter.kind === "segmentReceipts" ? counter.segments : undefined;
      return [{ category, outcome, state, count }];
    }),
  );
}

/** What a dimension's values count, the most frequent value first. */
function valuesOf(dimension: string, counted: Counts, room: number): ValueCount[] {
  const cells = counted.counters.flatMap((counter, slot) => {
    const count = counted.bySlot[slot] ?? 0;
    return counter.kind === "receiptsBy" && counter.dimension === dimension && count > 0
      ? [{ ...counter, count }]
      : [];
  });
  const named = commonestValues(
    totalsBy(
      cells,
      ({ value }) => value,
      ({ count }) => count,
    ),
    room,
  );
  const labelled = cells.map(({ value, category, outcome, count }) => ({
    ...{ value: named.has(value) ? value : otherValue, category, outcome, count },
  }));
  const totals = totalsBy(
    labelled,
    ({ value }) => value,
    ({ count }) => count,
  );
  const keyOf = ({ value, category, outcome }: ValueCount) => [value, category, outcome].join("\t");
  return [...Map.groupBy(labelled, keyOf)]
    .map(([key, own]) => ({ key, own, total: totals.get(own[0]?.value ?? "") ?? 0 }))
    .sort((a, b) => b.total - a.total || (a.key < b.key ? -1 : 1))
    .flatMap(({ own: [first, ...others] }) =>
      first === undefined ? [] : [{ ...first, count: others.reduce((n, c) => n + c.count, first.count) }],
    );
}

/** The counts as tables for people. */
export function fileCountsInWords(file: FileCounts): string {
  const { records, receipts, malformed, ignored, conflicts, counts, dimensions = {}, segments } = file;
  const { duplicates, unkeyed } = file;
  const keys = duplicates === undefined ? "" : `duplicates ${duplicates}, without a key ${unkeyed}, `;
  const categories = [...Map.groupBy(counts, ({ category }) => category)]
    .map(([category, own]) => ({ category, count: own.reduce((sum, { count }) => sum + count, 0) }))
    .sort((a, b) => b.count - a.count)
    .map(({ category, count }) => [category, count, `${((100 * count) / receipts).toFixed(1)} %`]);
  const codes = counts.map((own) => [own.scope, own.code, own.category, own.outcome, own.count]);
  return [
    table([["CATEGORY", "COUNT", "SHARE"], ...categories]),
    table([["SCOPE", "CODE", "CATEGORY", "OUTCOME", "COUNT"], ...codes]),
    ...(segments === undefined ? [] : [table(segmentTable(segments))]),
    ...Object.entries(dimensions).map(([name, own]) => table(valueTable(name, own))),
    `records ${records}, receipts ${receipts}, conflicts ${conflicts}, ${keys}` +
      `malformed ${countedWords(malformed)}, ignored ${countedWords(ignored)}\n`,
  ].join("\n");
}
