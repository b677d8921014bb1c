import { describe, expect, test } from "vitest";
import { classify } from "../../src/codes/classify.ts";
import { parseCodeMap } from "../../src/codes/parse.ts";
import type { Flag } from "../../src/receipts/receipt.ts";
import { shippedMap } from "./shipped-map.ts";
import { smallMap } from "./small-map.ts";

const { map } = await shippedMap();

/** Category, outcome, code, and `conflict` where there is one. */
function judge(scope: string, flag: Flag, code: string, provider = "aliyun", by = map): string {
  const verdict = classify(by, provider, scope, flag, code);
  expect(verdict.entry).toBe(by.lookup(provider, scope, code));
  return `${verdict.category} ${verdict.outcome} ${verdict.code}${verdict.conflict ? " conflict" : ""}`;
}

interface Row {
  readonly name: string;
  readonly scope: string;
  readonly code: string;
  readonly is: string;
}

function rows(flag: Flag, table: readonly Row[]): void {
  test.each(table)("$name", ({ scope, code, is }) => {
    expect(judge(scope, flag, code)).toBe(is);
  });
}

const sms = "sms_receipt";
const voice = "voice_receipt";
const send = "sms_send_api";
const api = "api";

describe("a receipt whose flag says delivered", () => {
  rows("delivered", [
    { name: "a success code", scope: sms, code: "DELIVRD", is: "delivered delivered DELIVRD" },
    { name: "a code not listed", scope: sms, code: "77", is: "delivered delivered 77" },
    { name: "no code", scope: sms, code: "", is: "delivered delivered _none" },
    { name: "a failure code", scope: sms, code: "006", is: "delivered delivered 006 conflict" },
    { name: "a partial success", scope: voice, code: "200001", is: "delivered delivered 200001" },
    { name: "an intermediate code", scope: voice, code: "200101", is: "delivered delivered 200101 conflict" },
    { name: "an accepted code", scope: send, code: "OK", is: "delivered delivered OK" },
    { name: "a refusal code", scope: voice, code: "9996", is: "delivered delivered 9996 conflict" },
  ]);
});

describe("a receipt whose flag nobody understands", () => {
  rows("unread", [
    { name: "a failure code", scope: sms, code: "006", is: "blacklist failed 006 conflict" },
    { name: "a success code", scope: sms, code: "DELIVRD", is: "delivered delivered DELIVRD conflict" },
    { name: "a code not listed", scope: sms, code: "77", is: "unknown unknown 77 conflict" },
    { name: "no code", scope: sms, code: "", is: "unknown unknown _none conflict" },
  ]);
});

describe("a receipt whose flag says that the message is on its way", () => {
  rows("pending", [
    { name: "no code", scope: sms, code: "", is: "in_progress in_progress _none" },
    { name: "a code not listed", scope: sms, code: "77", is: "in_progress in_progress 77" },
    { name: "an intermediate code", scope: voice, code: "200101", is: "in_progress in_progress 200101" },
    { name: "a failure code", scope: sms, code: "006", is: "in_progress in_progress 006 conflict" },
  ]);

  test("by a map that has no category for it", () => {
    const parsed = parseCodeMap(smallMap, "small-map.ts");
    if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
    expect(parsed.map.categories.has("in_progress")).toBe(false);
    expect(judge(sms, "pending", "", "acme", parsed.map)).toBe("unknown in_progress _none");
  });
});

describe("a receipt whose flag says failed", () => {
  rows("failed", [
    { name: "a failure code", scope: sms, code: "006", is: "blacklist failed 006" },
    { name: "a code not listed", scope: sms, code: "6", is: "unknown failed 6" },
    { name: "no code", scope: sms, code: "", is: "unknown failed _none" },
    { name: "a success code", scope: sms, code: "DELIVRD", is: "unknown failed DELIVRD conflict" },
    { name: "a partial success", scope: voice, code: "200001", is: "unknown failed 200001 conflict" },
    { name: "an accepted code", scope: send, code: "OK", is: "unknown failed OK conflict" },
    { name: "a refusal code", scope: voice, code: "9996", is: "call_not_active request_rejected 9996" },
    { name: "an intermediate code", scope: voice, code: "200101", is: "in_progress in_progress 200101" },
  ]);
});

