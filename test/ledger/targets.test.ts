import { describe, expect, it } from "vitest";
import { rememberedCodes } from "../../src/bounds.ts";
import { Delays } from "../../src/ledger/delays.ts";
import { Targets } from "../../src/ledger/targets.ts";
import type { Receipt } from "../../src/receipts/receipt.ts";
import { receipt } from "./support.ts";

/** Targets of which each has a slot of its own, and the codes that were resolved. */
function counting() {
  const resolved: string[] = [];
  const delay = new Delays().series("sms", "failed");
  const rest = { conflict: -1, delay, column: undefined, measured: undefined, segments: undefined };
  const targets = new Targets(({ provider, scope, flag }, code) => {
    resolved.push(code);
    return { provider, scope, flag, slot: resolved.length - 1, ...rest };
  });
  return { targets, resolved };
}

describe("the target of receipts", () => {
  it("is resolved once for each provider, scope, flag and code", () => {
    const { targets, resolved } = counting();
    const all = [
      receipt("1"),
      receipt("2"),
      receipt("1", "delivered"),
      receipt("1", "failed", { scope: "voice_receipt" }),
      receipt("1", "failed", { provider: "tencent" }),
    ];
    expect(all.map((one) => targets.of(one).slot)).toEqual([0, 1, 2, 3, 4]);
    expect(all.map((one) => targets.of({ ...one, sentAt: 1, receivedAt: 2 }).slot)).toEqual([0, 1, 2, 3, 4]);
    expect(resolved).toHaveLength(5);
  });

  it("is the same by its kind, also when the number is given to another one", () => {
    const { targets } = counting();
    const kinds = [receipt("1"), receipt("2")];
    expect([targets.ofKind(1, kinds).slot, targets.ofKind(0, kinds).slot]).toEqual([0, 1]);
    expect(targets.of(receipt("2")).slot).toBe(0);
    const others: Receipt[] = [receipt("3"), receipt("1")];
    expect([targets.ofKind(0, others).slot, targets.ofKind(1, others).slot]).toEqual([2, 1]);
    expect(targets.ofKind(0, kinds).slot).toBe(1);
    expect(() => targets.ofKind(2, kinds)).toThrow("no receipt of kind 2");
  });

  it("is resolved again when it was forgotten", () => {
    const { targets } = counting();
    const kinds = [receipt("1")];
    expect(targets.ofKind(0, kinds).slot).toBe(0);
    targets.forget();
    expect(targets.ofKind(0, kinds).slot).toBe(1);
    expect(targets.of(receipt("1")).slot).toBe(1);
  });

  it("is forgotten when there are too many codes", () => {
    const { targets, resolved } = counting();
    for (let code = 0; code <= rememberedCodes; code++) targets.of(receipt(String(code)));
    expect(resolved).toHaveLength(rememberedCodes + 1);
    targets.of(receipt(String(rememberedCodes)));
    expect(resolved).toHaveLength(rememberedCodes + 1);
    targets.of(receipt("0"));
    expect(resolved).toHaveLength(rememberedCodes + 2);
  });
});
