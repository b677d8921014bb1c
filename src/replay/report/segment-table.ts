import type { Outcome } from "../../codes/verdict.ts";
import { type SegmentState, segmentStates } from "../../receipts/segments.ts";
import type { SegmentCounts } from "../counts.ts";
import { share } from "./share.ts";

/** The segments of one category and outcome, over all topics and providers. */
export interface SegmentSum {
  readonly category: string;
  readonly outcome: Outcome;
  readonly segments: number;
  /** The receipts by what they say of their segments; what none says is left out. */
  readonly receipts: Partial<Record<SegmentState, number>>;
}

/** Segments, or receipts in one state, with their category and outcome. */
export interface SegmentPart {
  readonly category: string;
  readonly outcome: Outcome;
  /** Undefined for segments. */
  readonly state: SegmentState | undefined;
  readonly count: number;
}

/** Sums parts by category and outcome, the most segments first. */
export function segmentSums(parts: readonly SegmentPart[]): SegmentSum[] {
  return [...Map.groupBy(parts, ({ category, outcome }) => `${category}\t${outcome}`)]
    .flatMap(([key, own]) => {
      const [first] = own;
      if (first === undefined) return [];
      const sum = (state: SegmentState | undefined) =>
        own.reduce((total, part) => (part.state === state ? total + part.count : total), 0);
      const receipts = segmentStates.map((state) => [state, sum(state)] as const).filter(([, n]) => n > 0);
      const { category, outcome } = first;
      return [
        { key, sum: { category, outcome, segments: sum(undefined), receipts: Object.fromEntries(receipts) } },
      ];
    })
    .sort((a, b) => b.sum.segments - a.sum.segments || (a.key < b.key ? -1 : 1))
    .map(({ sum }) => sum);
}

/** The parts of what a replay counted. */
export function segmentParts({ series, receipts }: SegmentCounts): SegmentPart[] {
  return [
    ...series.map(({ labels, total }) => ({ ...labels, state: undefined, count: total })),
    ...receipts.map(({ labels, total }) => ({ ...labels, state: labels.segments, count: total })),
  ].map(({ category, outcome, state, count }) => ({ category, outcome, state, count }));
}

/** Segments as rows for people: what was paid for what, and how many receipts do not say it. */
export function segmentTable(sums: readonly SegmentSum[]): (string | number)[][] {
  const total = sums.reduce((sum, { segments }) => sum + segments, 0);
  const rows = sums.map(({ category, outcome, segments, receipts }) => {
    const all = Object.values(receipts).reduce((sum, count) => sum + count, 0);
    const counted = receipts.counted ?? 0;
    const part = total === 0 ? "" : share(segments, total);
    return [category, outcome, segments, part, counted, all - counted];
  });
  return [["CATEGORY", "OUTCOME", "SEGMENTS", "SHARE", "RECEIPTS", "WITHOUT A NUMBER"], ...rows];
}