describe("a receipt without a flag", () => {
  rows("none", [
    { name: "a success code", scope: sms, code: "DELIVRD", is: "delivered delivered DELIVRD" },
    { name: "a failure code", scope: sms, code: "006", is: "blacklist failed 006" },
    { name: "a code not listed", scope: sms, code: "77", is: "unknown unknown 77" },
    { name: "no code", scope: sms, code: "", is: "unknown unknown _none" },
    { name: "voice delivered", scope: voice, code: "200000", is: "delivered delivered 200000" },
    { name: "voice heard in part", scope: voice, code: "200001", is: "delivered_partial delivered 200001" },
    { name: "voice intermediate", scope: voice, code: "200103", is: "in_progress in_progress 200103" },
    { name: "voice failed", scope: voice, code: "200010", is: "power_off failed 200010" },
    { name: "voice without a code", scope: voice, code: " ", is: "unknown unknown _none" },
    { name: "an answer that accepts", scope: send, code: "OK", is: "accepted accepted OK" },
    { name: "a refusal code", scope: voice, code: "9996", is: "call_not_active request_rejected 9996" },
  ]);
});

describe("an API answer that says accepted", () => {
  rows("accepted", [
    { name: "a success code", scope: send, code: "0", is: "accepted accepted 0" },
    { name: "no code", scope: send, code: "", is: "accepted accepted _none" },
    { name: "a code not listed", scope: send, code: "200", is: "accepted accepted 200" },
    { name: "a failure code", scope: sms, code: "006", is: "accepted accepted 006 conflict" },
    { name: "an API not named", scope: api, code: "OK", is: "accepted accepted OK" },
  ]);
});

describe("an API answer that says refused", () => {
  const limited = "isv.BUSINESS_LIMIT_CONTROL";
  const template = "isv.TTS_TEMPLATE_ILLEGAL";
  rows("refused", [
    { name: "a refusal code", scope: send, code: limited, is: `rate_limited request_rejected ${limited}` },
    { name: "a code not listed", scope: send, code: "isp.X", is: "unknown request_rejected isp.X" },
    { name: "no code", scope: send, code: "", is: "unknown request_rejected _none" },
    { name: "a success code", scope: send, code: "ok", is: "unknown request_rejected OK conflict" },
    { name: "a failure code", scope: sms, code: "006", is: "blacklist request_rejected 006" },
    {
      name: "an API not named",
      scope: api,
      code: template,
      is: `template_invalid request_rejected ${template}`,
    },
    {
      name: "a code of another API",
      scope: send,
      code: template,
      is: `unknown request_rejected ${template}`,
    },
  ]);
});

describe("the code of a verdict", () => {
  rows("failed", [
    {
      name: "is spelt as in the map",
      scope: sms,
      code: " ＭＫ：００１０ ",
      is: "empty_number failed mk:0010",
    },
    {
      name: "is _none for blanks of any kind",
      scope: sms,
      code: " \t\u3000\ufeff",
      is: "unknown failed _none",
    },
    { name: "is raw when not listed", scope: sms, code: "mk:0099", is: "unknown failed mk:0099" },
    { name: "is escaped when not listed", scope: sms, code: "a\\b", is: "unknown failed a\\\\b" },
    { name: "is never a phone number", scope: sms, code: "13000000000", is: "unknown failed _redacted" },
    { name: "is never a reserved word", scope: sms, code: "_none", is: "unknown failed \\_none" },
    { name: "is no property of objects", scope: sms, code: "__proto__", is: "unknown failed \\__proto__" },
    {
      name: "is not listed where no table is",
      scope: "voice_smart_status",
      code: "006",
      is: "unknown failed 006",
    },
  ]);

  test("is not listed at another provider", () => {
    expect(judge(sms, "failed", "006", "tencent")).toBe("unknown failed 006");
    expect(judge(sms, "failed", "006", "nobody")).toBe("unknown failed 006");
  });
});

describe("a code that the map lists with outcome unknown", () => {
  const parsed = parseCodeMap(smallMap, "map.yaml");
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  test.each([
    { flag: "delivered", is: "delivered delivered exp-1 conflict" },
    { flag: "failed", is: "unknown unknown exp-1" },
    { flag: "none", is: "unknown unknown exp-1" },
  ] as const)("with flag $flag", ({ flag, is }) => {
    expect(judge(sms, flag, "EXP-1", "acme", parsed.map)).toBe(is);
  });
});
