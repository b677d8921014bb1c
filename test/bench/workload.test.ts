import { describe, expect, it } from "vitest";
import { parseCodeMap } from "../../src/codes/parse.ts";
import { createDecoder } from "../../src/receipts/decode.ts";
import type { Receipt } from "../../src/receipts/receipt.ts";
import { codeMapOf, codesOf, Receipts, type Workload, window } from "./workload.ts";

const workload: Workload = {
  messages: 10_001,
  partitions: 2,
  codec: "none",
  perRecord: 1,
  codes: 200,
  distinct: 200,
};
const decode = createDecoder({ format: "tmc-sms", scope: undefined, utcOffsetMinutes: 480, json: undefined });

/** What the exporter's own decoder reads from all records. */
function decoded(values: readonly string[]): Receipt[] {
  const receipts: Receipt[] = [];
  for (const value of values) expect(decode(Buffer.from(value), undefined, receipts)).toBeUndefined();
  return receipts;
}

describe.each([{ perRecord: 1 }, { perRecord: 10 }])("with $perRecord a record", ({ perRecord }) => {
  const source = new Receipts({ ...workload, perRecord });
  const records = [...source.take(7), ...source.take(20_000)];
  const receipts = decoded(records.map(({ value }) => value));

  it("has the receipts that were asked for, and tells how many there are of each code", () => {
    expect(records.length).toBe(Math.ceil(workload.messages / perRecord));
    expect(source.take(1)).toEqual([]);
    const counted = Map.groupBy(receipts, ({ code }) => code);
    expect(new Map([...counted].map(([code, own]) => [code, own.length]))).toEqual(source.sent);
    expect(receipts.length).toBe(workload.messages);
  });

  it("has all times in the window, and records that come when their last receipt does", () => {
    const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
    for (const { sentAt, receivedAt } of receipts) {
      expect(sentAt).toBeGreaterThanOrEqual(from);
      expect(receivedAt).toBeGreaterThan(sentAt);
      expect(receivedAt).toBeLessThan(to);
    }
    expect(records.at(-1)?.recordedAt).toBe(receipts.at(-1)?.receivedAt);
  });
});

it("has receipts as long as the provider's, of many codes, to numbers that are nobody's", () => {
  const records = new Receipts(workload).take(workload.messages);
  expect(new Set(records.map(({ value }) => value.length))).toEqual(new Set([212]));
  expect(records.every(({ value }) => /"receiver":"1300000\d{4}"/.test(value))).toBe(true);
  const receipts = decoded(records.map(({ value }) => value));
  expect(new Set(receipts.map(({ code }) => code)).size).toBeGreaterThan(190);
  const delivered = receipts.filter(({ flag }) => flag === "delivered").length;
  expect(delivered / receipts.length).toBeCloseTo(0.9, 1);
});

it("is the same each time", () => {
  expect(new Receipts(workload).take(500)).toEqual(new Receipts(workload).take(500));
});

it.each([10, 1000])("has a code map of %i codes, in which each code is its own category's", (count) => {
  const parsed = parseCodeMap(codeMapOf(count), "bench.yaml");
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  const entries = parsed.map.table("aliyun", "sms_receipt")?.entries ?? [];
  expect(entries.map(({ code }) => code)).toEqual(codesOf(count));
  expect(entries.filter(({ outcome }) => outcome === "delivered").map(({ code }) => code)).toEqual([
    "DELIVRD",
  ]);
});
