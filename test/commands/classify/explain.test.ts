import { expect, it } from "vitest";
import { Explainer } from "../../../src/commands/classify/explain.ts";
import { packagedMap } from "../../ledger/support.ts";
import { rawRecord, shapeOf } from "../../receipts/support.ts";

const topic = { topic: "t", provider: undefined, channel: undefined, shape: shapeOf() };
const explainer = new Explainer(topic, packagedMap());

const receipt = {
  ...{ phone_number: "13900000000", send_time: "2026-01-01 00:00:00", report_time: "2026-01-01 00:00:03" },
  ...{ success: false, err_code: "DB:0141", biz_id: "706715193751989145^0" },
};

it("tells each step from a frame to the verdict", () => {
  const framed = JSON.stringify({ message: JSON.stringify([receipt]), host: { name: "h" } });
  expect(explainer.explain(rawRecord(framed))).toEqual([
    "  opened     JSON",
    "  opened     message, JSON",
    "  recognised aliyun-sms",
    "  code       DB:0141 at /err_code",
    "  flag       failed at /success",
    "  times      sent 2025-12-31T16:00:00.000Z, event 2025-12-31T16:00:03.000Z",
    "  verdict    blacklist, failed (aliyun sms_receipt)",
  ]);
});

it("tells a flag that nobody understands", () => {
  const lines = explainer.explain(rawRecord(JSON.stringify({ ...receipt, success: "perhaps" })));
  expect(lines).toContain("  flag       unread at /success");
  expect(lines.at(-1)).toBe(
    "  verdict    blacklist, failed (aliyun sms_receipt); the flag contradicts the code, or is not understood",
  );
});

it("tells why there is none, and what shape the record has, without its values", () => {
  const lines = explainer.explain(rawRecord('{"mine":{"phone":"13900000000","text":"hello"}}'));
  expect(lines).toEqual([
    "  opened     JSON",
    "  unread     not_a_receipt",
    '  shape      {"mine":{"phone":"11 digits","text":"text of 5"}}',
  ]);
  expect(explainer.explain(rawRecord('{"call_id":"1","record_url":"x"}'))).toEqual([
    "  opened     JSON",
    "  recognised no receipt: recording",
    "  unread     recording",
    '  shape      {"call_id":"1 digit","record_url":"text of 1"}',
  ]);
});

it("explains each record by itself", () => {
  const lines = explainer.explain(rawRecord(""));
  expect(lines).toEqual(["  unread     empty", '  shape      "text of 0"']);
});

it("judges a code that its provider does not list by the topic's fallback, as run does", () => {
  const value = rawRecord(JSON.stringify({ ...receipt, err_code: "DELIVRD", success: undefined }));
  const own = { ...topic, provider: "huawei", shape: shapeOf({ scope: "sms_receipt" }) };
  const verdict = (fallback: string[]) =>
    new Explainer({ ...own, fallback }, packagedMap()).explain(value).at(-1);
  expect(verdict([])).toBe("  verdict    unknown, unknown (huawei sms_receipt)");
  expect(verdict(["aliyun"])).toBe("  verdict    delivered, delivered (huawei sms_receipt)");
});
