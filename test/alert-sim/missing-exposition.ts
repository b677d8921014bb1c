import { monthStart } from "./exposition.ts";
import type { DrawnChannel, DrawnMissing } from "./missing.ts";

/**
 * What Prometheus has scraped of a month of requests and receipts, once a minute: API answers in one topic of each
 * channel, receipts in another. While the exporter is down there is nothing.
 *
 * @returns OpenMetrics lines, each series in order of time
 */
export function* missingExposition(month: DrawnMissing): Generator<string> {
  for (const { channel, answers, receipts, slow } of month.drawn) {
    const labels = `provider="${channel.name}",channel="sms"`;
    yield* topic(month, `${channel.name}.answers`, answers, [
      `${labels},scope="sms_send_api",code="OK",category="accepted",outcome="accepted"`,
    ]);
    const name = `${channel.name}.receipts`;
    yield* topic(month, name, receipts, [
      `${labels},scope="sms_receipt",code="DELIVRD",category="delivered",outcome="delivered"`,
      `${labels},scope="sms_receipt",code="024",category="power_off",outcome="failed"`,
    ]);
    yield* delays(month, `${placeOf(name)},${labels},outcome="delivered"`, receipts, slow);
  }
}

/** @param series that share what is counted: the second has a tenth of it, the first the rest */
function* topic(
  month: DrawnMissing,
  name: string,
  { counted, waiting, newest }: DrawnChannel["answers"],
  series: readonly string[],
): Generator<string> {
  const place = placeOf(name);
  const totals = totalsOf(counted);
  for (const [index, labels] of series.entries()) {
    yield samples(month, `dlr_receipts_total{${place},${labels}}`, (minute) => {
      const tenth = series.length === 1 ? 0 : Math.floor((totals[minute] ?? 0) / 10);
      return index === 0 ? (totals[minute] ?? 0) - tenth : tenth;
    });
  }
  yield samples(month, `dlr_committed_offset{${place}}`, (minute) => totals[minute] ?? 0);
  yield samples(month, `dlr_consumer_lag_records{${place}}`, (minute) => waiting[minute] ?? 0);
  // answers have no time of their own
  if (series.length > 1) {
    yield samples(
      month,
      `dlr_last_event_timestamp_seconds{${place}}`,
      (minute) => monthStart + ((newest[minute] ?? 0) + 1) * 60,
    );
  }
}

/** How many receipts took at most five minutes, and how many any time. */
function* delays(
  month: DrawnMissing,
  labels: string,
  receipts: DrawnChannel["receipts"],
  slow: DrawnChannel["slow"],
): Generator<string> {
  const all = totalsOf(receipts.counted);
  const over = totalsOf(slow.counted);
  const bucket = (le: string) => `dlr_receipt_delay_seconds_bucket{${labels},le="${le}"}`;
  yield samples(month, bucket("300.0"), (minute) => (all[minute] ?? 0) - (over[minute] ?? 0));
  yield samples(month, bucket("+Inf"), (minute) => all[minute] ?? 0);
}

function placeOf(topic: string): string {
  return `job="dlr-exporter",instance="exporter-1:9464",topic="${topic}",partition="0"`;
}

/** One series: its samples in the minutes in which the exporter is up. */
function samples({ downs, minutes }: DrawnMissing, head: string, value: (minute: number) => number): string {
  return Array.from({ length: minutes }, (_, minute) => minute)
    .filter((minute) => !downs.some(({ start, end }) => start <= minute && minute < end))
    .map((minute) => `${head} ${value(minute)} ${monthStart + (minute + 1) * 60}\n`)
    .join("");
}

function totalsOf(counted: Uint32Array): Uint32Array {
  let total = 0;
  return counted.map((count) => {
    total += count;
    return total;
  });
}
