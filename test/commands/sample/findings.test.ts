import { expect, it } from "vitest";
import { findingsInWords, findingsOf } from "../../../src/commands/sample/findings.ts";
import { recordsFrom, sampling } from "./support.ts";

it("tells places, times, reasons and shapes, and how far it read", () => {
  const looking = sampling({}, { partitions: 2 });
  looking.partitions[0]?.take(recordsFrom(10, ["no receipt", '{"a":"b"}']), 100);
  expect(findingsOf(looking, 480)).toEqual({
    records: 2,
    complete: false,
    samples: [
      {
        ...{ topic: "sms", partition: 0, offset: 10, time: "2026-11-26T20:00:00+08:00" },
        ...{ reason: "not_json", skeleton: '"text of 10"' },
      },
      {
        ...{ topic: "sms", partition: 0, offset: 11, time: "2026-11-26T20:00:01+08:00" },
        ...{ reason: "not_a_receipt", skeleton: '{"a":"text of 1"}' },
      },
    ],
    partitions: [
      {
        ...{ topic: "sms", partition: 0, first: 10, next: 100, end: 100 },
        ...{ records: 2, complete: true, undecided: 0 },
      },
      {
        ...{ topic: "sms", partition: 1, first: 10, next: 10, end: 100 },
        ...{ records: 0, complete: false, undecided: 0 },
      },
    ],
  });
  expect(findingsInWords(looking, 480)).toBe(`\
TOPIC  PARTITION  OFFSET  TIME                       REASON         SHAPE
sms            0      10  2026-11-26T20:00:00+08:00  not_json       "text of 10"
sms            0      11  2026-11-26T20:00:01+08:00  not_a_receipt  {"a":"text of 1"}

TOPIC  PARTITION  FIRST  NEXT  END  RECORDS  READ
sms            0     10   100  100        2  to its end
sms            1     10    10  100        0  in part

2 malformed records among 2 read: reading stopped early.
`);
});

it("says why it ended", () => {
  const ending = (looking: ReturnType<typeof sampling>) =>
    findingsInWords(looking, 0).trimEnd().split("\n").at(-1);
  const full = sampling({ count: 1 });
  full.partitions[0]?.take(recordsFrom(10, ["a", "b"]), 12);
  expect(ending(full)).toBe(
    "1 malformed record among 1 read: --malformed is reached. Offsets from NEXT on were not read.",
  );
  const whole = sampling({ reason: "empty" });
  whole.partitions[0]?.take(recordsFrom(10, []), 100);
  expect(ending(whole)).toBe("0 empty records among 0 read, and there are no more.");
});

it("explains each record by itself, and tells what an open transaction hides", () => {
  const looking = sampling({}, { isExplained: true, undecided: 3 });
  looking.partitions[0]?.take(recordsFrom(10, ["no receipt", { at: 2 ** 60 }]), 100);
  expect(findingsInWords(looking, 0)).toBe(`\
sms, partition 0, offset 10, 2026-11-26T12:00:00+00:00
  unread     not_json
  shape      "text of 10"

sms, partition 0, offset 11, unknown
  unread     not_json
  shape      "text of 10"

TOPIC  PARTITION  FIRST  NEXT  END  RECORDS  READ
sms            0     10   100  100        2  to its end

sms, partition 0: 3 offsets after an open transaction can't be read until it ends.
2 malformed records among 2 read, and there are no more.
`);
});
