import { describe, expect, it } from "vitest";
import type { ReplayCounts } from "../../../src/replay/counts.ts";
import { reportText } from "../../../src/replay/report/report-text.ts";
import { reportOf } from "../../../src/replay/report/report.ts";
import { countsOf, labelsOf } from "../sinks/history.ts";
import { at, china, delivered, fourDays } from "./four-days.ts";

function textOf(counts: ReplayCounts, utcOffsetMinutes: number): string {
  return reportText(reportOf(counts, utcOffsetMinutes), counts, utcOffsetMinutes);
}

describe("a report as text", () => {
  it("tells everything", () => {
    expect(textOf(fourDays(), china)).toBe(`\
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

records 11, receipts 7, conflicts 4, undated 1, malformed 2 not_json, 1 tombstone, ignored 3 uplink, 1 recording

Not counted because their time is outside the window: 1 receipt before it, 2 after it.
Without a time of their own, placed by their record's time: 1 receipt.
Under _other: 7 codes that the map does not list. The most frequent ones of each topic keep their names, up to unknown_codes.
3 receipts arrived in the last tenth of the slack of 6h: a longer slack may find more, such as --slack 12h.
dlr.receipts, partition 1: oldest record is 2026-10-03 08:00, 2.3 days of the window are gone.
dlr.receipts, partition 2: oldest record is 2026-10-02 00:00, 1 day of the window is gone.
dlr.receipts, partition 3: oldest record is 2026-10-05 00:00, the whole window is gone.
dlr.receipts, partition 4: no record is left; anything the window had here is gone.
dlr.receipts: 17 offsets hold no record: compacted or transaction markers.
other: 1 offset holds no record: compacted or transaction markers.
dlr.receipts, partition 0: 20 offsets from 2026-10-05 08:00 to 2026-10-09 00:00 skipped by --slack 6h.
dlr.receipts, partition 1: 1 offset from 2026-10-05 08:00 to 2026-10-09 00:00 skipped by --slack 6h. Records are up to 2 days out of order: leave it out to miss none.
other, partition 0: 12 offsets after an open transaction can't be read until it ends.
`);
  });

  it("goes by the hour in a short window, whose first and last may be cut", () => {
    const counts = countsOf({ from: at("2026-10-01 22:30"), to: at("2026-10-02 00:30") }, [
      { labels: delivered, times: ["2026-10-01 22:59", "2026-10-01 23:00", "2026-10-02 00:29"].map(at) },
    ]);
    expect(textOf(counts, china)).toContain(`
HOUR              ALL  delivered
2026-10-01 22:00    1          1
2026-10-01 23:00    1          1
2026-10-02 00:00    1          1
`);
  });

  const firstHour = (categories: number) =>
    countsOf(
      { from: at("2026-10-01 00:00"), to: at("2026-10-01 01:00") },
      Array.from({ length: categories }, (_, index) => ({
        labels: labelsOf(`c${index}`, { category: `c${index}` }),
        times: Array.from({ length: index + 1 }, () => at("2026-10-01 00:00")),
      })),
    );

  it("gives the six most frequent categories a column, and the others one", () => {
    expect(textOf(firstHour(9), china)).toContain(`
HOUR              ALL  c8  c7  c6  c5  c4  c3  3 others
2026-10-01 00:00   45   9   8   7   6   5   4         6
`);
  });

  it("gives the only other its own column", () => {
    expect(textOf(firstHour(7), china)).toContain(`
HOUR              ALL  c6  c5  c4  c3  c2  c1  c0
2026-10-01 00:00   28   7   6   5   4   3   2   1
`);
  });

  it("says little where there is nothing to say", () => {
    const counts = countsOf({ from: at("2026-10-01 00:00"), to: at("2026-10-01 01:00") }, []);
    expect(textOf({ ...counts, window: { ...counts.window, by: "record" } }, 0)).toBe(`\
Receipts from 2026-09-30 16:00 to 2026-09-30 17:00 (+00:00), by the time of their record

records 0, receipts 0, conflicts 0, undated 0, malformed 0, ignored 0
`);
  });
});
