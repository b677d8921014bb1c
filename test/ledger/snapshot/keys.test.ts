import { expect, it } from "vitest";
import type { KeyCounter } from "../../../src/ledger/counter.ts";
import { ByteReader, ByteWriter } from "../../../src/ledger/snapshot/bytes.ts";
import { readKey, writeKeys } from "../../../src/ledger/snapshot/keys.ts";

const entries: readonly { counter: KeyCounter; count: number }[] = [
  { counter: { kind: "duplicates", provider: "aliyun", channel: "sms" }, count: 12_345 },
  { counter: { kind: "unkeyed", provider: "own", channel: "voice" }, count: 1 },
];

it("reads the counts of duplicates and of receipts without a key as they were written", () => {
  const out = new ByteWriter();
  writeKeys(out, entries);
  const from = new ByteReader(out.written);
  expect([readKey(from), readKey(from)]).toEqual(entries);
  expect(from.atEnd).toBe(true);
});

it("refuses a kind that a later version has", () => {
  const out = new ByteWriter();
  out.natural(2);
  expect(() => readKey(new ByteReader(out.written))).toThrow("does not know");
});
