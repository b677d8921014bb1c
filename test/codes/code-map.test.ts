import { describe, expect, test } from "vitest";
import { parseCodeMap } from "../../src/codes/parse.ts";
import { shippedMap } from "./shipped-map.ts";
import { smallMap } from "./small-map.ts";

const { map } = await shippedMap();

function parsed(text: string) {
  const result = parseCodeMap(text, "map.yaml");
  if ("problems" in result) throw new Error(JSON.stringify(result.problems));
  return result.map;
}

const apiScopes = [
  "sms_send_api",
  "sms_query_api",
  "voice_singlecall_api",
  "tts_singlecall_api",
  "voice_doublecall_api",
];

describe("scopes and tables", () => {
  test("are those of the file, and `api` where there are API tables", () => {
    expect(map.providers()).toEqual(["aliyun", "tencent"]);
    expect(map.scopes("aliyun")).toEqual([
      "sms_receipt",
      ...apiScopes.slice(0, 2),
      "voice_receipt",
      ...apiScopes.slice(2),
      "api",
    ]);
    expect(map.scopes("tencent")).toEqual(["sms_receipt"]);
    expect(map.scopes("nobody")).toEqual([]);
    expect(map.tables.map((table) => table.scope)).not.toContain("api");
  });

  test.each([
    { name: "a written table", provider: "aliyun", scope: "voice_receipt", is: ["voice", "receipt", 27] },
    { name: "an API table", provider: "aliyun", scope: "tts_singlecall_api", is: ["voice", "api", 11] },
    { name: "the derived table", provider: "aliyun", scope: "api", is: ["unknown", "api", 19] },
    { name: "no such scope", provider: "tencent", scope: "api", is: undefined },
    { name: "no such provider", provider: "nobody", scope: "sms_receipt", is: undefined },
  ])("$name", ({ provider, scope, is }) => {
    const table = map.table(provider, scope);
    expect(table && [table.channel, table.kind, table.entries.length]).toEqual(is);
  });
});

describe("lookup", () => {
  test.each([
    { name: "the map's spelling", scope: "sms_receipt", code: "mk:0010", is: "mk:0010" },
    { name: "another spelling", scope: "sms_receipt", code: " MK:0010", is: "mk:0010" },
    { name: "without its leading zero", scope: "sms_receipt", code: "2", is: undefined },
    { name: "a prefix", scope: "sms_receipt", code: "DELIVER", is: undefined },
    { name: "a longer code", scope: "sms_receipt", code: "DELIVRD1", is: undefined },
    { name: "a code of another table", scope: "sms_receipt", code: "500", is: undefined },
    { name: "no code", scope: "sms_receipt", code: "", is: undefined },
    { name: "a property of objects", scope: "sms_receipt", code: "constructor", is: undefined },
    { name: "a scope named like a property", scope: "__proto__", code: "12", is: undefined },
  ])("$name", ({ scope, code, is }) => {
    expect(map.lookup("aliyun", scope, code)?.code).toBe(is);
  });
});

describe("explain", () => {
  const where = (code: string, scope?: string) =>
    map.explain(code, scope).map((entry) => `${entry.provider}/${entry.scope} ${entry.code}`);

  test.each([
    { name: "a code of one table", code: "db:0141", is: ["aliyun/sms_receipt DB:0141"] },
    {
      name: "a code of two providers",
      code: "delivrd",
      is: ["aliyun/sms_receipt DELIVRD", "tencent/sms_receipt DELIVRD"],
    },
    {
      name: "a code of all APIs, without `api`",
      code: "OK",
      is: apiScopes.map((scope) => `aliyun/${scope} OK`),
    },
    {
      name: "a code of all APIs in one of them",
      code: "OK",
      scope: "sms_query_api",
      is: ["aliyun/sms_query_api OK"],
    },
    {
      name: "a code in scope api",
      code: "isv.out_of_service",
      scope: "api",
      is: ["aliyun/api isv.OUT_OF_SERVICE"],
    },
    { name: "a code of another scope", code: "500", scope: "sms_receipt", is: [] },
    { name: "a code of no table", code: "9999", is: [] },
    { name: "a scope of no provider", code: "12", scope: "nothing", is: [] },
  ])("$name", ({ code, scope, is }) => {
    expect(where(code, scope)).toEqual(is);
  });
});

describe("scope api", () => {
  const second = (fields: string) =>
    smallMap.replace(
      "tests:",
      `    query_api:
      channel: sms
      kind: api
      title: Query
      api: acme.query
      codes:
        ok: { ${fields}, zh: 已受理, en: Taken }
        busy: { category: unknown, outcome: request_rejected, fault: platform, retryable: yes, zh: 忙, en: Busy }
tests:`,
    );
  const agreeing = "category: accepted, outcome: accepted, fault: none, retryable: no";

  test("has what the tables agree on, in the first one's words", () => {
    const table = parsed(second(agreeing)).table("acme", "api");
    expect(table?.entries.map(({ scope, code, en, seedLine }) => [scope, code, en, seedLine])).toEqual([
      ["api", "OK", "Accepted", undefined],
      ["api", "busy", "Busy", undefined],
    ]);
  });

  test("has no place in the seed", () => {
    expect(map.lookup("aliyun", "sms_send_api", "isv.OUT_OF_SERVICE")?.seedLine).toBe(22);
    expect(map.lookup("aliyun", "api", "isv.OUT_OF_SERVICE")?.seedLine).toBeUndefined();
  });

  test.each([
    { name: "category", fields: agreeing.replace("category: accepted", "category: delivered") },
    { name: "outcome", fields: agreeing.replace("outcome: accepted", "outcome: delivered") },
    { name: "fault", fields: agreeing.replace("fault: none", "fault: carrier") },
    { name: "retryable", fields: agreeing.replace("retryable: no", "retryable: yes") },
  ])("leaves out a code whose $name the tables do not agree on", ({ fields }) => {
    const map = parsed(second(fields));
    expect(map.lookup("acme", "api", "OK")).toBeUndefined();
    expect(map.table("acme", "api")?.entries.map((entry) => entry.code)).toEqual(["busy"]);
  });
});

test("the hash is of the text: 12 hex digits, another one for any change", () => {
  const hash = parsed(smallMap).hash;
  expect(hash).toMatch(/^[0-9a-f]{12}$/);
  expect(parsed(smallMap).hash).toBe(hash);
  expect(parsed(`${smallMap}\n`).hash).not.toBe(hash);
});
