import { expect, it } from "vitest";
import { findingsAsLines, findingsInWords } from "../../../src/commands/find/findings.ts";
import { recordsFrom } from "../sample/support.ts";
import { fieldsOf, finding, receiptOf } from "./support.ts";

const two = JSON.stringify([fieldsOf("DB:0141"), fieldsOf("it's new")]);
const undated = '{"state":"2","err_code":"DB:0141","biz_id":"1^0","receiver":"13912345678","extend":""}';

it("tells where receipts lie, how far it read, and what one may ask next", () => {
  const looking = finding({}, [], { partitions: 2 });
  looking.partitions[0]?.take(recordsFrom(10, [two, "no receipt", undated]), 100);
  expect(findingsInWords(looking, 480, ["--config", "my file.yaml"])).toBe(`\
TOPIC  PARTITION  OFFSET  INDEX  EVENT                      PROVIDER  SCOPE        CODE      CATEGORY   OUTCOME
sms            0      10      0  2026-11-26T20:00:00+08:00  aliyun    sms_receipt  DB:0141   blacklist  failed
sms            0      10      1  2026-11-26T20:00:00+08:00  aliyun    sms_receipt  it's new  unknown    failed
sms            0      12      0  unknown                    aliyun    sms_receipt  DB:0141   blacklist  failed

TOPIC  PARTITION  FIRST  NEXT  END  RECORDS  READ
sms            0     10   100  100        3  to its end
sms            1     10    10  100        0  in part

3 receipts among 3 records read: reading stopped early.
Add --show to print the records, masked, or --explain to see how each was read.
What DB:0141 means: dlr-exporter classify --config 'my file.yaml' --provider aliyun --scope sms_receipt -- DB:0141
`);
});

it("shows each record once, below the first of its receipts", () => {
  const looking = finding({ limit: "2" }, ["show"]);
  looking.partitions[0]?.take(recordsFrom(10, [two]), 11);
  const [shown] = looking.all.map(({ record }) => JSON.stringify(record));
  expect(findingsInWords(looking, 0)).toBe(`\
sms, partition 0, offset 10, receipt 0, event 2026-11-26T12:00:00+00:00: DB:0141, blacklist, failed (aliyun sms_receipt)
  ${shown}

sms, partition 0, offset 10, receipt 1, event 2026-11-26T12:00:00+00:00: it's new, unknown, failed (aliyun sms_receipt)

TOPIC  PARTITION  FIRST  NEXT  END  RECORDS  READ
sms            0     10    11  100        1  in part

2 receipts among 1 record read: --limit is reached; offsets from NEXT on were not read.
What DB:0141 means: dlr-exporter classify --provider aliyun --scope sms_receipt -- DB:0141
`);
});

it("tells of records without a receipt why, shown and explained", () => {
  const looking = finding({ malformed: "not_json" }, ["show", "explain"]);
  looking.partitions[0]?.take(recordsFrom(10, ["no receipt"]), 100);
  expect(findingsInWords(looking, 0)).toBe(`\
sms, partition 0, offset 10, recorded 2026-11-26T12:00:00+00:00: not_json
  unread     not_json
  shape      "text of 10"
  "text of 10"

TOPIC  PARTITION  FIRST  NEXT  END  RECORDS  READ
sms            0     10   100  100        1  to its end

1 record among 1 record read, and there are no more.
`);
});

it("quotes what it proposes for a shell, and proposes nothing for words of its own", () => {
  const asked = (...codes: string[]) => {
    const looking = finding({ limit: "1" });
    looking.partitions[0]?.take(
      recordsFrom(
        10,
        codes.map((code) => receiptOf(code)),
      ),
      100,
    );
    return findingsInWords(looking, 0).split("\n").at(-2);
  };
  expect(asked("$(reboot)'")).toBe(
    "What $(reboot)' means: dlr-exporter classify --provider aliyun --scope sms_receipt -- '$(reboot)'\\'''",
  );
  expect(asked("13912345678")).toMatch(/^Add --show /);
  expect(asked("")).toMatch(/^Add --show /);
});

it("says how it ended", () => {
  const ending = (values: Parameters<typeof finding>[0], take: readonly string[], end: number) => {
    const looking = finding(values);
    looking.partitions[0]?.take(recordsFrom(98, take), end);
    return findingsInWords(looking, 0)
      .split("\n")
      .findLast((line) => / among /.test(line));
  };
  expect(ending({ code: "NONE" }, [two], 100)).toBe("0 receipts among 1 record read, and there are no more.");
  expect(ending({ limit: "1" }, [two], 99)).toBe(
    "1 receipt among 1 record read: --limit is reached; the last record has 1 more, and offsets from NEXT on were not read.",
  );
  expect(ending({ limit: "1" }, ["-", two], 100)).toBe(
    "1 receipt among 2 records read: --limit is reached; the last record has 1 more.",
  );
  expect(ending({ limit: "2" }, ["-", two], 100)).toBe(
    "2 receipts among 2 records read: --limit is reached, and there are no more.",
  );
});

it("gives programs a line for each, and says at the end whether that is all", () => {
  const looking = finding({ limit: "1" }, ["show"], { partitions: 2 });
  looking.partitions[0]?.take(recordsFrom(10, [two]), 100);
  const lines = findingsAsLines(looking, 480).trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      ...{ type: "receipt", topic: "sms", partition: 0, offset: 10, index: 0 },
      ...{ event_time: "2026-11-26T20:00:00+08:00", recorded_time: "2026-11-26T20:00:00+08:00" },
      ...{
        provider: "aliyun",
        channel: "sms",
        scope: "sms_receipt",
        code: "DB:0141",
        category: "blacklist",
        outcome: "failed",
      },
      record: looking.all[0]?.record,
    },
    {
      ...{ type: "partition", topic: "sms", partition: 0, first: 10, next: 11, end: 100 },
      ...{ records: 1, complete: false, undecided: 0 },
    },
    {
      ...{ type: "partition", topic: "sms", partition: 1, first: 10, next: 10, end: 100 },
      ...{ records: 0, complete: false, undecided: 0 },
    },
    { type: "end", found: 1, more: 1, records: 1, complete: false },
  ]);
  const unread = finding({ malformed: "not_json", ignored: "recording" });
  unread.partitions[0]?.take(recordsFrom(10, ["x", '{"call_id":"1","record_url":"x"}']), 100);
  const types = findingsAsLines(unread, 0)
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  expect(types.map(({ type, reason }) => [type, reason])).toEqual([
    ["malformed", "not_json"],
    ["ignored", "recording"],
    ["partition", undefined],
    ["end", undefined],
  ]);
});
