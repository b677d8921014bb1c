import { describe, expect, it } from "vitest";
import { addAscii, addText, beginKey, endKey, keyReader } from "../../../src/receipts/keys/receipt-key.ts";
import { viewOf } from "../support.ts";

const read = keyReader(["/biz_id", "/to"]);

function keyOf(receipt: unknown, code = "0", scope = "sms_receipt") {
  return read?.(receipt, scope, "delivered", code);
}

describe("the key of a receipt", () => {
  it("is that of its parts, scope, flag and code, whatever else it says", () => {
    const first = keyOf({ biz_id: "1^0", to: "139", at: 1 });
    expect(keyOf({ to: 139, biz_id: "1^0", at: 2 })).toEqual(first);
    const others = [
      keyOf({ biz_id: "1^1", to: "139" }),
      keyOf({ biz_id: "139", to: "1^0" }),
      keyOf({ biz_id: "1^01", to: "39" }),
      keyOf({ biz_id: "1^0", to: "139" }, "1"),
      keyOf({ biz_id: "1^0", to: "139" }, "0", "voice_receipt"),
      read?.({ biz_id: "1^0", to: "139" }, "sms_receipt", "failed", "0"),
    ];
    for (const other of others) expect(other).not.toEqual(first);
  });

  it("is none where a part is missing, empty or no text", () => {
    for (const to of [undefined, null, "", {}, ["139"]]) expect(keyOf({ biz_id: "1^0", to })).toBeUndefined();
    expect(keyOf("1^0")).toBeUndefined();
    expect(keyReader(undefined)).toBeUndefined();
  });

  it("is the same from bytes", () => {
    beginKey("sms_receipt", "delivered", "0");
    addText("1^0");
    addText("139");
    const key = endKey();
    const bytes = Buffer.from("x1^0139y");
    const at = bytes.byteOffset + 1;
    beginKey("sms_receipt", "delivered", "0");
    addAscii(viewOf(bytes), at, at + 3);
    addAscii(viewOf(bytes), at + 3, at + 6);
    expect(endKey()).toEqual(key);
    expect(keyOf({ biz_id: "1^0", to: 139 })).toEqual(key);
  });

  it("spreads ids that count on, and numbers of one block, over all bits of both halves", () => {
    const [highs, lows, both] = [new Set<number>(), new Set<number>(), new Set<string>()];
    const buckets = new Uint32Array(1 << 12);
    const count = 40_000;
    for (let n = 0; n < count; n++) {
      const key = keyOf({ biz_id: String(932_702_304_080_415_357n + BigInt(n)), to: "13800138000" });
      if (key === undefined) expect.unreachable();
      highs.add(key.high);
      lows.add(key.low);
      both.add(`${key.high} ${key.low}`);
      const bucket = key.low & (buckets.length - 1);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    expect(both.size).toBe(count);
    // By chance, each half alone has 0.2 that meet.
    expect(Math.min(highs.size, lows.size)).toBeGreaterThan(count - 6);
    // About 10 in each bucket.
    expect(Math.max(...buckets)).toBeLessThan(35);
  });
});
