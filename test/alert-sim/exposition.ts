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

const instances = ["exporter-1:9464", "exporter-2:9464"] as const;

/**
 * What Prometheus has scraped of two exporters, once a minute.
 *
 * The counts of a partition move to the other instance at a handover: every second time the old one shows its last
 * counts once more, beside the new ones; otherwise nobody shows them for two scrapes. OpenMetrics has no staleness
 * marker, so what an instance has shown last can be seen for five minutes more than it could in life.
 *
 * @returns OpenMetrics lines, each series in order of time
 */
export function* exposition(month: DrawnMonth): Generator<string> {
  for (const receipts of month.receipts) {
    for (let partition = 0; partition < receipts.provider.partitions; partition++) {
      yield* partitionSamples(month, receipts, partition);
    }
  }
  yield* mapSamples(month);
}

/** Which code map is in use, where it changes in the month. */
function* mapSamples({ minutes, mapChange }: DrawnMonth): Generator<string> {
  if (mapChange === undefined) return;
  const spans = { old: [0, mapChange], new: [mapChange, minutes + 1] } as const;
  for (const [hash, [start, end]] of Object.entries(spans)) {
    for (const instance of instances) {
      const head = `dlr_code_map_info{job="dlr-exporter",instance="${instance}",hash="${hash}"}`;
      yield Array.from(
        { length: end - start },
        (_, i) => `${head} 1 ${monthStart + (start + i) * 60}\n`,
      ).join("");
    }
  }
}

function* partitionSamples(month: DrawnMonth, receipts: Receipts, partition: number): Generator<string> {
  const { name, partitions, from = 0 } = receipts.provider;
  const place = `topic="${name}.receipts",partition="${partition}"`;
  const showings = [...showingsOf(month, name, partition)].filter(({ at }) => from <= at);
  for (const [category, { code, outcome }] of Object.entries(codes)) {
    const totals = runningTotals(receipts.counted[category as Counted], partition, partitions);
    const rest = `provider="${name}",channel="sms",scope="sms_receipt",code="${code}",category="${category}",outcome="${outcome}"`;
    const heads = instances.map(
      (instance) => `dlr_receipts_total{job="dlr-exporter",instance="${instance}",${place},${rest}}`,
    );
    // A code that the map does not list has no series before it is first seen.
    const shownFrom = category === "unknown" ? 1 : 0;
    yield showings
      .map(({ instance, at, shown }) => {
        const total = totals[shown] ?? 0;
        return total < shownFrom ? "" : `${heads[instance]} ${total} ${monthStart + at * 60}\n`;
      })
      .join("");
  }
  const heads = instances.map(
    (instance) => `dlr_last_event_timestamp_seconds{job="dlr-exporter",instance="${instance}",${place}}`,
  );
  yield showings
    .map(({ instance, at, shown }) => {
      const newest = receipts.newest[shown - 1] ?? -1;
      return newest < 0
        ? ""
        : `${heads[instance]} ${monthStart + (newest + 1) * 60 - 1} ${monthStart + at * 60}\n`;
    })
    .join("");
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
