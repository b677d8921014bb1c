import { describe, expect, it } from "vitest";
import { readFindRequest } from "../../../src/commands/find/request.ts";
import { packagedMap } from "../../ledger/support.ts";
import { topic } from "./support.ts";

const now = Date.parse("2026-11-26T12:00:00Z");
const hour = 3_600_000;
const all = new Set();

function asked(values: Readonly<Record<string, string | readonly string[]>>, ...switches: string[]) {
  return readFindRequest(values, new Set(switches), { map: packagedMap(), topics: [topic], now });
}

it("looks for twenty receipts of the last day, up to the log's end", () => {
  expect(asked({})).toEqual({
    wanted: {
      ...{ from: now - 24 * hour, to: undefined, limit: 20, unread: all },
      receipts: { codes: all, categories: all, outcomes: all, channels: all, providers: all, scopes: all },
    },
    ...{ isShown: false, isExplained: false, output: "table", timeoutMs: 60_000 },
  });
});

it("reads times as replay does, in the topic's zone", () => {
  const { wanted } = asked({ from: "2026-11-26T19:00", to: "-30m" });
  expect([wanted.from, wanted.to]).toEqual([now - hour, now - hour / 2]);
});

it("takes each flag as often as it comes, and codes as the map folds them", () => {
  const { wanted } = asked({
    code: ["db:0141", "ＭＫ：０００１", "_none"],
    ...{
      category: ["blacklist", "unknown"],
      outcome: "failed",
      channel: "sms",
      provider: "aliyun",
      scope: ["sms_receipt"],
    },
  });
  expect(wanted.receipts).toEqual({
    codes: new Set(["DB:0141", "MK:0001", "_NONE"]),
    categories: new Set(["blacklist", "unknown"]),
    outcomes: new Set(["failed"]),
    channels: new Set(["sms"]),
    providers: new Set(["aliyun"]),
    scopes: new Set(["sms_receipt"]),
  });
});

it("looks for records without a receipt instead", () => {
  const { wanted } = asked({ malformed: ["not_json", "empty"], ignored: "uplink" });
  expect(wanted.receipts).toBeUndefined();
  expect(wanted.unread).toEqual(new Set(["not_json", "empty", "uplink"]));
});

describe("refuses", () => {
  it.each([
    {
      values: { category: "blacklists" },
      message: "unknown category blacklists; did you mean blacklist?",
    },
    { values: { outcome: "x" }, message: /^unknown outcome x; use one of delivered, failed, / },
    { values: { provider: "aliyum" }, message: "unknown provider aliyum; did you mean aliyun?" },
    { values: { scope: "x" }, message: /^unknown scope x; use one of sms_receipt, / },
    {
      values: { malformed: "not_jsno" },
      message: "unknown malformed reason not_jsno; did you mean not_json?",
    },
    {
      values: { ignored: "not_json" },
      message: /^unknown kind of ignored records not_json; use one of uplink, /,
    },
    {
      values: { malformed: "empty", code: "12" },
      message: /^--malformed and --ignored find records without receipts/,
    },
    {
      values: { code: "_other" },
      message: /^--code _other stands for codes without a series of their own/,
    },
    {
      values: { code: "139 1234 5678" },
      message: /^--code .* may be a phone number .* counts as _redacted: /,
    },
    { values: { limit: "0" }, message: "--limit must be a number from 1 to 10000" },
    { values: { limit: "10001" }, message: "--limit must be a number from 1 to 10000" },
    { values: { output: "csv" }, message: "--output must be table or json" },
    { values: { from: "-1h", to: "-2h" }, message: "--from must be before --to" },
    { values: { from: "2027-01-01" }, message: /^--from is in the future/ },
  ])("$values", ({ values, message }) => {
    expect(() => asked(values)).toThrow(message);
  });

  it("steps in JSON", () => {
    expect(() => asked({ output: "json" }, "explain")).toThrow(
      "--explain can't be combined with --output json",
    );
    expect(asked({ output: "json" }, "show").isShown).toBe(true);
  });
});
