import type { MalformedReason } from "../../../src/receipts/receipt.ts";
import { frame, json } from "./sample.ts";

const receipt = { state: "1", err_code: "DELIVRD", receiver: "13000000000" };
const text = json(receipt);

/** A record that has no receipt in it, whatever format its topic has. */
export interface MalformedSample {
  readonly name: string;
  readonly value: Buffer | null;
  readonly reason: MalformedReason;
}

/** Every reason but `bad_element`, which a record has only beside receipts. */
export const malformedSamples: readonly MalformedSample[] = [
  { name: "a tombstone", value: null, reason: "tombstone" },
  bad("nothing", "", "empty"),
  bad("blanks", " \t\r\n", "empty"),
  bad("a byte order mark", "\uFEFF", "empty"),
  { name: "bytes that are not UTF-8", value: Buffer.from([0x7b, 0xff, 0x7d]), reason: "invalid_utf8" },
  {
    name: "UTF-8 cut inside a character",
    value: Buffer.from("用户").subarray(0, 4),
    reason: "invalid_utf8",
  },
  { name: "GBK", value: Buffer.from([0x22, 0xd3, 0xc3, 0xbb, 0xa7, 0x22]), reason: "invalid_utf8" },
  bad("a line of a log", "2015-04-14 12:21:23 INFO receipt for a message", "not_json"),
  bad("a receipt cut short", text.slice(0, -1), "not_json"),
  bad("a receipt cut inside a string", text.slice(0, 40), "not_json"),
  bad("the topic's name alone", "alibaba_aliqin_FcSmsDR ", "not_json"),
  bad("other words behind", `${text} (took 3 ms)`, "not_json"),
  bad("a comma too many", text.replace("}", ",}"), "not_json"),
  bad("a line feed inside a string", text.replace("DELIVRD", "DELI\nVRD"), "not_json"),
  bad("arrays opened 100,000 deep", "[".repeat(100_000), "not_json"),
  bad("arrays nested 100,000 deep", "[".repeat(100_000) + "]".repeat(100_000), "not_a_receipt"),
  bad(
    "frames nested 100,000 deep",
    `${'{"content":'.repeat(100_000)}1${"}".repeat(100_000)}`,
    "not_a_receipt",
  ),
  bad("10 MB of one string", json({ note: "x".repeat(10_000_000) }), "not_a_receipt"),
  bad("10 MB of empty objects", `[${"{},".repeat(3_333_332)}{}]`, "too_large"),
  bad("10 MB of blanks", " ".repeat(10_000_000), "empty"),
  bad("an empty object", "{}", "not_a_receipt"),
  bad("null", "null", "not_a_receipt"),
  bad("a number", "200000", "not_a_receipt"),
  bad("a string", '"DELIVRD"', "not_a_receipt"),
  bad("another service's object", '{"status_code":200,"start_time":"2016-11-09 15:19:14"}', "not_a_receipt"),
  bad("an object whose state is not a receipt's", '{"state":"1","name":"door"}', "not_a_receipt"),
  bad("Tencent's answer to a send", '{"result":0,"errmsg":"OK","ext":"","sid":"8:x"}', "not_a_receipt"),
  bad("the result of an API alone", '{"err_code":"0","model":"1^2","success":true}', "not_a_receipt"),
  bad("a receipt under __proto__", `{"__proto__":${text}}`, "not_a_receipt"),
  bad("a code that is an object", json({ ...receipt, err_code: { a: 1 } }), "not_a_receipt"),
  bad(
    "a code that is an array",
    '[{"phone_number":"13000000000","success":false,"err_code":["012"]}]',
    "not_a_receipt",
  ),
  bad("a code that is a boolean", '{"biz_id":"1^2","status_code":true}', "not_a_receipt"),
  bad("a finer code that is an object", '{"error_response":{"code":15,"sub_code":{}}}', "not_a_receipt"),
  bad("an error that is a string", '{"error_response":"no"}', "not_a_receipt"),
  bad("a frame that holds text", json(frame("hello")), "not_a_receipt"),
  bad("a frame that holds nothing", '{"topic":"alibaba_aliqin_FcSmsDR","content":{}}', "not_a_receipt"),
  bad("a wrapped message that is text", '{"code":0,"msg":"OK"}', "not_a_receipt"),
  bad("an array of numbers", "[1,2]", "not_a_receipt"),
  bad("a receipt in a member that no forwarder uses", json({ mine: receipt }), "not_a_receipt"),
  bad("a number and a time alone", '{"phone_number":"13000000000","report_time":"0"}', "not_a_receipt"),
  bad(
    "an answer whose result is text",
    '{"alibaba_aliqin_fc_sms_num_send_response":{"result":"0","request_id":"1"}}',
    "not_a_receipt",
  ),
  bad("an empty array", "[]", "no_receipts"),
  bad("a frame around an empty array", json(frame("[]")), "no_receipts"),
];

function bad(name: string, value: string, reason: MalformedReason): MalformedSample {
  return { name, value: Buffer.from(value), reason };
}
