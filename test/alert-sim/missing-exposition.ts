import { monthStart } from "./exposition.ts";
import type { DrawnChannel, DrawnMissing } from "./missing.ts";

/**
 * What Prometheus has scraped of a month of requests and receipts, once a minute: API answers in one topic of each
 * channel, receipts in another. While the exporter is down there is nothing.
 *
 * @returns OpenMetrics lines, each series in order of time
 */
export function* missingExposition(month: DrawnMissing): Generator<string> {
  for (const { channel, answers, receipts } of month.drawn) {
    const labels = `provider="${channel.name}",channel="sms"`;
    yield* topic(month, `${channel.name}.answers`, answers, [
      `${labels},scope="sms_send_api",code="OK",category="accepted",outcome="accepted"`,
    ]);
    yield* topic(month, `${channel.name}.receipts`, receipts, [
      `${labels},scope="sms_receipt",code="DELIVRD",category="delivered",outcome="delivered"`,
      `${labels},scope="sms_receipt",code="024",category="power_off",outcome="failed"`,
    ]);
  }
}

/** @param series that share what is counted: the second has a tenth of it, the first the rest */
function* topic(
  { downs, minutes }: DrawnMissing,
  name: string,
  { counted, waiting, newest }: DrawnChannel["answers"],
  series: readonly string[],
): Generator<string> {
  const place = `job="dlr-exporter",instance="exporter-1:9464",topic="${name}",partition="0"`;
  const shown = Array.from({ length: minutes }, (_, minute) => minute).filter(
    (minute) => !downs.some(({ start, end }) => start <= minute && minute < end),
  );
  const totals = new Uint32Array(minutes);
  let total = 0;
  for (const [minute, count] of counted.entries()) {
    total += count;
    totals[minute] = total;
  }
  const at = (minute: number) => monthStart + (minute + 1) * 60;
  const lines = (head: string, value: (minute: number) => number) =>
    shown.map((minute) => `${head} ${value(minute)} ${at(minute)}\n`).join("");
  for (const [index, labels] of series.entries()) {
    yield lines(`dlr_receipts_total{${place},${labels}}`, (minute) => {
      const tenth = series.length === 1 ? 0 : Math.floor((totals[minute] ?? 0) / 10);
      return index === 0 ? (totals[minute] ?? 0) - tenth : tenth;
    });
  }
  yield lines(`dlr_committed_offset{${place}}`, (minute) => totals[minute] ?? 0);
  yield lines(`dlr_consumer_lag_records{${place}}`, (minute) => waiting[minute] ?? 0);
  // answers have no time of their own
  if (series.length > 1) {
    yield lines(
      `dlr_last_event_timestamp_seconds{${place}}`,
      (minute) => monthStart + ((newest[minute] ?? 0) + 1) * 60,
    );
  }
}
