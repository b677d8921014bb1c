import { describe, expect, it } from "vitest";
import type { Finding } from "../../../src/commands/find/finding.ts";
import { recordsInOrder } from "../../../src/replay/order.ts";
import { shapeOf } from "../../receipts/support.ts";
import { began, recordsFrom } from "../sample/support.ts";
import { fieldsOf, finding, receiptOf, topic } from "./support.ts";

const [blacklisted, empty, unlisted, delivered] = [
  receiptOf("db:0141"),
  receiptOf("12"),
  receiptOf("NEW:1"),
  receiptOf("DELIVERED", true),
];
const array = JSON.stringify([fieldsOf("12"), fieldsOf("DB:0141"), fieldsOf("DB:0141")]);
const records = [blacklisted, empty, unlisted, "no receipt", array, delivered, receiptOf("")];

function placesOf(finding: Finding): string[] {
  return finding.all.map((one) =>
    one.kind === "receipt"
      ? `${one.offset}/${one.index} ${one.code} ${one.category} ${one.outcome}`
      : `${one.offset} ${one.reason}`,
  );
}

function found(values: Parameters<typeof finding>[0]): string[] {
  const looking = finding(values);
  looking.partitions[0]?.take(recordsFrom(10, records), 100);
  return placesOf(looking);
}

const [first, inArray, inArrayToo] = ["10/0", "14/1", "14/2"].map(
  (place) => `${place} DB:0141 blacklist failed`,
);

describe("finds", () => {
  it.each([
    { values: { code: "DB:0141" }, places: [first, inArray, inArrayToo] },
    { values: { code: "Db：0141 " }, places: [first, inArray, inArrayToo] },
    {
      values: { code: ["new:1", "_none"] },
      places: ["12/0 NEW:1 unknown failed", "16/0 _none unknown failed"],
    },
    { values: { category: "delivered" }, places: ["15/0 DELIVERED delivered delivered"] },
    {
      values: { outcome: "failed", code: "12" },
      places: ["11/0 12 empty_number failed", "14/0 12 empty_number failed"],
    },
    { values: { code: "DB:0141", category: "empty_number" }, places: [] },
    { values: { code: "DB:014" }, places: [] },
    { values: { provider: "tencent" }, places: [] },
    { values: { scope: "voice_receipt" }, places: [] },
    { values: { channel: "voice" }, places: [] },
    { values: { channel: ["voice", "sms"], code: "new:1" }, places: ["12/0 NEW:1 unknown failed"] },
    {
      values: { provider: "aliyun", scope: "sms_receipt", code: "NEW:1" },
      places: ["12/0 NEW:1 unknown failed"],
    },
    { values: { malformed: "not_json" }, places: ["13 not_json"] },
    { values: { malformed: ["empty"], ignored: ["uplink"] }, places: [] },
  ])("$values", ({ values, places }) => {
    expect(found(values)).toEqual(places);
  });

  it("every receipt when nothing is asked for", () => {
    expect(found({})).toHaveLength(8);
  });

  it("what a topic's provider and fallback make of a code, as run counts it", () => {
    const own = { ...topic, provider: "tencent", fallback: ["aliyun"], shape: shapeOf() };
    const looking = finding({ category: "empty_number", provider: "tencent" }, [], { topics: [own] });
    looking.partitions[0]?.take(recordsFrom(10, records), 100);
    expect(looking.all.map(({ offset }) => offset)).toEqual([11, 14]);
  });

  it("records of the time that is asked for", () => {
    const second = (at: number) => new Date(began + 1_000 * at).toISOString();
    expect(found({ code: "DB:0141", from: second(1), to: second(4) })).toEqual([]);
    expect(found({ code: "DB:0141", from: second(0), to: second(4) })).toEqual([first]);
    expect(found({ code: "DB:0141", from: second(4), to: second(5) })).toEqual([inArray, inArrayToo]);
  });
});

describe("ends", () => {
  it("everywhere once there are as many as wanted, and tells how many more the last record has", () => {
    const looking = finding({ code: "DB:0141", limit: "2" }, [], { partitions: 2 });
    const [one, other] = looking.partitions;
    one?.take(recordsFrom(10, records), 17);
    expect(placesOf(looking)).toEqual([first, inArray]);
    expect([one, other].map((each) => [each?.next, each?.end, each?.records])).toEqual([
      [15, 15, 5],
      [10, 10, 0],
    ]);
    expect([looking.found, looking.more, looking.records, looking.isFull]).toEqual([2, 1, 5, true]);
  });

  it("where a long row of records is later than all that is asked for", () => {
    const looking = finding({ to: new Date(began + 1_000).toISOString() });
    const [partition] = looking.partitions;
    const late = Array.from({ length: recordsInOrder }, () => ({ at: began + 86_400_000 }));
    partition?.take(recordsFrom(10, late), 100 + recordsInOrder);
    expect([partition?.isPast, partition?.end]).toEqual([true, 10 + recordsInOrder]);
  });
});

it("shows and explains a record once, and only when it is asked to", () => {
  const looked = (...switches: string[]) => {
    const looking = finding({ code: "DB:0141", limit: "1" }, switches);
    looking.partitions[0]?.take(recordsFrom(10, records), 100);
    return looking.all[0];
  };
  expect(looked()).toMatchObject({ record: undefined, explained: undefined });
  expect(looked("show")?.record).toEqual({
    ...{ phone_number: "11 digits", send_time: "text of 19", report_time: "text of 19", success: false },
    ...{ err_code: "db:0141", err_msg: "text of 7", sms_size: "1", biz_id: "text of 20" },
  });
  expect(looked("explain")?.explained).toContain("  verdict    blacklist, failed (aliyun sms_receipt)");
});

it("tells of a batch too large to unpack no more than that", () => {
  const looking = finding({ malformed: "too_large" }, ["show", "explain"]);
  looking.partitions[0]?.take(recordsFrom(10, [{ oversized: true }]), 100);
  expect(looking.all).toMatchObject([
    { offset: 10, record: "a batch too large to unpack", explained: ["  unread     too_large: the batch"] },
  ]);
});
