import { describe, expect, it } from "vitest";
import { reportOf } from "../../../src/replay/report/report.ts";
import { countsOf, labelsOf } from "../sinks/history.ts";
import { at, china, delivered, fourDays, hour, unknown } from "./four-days.ts";

it("has everything that was counted", () => {
  const day = (date: number) => `2026-10-0${date}T00:00:00+08:00`;
  expect(reportOf(fourDays(), china)).toEqual({
    window: { from: day(1), to: day(5), step: "1m", slack: "6h", by: "event" },
    records: 11,
    receipts: 7,
    malformed: { not_json: 2, tombstone: 1 },
    ignored: { uplink: 3, recording: 1 },
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
    receiptDelays: [],
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

describe("counts by hour or by day", () => {
  const rows = [
    { name: "three days", hours: 72, step: 60_000, per: "hour" },
    { name: "a step more than three days", hours: 73, step: hour, per: "day" },
    { name: "steps longer than an hour", hours: 48, step: 2 * hour, per: "day" },
  ];
  it.each(rows)("$name: $per", ({ hours, step, per }) => {
    const from = at("2026-10-01 00:00");
    const counts = countsOf({ from, to: from + hours * hour, step }, []);
    expect(reportOf(counts, china)).toMatchObject({ per });
  });
});
