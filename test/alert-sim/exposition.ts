import type { Provider } from "./month.ts";
import type { Counted, DrawnMonth, Receipts } from "./receipts.ts";

/**
 * The first second of every month, a Monday. Blocks of backfilled samples end at multiples of 20.25 days since the
 * epoch: from one of them on, a month lies in two blocks instead of three.
 */
export const monthStart = Date.parse("2026-02-09T00:00:00Z") / 1000;

/** A code for each category, as a map lists it. */
const codes: Readonly<Record<Counted, { readonly code: string; readonly outcome: string }>> = {
  delivered: { code: "DELIVRD", outcome: "delivered" },
  blacklist: { code: "DB:0141", outcome: "failed" },
  empty_number: { code: "MK:0010", outcome: "failed" },
  unknown: { code: "NEW:1", outcome: "failed" },
};

const job = "dlr-exporter";
const instances = ["exporter-1:9464", "exporter-2:9464"] as const;

/** A series as it was scraped. */
export interface ScrapedSeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Minutes of the month and values, in order of time. */
  readonly samples: readonly (readonly [minute: number, value: number])[];
}

/** What was scraped in a month, as OpenMetrics lines, each series in order of time. */
export function* exposition(month: DrawnMonth): Generator<string> {
  for (const { name, labels, samples } of scrapedSeries(month)) {
    const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    const head = `${name}{${pairs.join(",")}}`;
    yield samples.map(([at, value]) => `${head} ${value} ${monthStart + at * 60}\n`).join("");
  }
}

/**
 * What Prometheus has scraped of two exporters, once a minute.
 *
 * The counts of a partition move to the other instance at a handover: every second time the old one shows its last
 * counts once more, beside the new ones; otherwise nobody shows them for two scrapes. OpenMetrics has no staleness
 * marker, so what an instance has shown last can be seen for five minutes more than it could in life.
 */
export function* scrapedSeries(month: DrawnMonth): Generator<ScrapedSeries> {
  for (const receipts of month.receipts) {
    for (let partition = 0; partition < receipts.provider.partitions; partition++) {
      yield* partitionSeries(month, receipts, partition);
    }
  }
  yield* mapSeries(month);
}

export function topicOf({ name }: Provider): string {
  return `${name}.receipts`;
}

/** What a provider's receipts are told by. */
export function channelOf({ name, channel }: Provider): { provider: string; channel: string } {
  return channel ?? { provider: name, channel: "sms" };
}

/** Which code map is in use, where it changes in the month. */
function* mapSeries({ minutes, mapChange }: DrawnMonth): Generator<ScrapedSeries> {
  if (mapChange === undefined) return;
  const spans = { old: [0, mapChange], new: [mapChange, minutes + 1] } as const;
  for (const [hash, [start, end]] of Object.entries(spans)) {
    for (const instance of instances) {
      yield {
        name: "dlr_code_map_info",
        labels: { job, instance, hash },
        samples: Array.from({ length: end - start }, (_, i) => [start + i, 1] as const),
      };
    }
  }
}

function* partitionSeries(
  month: DrawnMonth,
  receipts: Receipts,
  partition: number,
): Generator<ScrapedSeries> {
  const { name, partitions, from = 0 } = receipts.provider;
  const place = { topic: topicOf(receipts.provider), partition: String(partition) };
  const showings = [...showingsOf(month, name, partition)].filter(({ at }) => from <= at);
  const byInstance = instances.map((instance, index) => ({
    instance,
    shown: showings.filter((showing) => showing.instance === index),
  }));
  for (const [category, { code, outcome }] of Object.entries(codes)) {
    const totals = runningTotals(receipts.counted[category as Counted], partition, partitions);
    // A code that the map does not list has no series before it is first seen.
    const shownFrom = category === "unknown" ? 1 : 0;
    const receipt = { ...channelOf(receipts.provider), scope: "sms_receipt", code, category, outcome };
    for (const { instance, shown } of byInstance) {
      yield {
        name: "dlr_receipts_total",
        labels: { job, instance, ...place, ...receipt },
        samples: shown
          .map(({ at, shown: before }) => [at, totals[before] ?? 0] as const)
          .filter(([, total]) => total >= shownFrom),
      };
    }
  }
  for (const { instance, shown } of byInstance) {
    yield {
      name: "dlr_last_event_timestamp_seconds",
      labels: { job, instance, ...place },
      samples: shown
        .map(({ at, shown: before }) => [at, receipts.newest[before - 1] ?? -1] as const)
        .filter(([, newest]) => newest >= 0)
        .map(([at, newest]) => [at, monthStart + (newest + 1) * 60 - 1] as const),
    };
  }
}

/** That an instance, by its number, shows at minute `at` what was counted before minute `shown`. */
interface Showing {
  readonly instance: number;
  readonly at: number;
  readonly shown: number;
}

function* showingsOf(month: DrawnMonth, provider: string, partition: number): Generator<Showing> {
  const downs = month.outages.filter(({ down, providers }) => down && providers.includes(provider));
  let moves = 0;
  for (let at = 0; at <= month.minutes; at++) {
    const before = moves;
    while ((month.handovers[moves] ?? Number.POSITIVE_INFINITY) <= at) moves++;
    const moved = moves > before;
    const instance = (partition + moves) % 2;
    if (downs.some(({ start, end }) => start < at && at <= end)) continue;
    if (moved && moves % 2 === 1) yield { instance: 1 - instance, at, shown: at - 1 };
    const since = at - (month.handovers[moves - 1] ?? Number.NEGATIVE_INFINITY);
    if (moves > 0 && moves % 2 === 0 && since < 2) continue;
    yield { instance, at, shown: at };
  }
}

/** How many receipts a partition has counted before each minute: the partitions take turns. */
function runningTotals(counts: Uint32Array, partition: number, partitions: number): Uint32Array {
  const totals = new Uint32Array(counts.length + 1);
  let all = 0;
  for (const [minute, count] of counts.entries()) {
    all += count;
    totals[minute + 1] = Math.floor((all + partition) / partitions);
  }
  return totals;
}
