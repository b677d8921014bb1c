import { monthStart } from "./exposition.ts";
import type { CountedValue, DrawnValues } from "./values.ts";

const job = 'job="dlr-exporter",instance="exporter-1:9464"';

/**
 * What Prometheus has scraped of a month with dimensions, once a minute, of one partition. Each value is shown at 0
 * before it is counted. While a signature is folded its series are gone, and _other has its counts.
 *
 * @returns OpenMetrics lines, each series in order of time
 */
export function* valueExposition(month: DrawnValues): Generator<string> {
  const place = `topic="${month.provider}.receipts",partition="0"`;
  const labels = `${job},${place},provider="${month.provider}",channel="sms"`;
  for (const [category, counts] of month.all) {
    const rest = `scope="sms_receipt",code="${category}",category="${category}",outcome="${outcomeOf(category)}"`;
    yield lines(`dlr_receipts_total{${labels},${rest}}`, runningTotals(counts), 0, month.minutes);
  }
  for (const value of month.values) yield* valueSamples(month, value, labels);
  yield Array.from({ length: month.minutes }, (_, minute) => {
    const at = monthStart + (minute + 1) * 60;
    return `dlr_last_event_timestamp_seconds{${job},${place}} ${at - 1} ${at}\n`;
  }).join("");
}

function* valueSamples(
  { fold, minutes }: DrawnValues,
  { dimension, value, counts, from }: CountedValue,
  labels: string,
): Generator<string> {
  const folded = dimension === "signature" && value === fold.signature;
  for (const [category, each] of counts) {
    const head = (name: string) =>
      `dlr_receipts_by_total{${labels},dimension="${dimension}",value="${name}",category="${category}",outcome="${outcomeOf(category)}"}`;
    const totals = runningTotals(each);
    if (!folded) {
      yield lines(head(value), totals, from, minutes);
      continue;
    }
    const back = totals[fold.end] ?? 0;
    const after = totals.map((total) => Math.max(0, total - back));
    yield lines(head(value), totals, from, fold.start) + lines(head(value), after, fold.end, minutes);
    const other = totals.map((total, minute) => (minute <= fold.start ? 0 : Math.min(total, back)));
    yield lines(head("_other"), other, 0, minutes);
  }
}

/** Samples of the minutes `from` to `to`. */
function lines(head: string, totals: Uint32Array, from: number, to: number): string {
  return Array.from(
    { length: to - from + 1 },
    (_, index) => `${head} ${totals[from + index]} ${monthStart + (from + index) * 60}\n`,
  ).join("");
}

/** What was counted before each minute. */
function runningTotals(counts: Uint32Array): Uint32Array {
  const totals = new Uint32Array(counts.length + 1);
  for (const [minute, count] of counts.entries()) totals[minute + 1] = (totals[minute] ?? 0) + count;
  return totals;
}

function outcomeOf(category: string): string {
  return category === "delivered" || category === "unknown" ? category : "failed";
}
