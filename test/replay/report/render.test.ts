import { describe, expect, it } from "vitest";
import { type DelaySeries, delayBuckets, observeDelay } from "../../../src/ledger/delays.ts";
import type { ReplayCounts } from "../../../src/replay/counts.ts";
import { renderReport } from "../../../src/replay/report/render.ts";
import { countsOf, labelsOf } from "../sinks/history.ts";

const china = 480;
const hour = 3_600_000;
const delivered = labelsOf("DELIVRD", { category: "delivered", outcome: "delivered" });
const unknown = labelsOf('X,"9', { category: "unknown" });

/** @param local such as `2026-10-01 00:00`, in China */
function at(local: string): number {
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
function fourDays(): ReplayCounts {
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

describe("as a table", () => {
  it("tells everything", () => {
    expect(renderReport(fourDays(), "table", china)).toBe(`\
Receipts from 2026-10-01 00:00 to 2026-10-05 00:00 (+08:00), by the time of their event

CATEGORY   COUNT  SHARE
delivered      4  57.1 %
blacklist      2  28.6 %
unknown        1  14.3 %

PROVIDER  SCOPE        CODE     CATEGORY   OUTCOME    COUNT
aliyun    sms_receipt  DELIVRD  delivered  delivered      4
aliyun    sms_receipt  MB:1042  blacklist  failed         2
aliyun    sms_receipt  X,"9     unknown    failed         1

DAY         ALL  delivered  blacklist  unknown
2026-10-01    3          1          2        0
2026-10-02    3          2          0        1
2026-10-03    0          0          0        0
2026-10-04    1          1          0        0

PROVIDER  SCOPE        UNKNOWN CODE  COUNT
aliyun    sms_receipt  X,"9              1

CHANNEL  OUTCOME    DELAYS  P50                P95                P99
sms      delivered     100  about 4.9 seconds  about 9.5 seconds  about 9.9 seconds
sms      failed          1  3 days or more     3 days or more     3 days or more

records 11, receipts 7, conflicts 4, undated 1, malformed 2 not_json, 1 tombstone

Not counted, for their time is outside the window: 1 receipt before it, 2 after it.
Without a time of their own, placed by their record's: 1 receipt.
Under _other: 7 codes that the map does not list. Of each topic the commonest keep their name, as many as unknown_codes says.
3 receipts came with the last tenth of the slack of 6h: a longer one may find more, such as --slack 12h.
dlr.receipts, partition 1: oldest record is 2026-10-03 08:00, 2.3 days of the window are gone.
dlr.receipts, partition 2: oldest record is 2026-10-02 00:00, 1 day of the window is gone.
dlr.receipts, partition 3: oldest record is 2026-10-05 00:00, the whole window is gone.
dlr.receipts, partition 4: no record is left; what the window had here, if anything, is gone.
dlr.receipts: 17 offsets hold no record: compacted or transaction markers.
other: 1 offset holds no record: compacted or transaction markers.
dlr.receipts, partition 0: 20 offsets from 2026-10-05 08:00 to 2026-10-09 00:00 left unread by --slack 6h.
dlr.receipts, partition 1: 1 offset from 2026-10-05 08:00 to 2026-10-09 00:00 left unread by --slack 6h. Records are up to 2 days out of order: leave it out to miss none.
other, partition 0: 12 offsets behind an open transaction can't be read before it ends.
`);
  });

  it("goes by the hour in a short window, whose first and last may be cut", () => {
    const counts = countsOf({ from: at("2026-10-01 22:30"), to: at("2026-10-02 00:30") }, [
      { labels: delivered, times: ["2026-10-01 22:59", "2026-10-01 23:00", "2026-10-02 00:29"].map(at) },
    ]);
    expect(renderReport(counts, "table", china)).toContain(`
HOUR              ALL  delivered
2026-10-01 22:00    1          1
2026-10-01 23:00    1          1
2026-10-02 00:00    1          1
`);
  });

  it("gives the six most frequent categories a column, and the others one", () => {
    const own = Array.from({ length: 9 }, (_, index) => `c${index}`);
    const counts = countsOf(
      { from: at("2026-10-01 00:00"), to: at("2026-10-01 01:00") },
      own.map((category, index) => ({
        labels: labelsOf(category, { category }),
        times: Array.from({ length: index + 1 }, () => at("2026-10-01 00:00")),
      })),
    );
    expect(renderReport(counts, "table", china)).toContain(`
HOUR              ALL  c8  c7  c6  c5  c4  c3  3 others
2026-10-01 00:00   45   9   8   7   6   5   4         6
`);
  });

  it("says little where there is nothing to say", () => {
    const counts = countsOf({ from: at("2026-10-01 00:00"), to: at("2026-10-01 01:00") }, []);
    expect(renderReport({ ...counts, window: { ...counts.window, by: "record" } }, "table", 0)).toBe(`\
Receipts from 2026-09-30 16:00 to 2026-09-30 17:00 (+00:00), by the time of their record

records 0, receipts 0, conflicts 0, undated 0, malformed 0
`);
  });
});

describe("by hour or by day", () => {
  const rows = [
    { name: "three days", hours: 72, step: 60_000, per: "hour" },
    { name: "a step more than three days", hours: 73, step: hour, per: "day" },
    { name: "steps longer than an hour", hours: 48, step: 2 * hour, per: "day" },
  ];
  it.each(rows)("$name: $per", ({ hours, step, per }) => {
    const from = at("2026-10-01 00:00");
    const counts = countsOf({ from, to: from + hours * hour, step }, []);
    expect(JSON.parse(renderReport(counts, "json", china))).toMatchObject({ per });
  });
});

it("as JSON", () => {
  const day = (date: number) => `2026-10-0${date}T00:00:00+08:00`;
  expect(JSON.parse(renderReport(fourDays(), "json", china))).toEqual({
    window: { from: day(1), to: day(5), step: "1m", slack: "6h", by: "event" },
    records: 11,
    receipts: 7,
    malformed: { not_json: 2, tombstone: 1 },
    conflicts: 4,
    outside: { before: 1, after: 2 },
    late: 3,
    undated: 1,
    per: "day",
    categories: [
      { category: "delivered", count: 4, periods: { [day(1)]: 1, [day(2)]: 2, [day(4)]: 1 } },
      { category: "blacklist", count: 2, periods: { [day(1)]: 2 } },
      { category: "unknown", count: 1, periods: { [day(2)]: 1 } },
    ],
    counts: [
      { ...delivered, count: 3, periods: { [day(1)]: 1, [day(2)]: 1, [day(4)]: 1 } },
      { ...labelsOf("MB:1042"), count: 2, periods: { [day(1)]: 2 } },
      { ...unknown, count: 1, periods: { [day(2)]: 1 } },
      { ...delivered, topic: "other", count: 1, periods: { [day(2)]: 1 } },
    ],
    delays: [
      { channel: "sms", outcome: "delivered", count: 100, p50: 4.9, p95: 9.49, p99: 9.898 },
      { channel: "sms", outcome: "failed", count: 1, p50: 259_200, p95: 259_200, p99: 259_200 },
    ],
    gaps: [
      { topic: "dlr.receipts", partition: 0, offsets: 16, reason: "removed" },
      {
        topic: "dlr.receipts",
        partition: 1,
        offsets: 90,
        reason: "retention",
        oldest: "2026-10-03T08:00:00+08:00",
      },
      { topic: "dlr.receipts", partition: 2, offsets: 5, reason: "retention", oldest: day(2) },
      { topic: "dlr.receipts", partition: 3, offsets: 5, reason: "retention", oldest: day(5) },
      { topic: "dlr.receipts", partition: 4, offsets: 9, reason: "retention" },
      { topic: "dlr.receipts", partition: 5, offsets: 1, reason: "removed" },
      { topic: "other", partition: 0, offsets: 1, reason: "removed" },
    ],
    unnamed: { codes: 7, andMore: false },
    unread: [
      {
        topic: "dlr.receipts",
        partition: 0,
        offsets: 20,
        after: "2026-10-05T08:00:00+08:00",
        until: "2026-10-09T00:00:00+08:00",
        suspect: false,
      },
      {
        topic: "dlr.receipts",
        partition: 1,
        offsets: 1,
        after: "2026-10-05T08:00:00+08:00",
        until: "2026-10-09T00:00:00+08:00",
        suspect: true,
      },
    ],
    undecided: [{ topic: "other", partition: 0, offsets: 12 }],
  });
});

it("as CSV", () => {
  expect(renderReport(fourDays(), "csv", china)).toBe(`\
day,topic,provider,channel,scope,code,category,outcome,count
2026-10-01T00:00:00+08:00,dlr.receipts,aliyun,sms,sms_receipt,DELIVRD,delivered,delivered,1
2026-10-01T00:00:00+08:00,dlr.receipts,aliyun,sms,sms_receipt,MB:1042,blacklist,failed,2
2026-10-02T00:00:00+08:00,dlr.receipts,aliyun,sms,sms_receipt,DELIVRD,delivered,delivered,1
2026-10-02T00:00:00+08:00,dlr.receipts,aliyun,sms,sms_receipt,"X,""9",unknown,failed,1
2026-10-02T00:00:00+08:00,other,aliyun,sms,sms_receipt,DELIVRD,delivered,delivered,1
2026-10-04T00:00:00+08:00,dlr.receipts,aliyun,sms,sms_receipt,DELIVRD,delivered,delivered,1
`);
});
