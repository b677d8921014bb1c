import { totalsBy } from "../../ledger/commonest.ts";
import { share } from "./share.ts";

/** Receipts with one value of a dimension, category and outcome. */
export interface ValueCount {
  readonly value: string;
  readonly category: string;
  readonly outcome: string;
  readonly count: number;
}

/** How many values have their own line: the default number of named values in one topic, and `_other`. */
const mostLines = 31;

/** Outcomes that are failures. */
const failing: readonly string[] = ["failed", "request_rejected"];

/**
 * A dimension as table rows with a header: each value with its receipts, its delivered share and its most frequent
 * failure category; the most frequent first, the rarest summed up on one line.
 */
export function valueTable(dimension: string, counts: readonly ValueCount[]): (string | number)[][] {
  const values = [...Map.groupBy(counts, ({ value }) => value)]
    .map(([value, own]) => ({ value, own, receipts: sumOf(own) }))
    .sort((a, b) => b.receipts - a.receipts || (a.value < b.value ? -1 : 1));
  const lines = values.length > mostLines ? values.slice(0, mostLines - 1) : values;
  const others = values.slice(lines.length);
  return [
    ["DIMENSION", "VALUE", "RECEIPTS", "DELIVERED", "FAILS MOSTLY AS"],
    ...lines.map(({ value, own }) => rowOf(dimension, value, own)),
    ...(others.length === 0
      ? []
      : [
          rowOf(
            dimension,
            `${others.length} others`,
            others.flatMap(({ own }) => own),
          ),
        ]),
  ];
}

/** As in the rules: delivered / (delivered + failed); other outcomes don't count. */
function rowOf(dimension: string, value: string, counts: readonly ValueCount[]): (string | number)[] {
  const delivered = sumOf(counts.filter(({ outcome }) => outcome === "delivered"));
  const ended = delivered + sumOf(counts.filter(({ outcome }) => outcome === "failed"));
  const failures = totalsBy(
    counts.filter(({ outcome }) => failing.includes(outcome)),
    ({ category }) => category,
    ({ count }) => count,
  );
  const [top] = [...failures].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return [
    ...[dimension, value, sumOf(counts)],
    ended === 0 ? "-" : share(delivered, ended),
    top === undefined ? "-" : `${top[0]} ${top[1]}`,
  ];
}

function sumOf(counts: readonly ValueCount[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}
