import { type DelaySeries, delayBuckets, observeDelay } from "../../../src/ledger/delays.ts";
import type { ReplayCounts } from "../../../src/replay/counts.ts";
import { countsOf, labelsOf } from "../sinks/history.ts";

/** Minutes east of UTC. */
export const china = 480;
export const hour = 3_600_000;
export const delivered = labelsOf("DELIVRD", { category: "delivered", outcome: "delivered" });
export const unknown = labelsOf('X,"9', { category: "unknown" });

/** @param local such as `2026-10-01 00:00`, in China */
export function at(local: string): number {
  return Date.parse(`${local.replace(" ", "T")}:00+08:00`);
}

/** The same number of delays of each of these seconds. */
function delaysOf(outcome: DelaySeries["outcome"], seconds: readonly number[]): DelaySeries {
  const series: DelaySeries = {
    channel: "sms",
    outcome,
    counts: new Float64Array(delayBuckets.length + 1),
    sum: 0,
  };
  for (const own of seconds) observeDelay(series, 1000 * own);
  return series;
}

/** Four local days, receipts at their very edges; something of everything that a report tells. */
export function fourDays(): ReplayCounts {
  const unread = { topic: "dlr.receipts", after: at("2026-10-05 08:00"), until: at("2026-10-09 00:00") };
  const counts = countsOf({ from: at("2026-10-01 00:00"), to: at("2026-10-05 00:00") }, [
    { labels: delivered, times: ["2026-10-01 00:00", "2026-10-02 00:00", "2026-10-04 23:59"].map(at) },
    { labels: labelsOf("MB:1042"), times: ["2026-10-01 00:00", "2026-10-01 23:59"].map(at) },
    { labels: unknown, times: [at("2026-10-02 00:00")] },
    { labels: { ...delivered, topic: "other" }, times: [at("2026-10-02 12:00")] },
  ]);
  return {
    ...counts,
    window: { ...counts.window, slack: 6 * hour },
    records: 11,
    malformed: new Map([
      ["not_json", 2],
      ["empty", 0],
      ["tombstone", 1],
    ]),
    ignored: new Map([
      ["uplink", 3],
      ["deleted", 0],
      ["recording", 1],
    ]),
    conflicts: 4,
    outside: { before: 1, after: 2 },
    late: 3,
    undated: 1,
    delays: [
      delaysOf(
        "delivered",
        Array.from({ length: 100 }, (_, index) => index / 10),
      ),
      delaysOf("failed", [600_000]),
      delaysOf("unknown", []),
    ],
    gaps: [
      { topic: "dlr.receipts", partition: 0, offsets: 16, reason: "removed", oldestAt: undefined },
      {
        topic: "dlr.receipts",
        partition: 1,
        offsets: 90,
        reason: "retention",
        oldestAt: at("2026-10-03 08:00"),
      },
      {
        topic: "dlr.receipts",
        partition: 2,
        offsets: 5,
        reason: "retention",
        oldestAt: at("2026-10-02 00:00"),
      },
      {
        topic: "dlr.receipts",
        partition: 3,
        offsets: 5,
        reason: "retention",
        oldestAt: at("2026-10-05 00:00"),
      },
      { topic: "dlr.receipts", partition: 4, offsets: 9, reason: "retention", oldestAt: undefined },
      { topic: "dlr.receipts", partition: 5, offsets: 1, reason: "removed", oldestAt: undefined },
      { topic: "other", partition: 0, offsets: 1, reason: "removed", oldestAt: undefined },
    ],
    unnamed: { codes: 7, andMore: false },
    unread: [
      { ...unread, partition: 0, offsets: 20, suspect: undefined },
      { ...unread, partition: 1, offsets: 1, suspect: 48 * hour },
    ],
    undecided: [{ topic: "other", partition: 0, offsets: 12 }],
  };
}
