import { ignoredKinds, isIgnored, malformedReasons, type Unread } from "../receipts/receipt.ts";

/** What is counted beside the series. */
export interface Aside {
  records: number;
  conflicts: number;
  before: number;
  after: number;
  late: number;
  undated: number;
  /** Receipts that two maps place alike, when two are compared. */
  unmoved: number;
  /** Receipts whose value in a dimension is `_other` for lack of memory; one that has lost several counts for each. */
  unnamed: number;
  /** By index in `malformedReasons`. */
  malformed: number[];
  /** By index in `ignoredKinds`. */
  ignored: number[];
}

/** Nothing counted yet. */
export function emptyAside(): Aside {
  const malformed = malformedReasons.map(() => 0);
  const ignored = ignoredKinds.map(() => 0);
  return {
    records: 0,
    conflicts: 0,
    before: 0,
    after: 0,
    late: 0,
    undated: 0,
    unmoved: 0,
    unnamed: 0,
    malformed,
    ignored,
  };
}

/** Counts a record, or a part of one, that gives no receipt. */
export function countUnread({ malformed, ignored }: Aside, unread: Unread): void {
  const [counts, index] = isIgnored(unread)
    ? [ignored, ignoredKinds.indexOf(unread)]
    : [malformed, malformedReasons.indexOf(unread)];
  counts[index] = (counts[index] ?? 0) + 1;
}
