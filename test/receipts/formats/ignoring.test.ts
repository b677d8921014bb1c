import { expect, it } from "vitest";
import { ignored } from "../../../src/receipts/formats/ignored.ts";
import { ignoring } from "../../../src/receipts/formats/ignoring.ts";

const format = ignoring(ignored);

function kindOf(value: unknown) {
  return format.read(value, { recordedAt: 0, method: undefined, trace: undefined }, []);
}

const call = { call_id: "1^2", out_id: "o" };
const rows = [
  {
    name: "SmsUp of Aliyun",
    value: { dest_code: "100000", send_time: "2021-05-01 10:00:00", sign_name: "x", content: "TD" },
    kind: "uplink",
  },
  {
    name: "SmsUp from a queue of the Message Service",
    value: { destCode: "100000", sendTime: "2021-05-01 10:00:00", content: "TD" },
    kind: "uplink",
  },
  {
    name: "a reply to Tencent",
    value: { extend: "1", mobile: "13900000000", nationcode: "86", sign: "x", text: "T", time: 1457336869 },
    kind: "uplink",
  },
  {
    name: "a reply to Yunpian",
    value: { base_extend: "8888", extend: "01", id: "u", mobile: "13900000000", reply_time: "x", text: "T" },
    kind: "uplink",
  },
  { name: "a recording", value: { ...call, record_url: "x" }, kind: "recording" },
  {
    name: "a transcript",
    value: { ...call, begin_time: "2023-03-15 14:46:20", asr_text: "你好", status: 1 },
    kind: "transcript",
  },
  { name: "a key that was pressed", value: { ...call, dtmf: "1" }, kind: "key_press" },
  { name: "Tencent's key press", value: { voicekey_callback: { keypress: "1" } }, kind: "key_press" },
  { name: "how a call sounded", value: { ...call, mos: 3.2 }, kind: "quality_report" },
  {
    name: "the review of a template",
    value: { template_code: "SMS_1", template_status: "approved" },
    kind: "template_audit",
  },
  {
    name: "the review of a signature",
    value: { sign_name: "x", sign_status: "rejected" },
    kind: "template_audit",
  },
  {
    name: "QuerySendStatistics",
    value: { Code: "OK", Message: "OK", Data: { TargetList: [{ TotalCount: 9 }], TotalSize: 1 } },
    kind: "statistics",
  },
  { name: "a row that was deleted", value: { before: { id: 1 }, after: null, op: "d" }, kind: "deleted" },
  { name: "a row that was deleted, flattened", value: { id: 1, __deleted: "true" }, kind: "deleted" },
  { name: "a null of Kafka Connect", value: { schema: { type: "string" }, payload: null }, kind: "deleted" },
  { name: "a receipt", value: { ...call, status_code: "200000", dtmf: "1" }, kind: "foreign" },
  { name: "a row that was written", value: { before: null, after: { id: 1 }, op: "c" }, kind: "foreign" },
  { name: "nothing", value: {}, kind: "foreign" },
  { name: "no object", value: [1], kind: "foreign" },
];
it.each(rows)("$name: $kind", ({ value, kind }) => {
  expect(kindOf(value)).toBe(kind);
});
