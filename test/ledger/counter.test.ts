import { describe, expect, it } from "vitest";
import { type Counter, counterKey, type ReceiptCounter } from "../../src/ledger/counter.ts";

const cell: ReceiptCounter = {
  kind: "receipts",
  provider: "aliyun",
  channel: "sms",
  scope: "sms_receipt",
  code: "12",
  category: "empty_number",
  outcome: "failed",
};

describe("counterKey", () => {
  it("tells apart what is counted apart", () => {
    const counters: Counter[] = [
      cell,
      { ...cell, provider: "tencent" },
      { ...cell, scope: "voice_receipt" },
      { ...cell, code: "1" },
      { ...cell, category: "2empty_number" },
      { ...cell, outcome: "unknown" },
      { kind: "malformed", reason: "empty" },
      { kind: "malformed", reason: "not_json" },
      { kind: "ignored", what: "uplink" },
      { kind: "ignored", what: "deleted" },
      { kind: "conflicts", scope: "empty" },
      { kind: "conflicts", scope: "uplink" },
      { kind: "conflicts", scope: "sms_receipt" },
      { kind: "skipped" },
    ];
    expect(new Set(counters.map(counterKey)).size).toBe(counters.length);
  });

  it("tells apart names that read the same one behind the other", () => {
    const meeting = [
      { ...cell, scope: "a", code: "bc" },
      { ...cell, scope: "ab", code: "c" },
    ];
    expect(new Set(meeting.map(counterKey)).size).toBe(2);
  });

  it("is the same in any channel, which follows from the scope", () => {
    expect(counterKey({ ...cell, channel: "unknown" })).toBe(counterKey(cell));
  });
});
