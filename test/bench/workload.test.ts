import { describe, expect, it } from "vitest";
import { parseCodeMap } from "../../src/codes/parse.ts";
import { topicSchema } from "../../src/config/topic-schema.ts";
import { createDecoder } from "../../src/receipts/decode.ts";
import type { Receipt } from "../../src/receipts/receipt.ts";
import { rawRecord, shapeOf } from "../receipts/support.ts";
import { type ShapeName, shapeNames, shapes } from "./shapes.ts";
import {
  type BenchRecord,
  codeMapFor,
  codeMapOf,
  codesOf,
  describeWorkload,
  Receipts,
  usual,
  type Workload,
  window,
} from "./workload.ts";

const workload: Workload = { ...usual, messages: 3_001 };

/** What the exporter's own decoder reads from all records, as the topic's configuration says. */
function decoded(shape: ShapeName, records: readonly BenchRecord[]): Receipt[] {
  const { shape: read } = topicSchema.parse({ topic: "t", ...shapes[shape].topic });
  const decode = createDecoder(shapeOf(read));
  const receipts: Receipt[] = [];
  const reasons = records.map(({ value, recordedAt }) =>
    decode(rawRecord(value, { timestamp: recordedAt }), receipts),
  );
  expect(new Set(reasons)).toEqual(new Set([undefined]));
  return receipts;
}

describe.each(shapeNames)("the shape %s", (shape) => {
  const source = new Receipts({ ...workload, shape });
  const records = [...source.records()];
  const receipts = decoded(shape, records);

  it("has the receipts that were asked for, and tells how many there are of each code", () => {
    expect(records.length).toBe(Math.ceil(workload.messages / shapes[shape].perRecord));
    const counted = Map.groupBy(receipts, ({ code }) => code);
    expect(new Map([...counted].map(([code, own]) => [code, own.length]))).toEqual(source.sent);
    expect(receipts.length).toBe(workload.messages);
    expect(source.bytes).toBe(records.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0));
  });

  it("is sent line by line without loss", () => {
    expect(records.filter(({ value }) => value.includes("\n"))).toEqual([]);
  });

  it("has all times in the window, and records that come when their last receipt does", () => {
    const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
    const wrong = receipts.filter(
      ({ sentAt, receivedAt }) =>
        sentAt < from || sentAt >= receivedAt || !(receivedAt >= from && receivedAt < to),
    );
    expect(wrong).toEqual([]);
    // a form's times have no seconds
    const last = receipts.at(-1)?.receivedAt ?? 0;
    expect(records.at(-1)?.recordedAt).toBeGreaterThanOrEqual(last);
    expect(records.at(-1)?.recordedAt).toBeLessThan(last + 60_000);
  });

  it("has a code map that lists each code in the table of each scope that is met", () => {
    const parsed = parseCodeMap(codeMapFor({ ...workload, shape }), "bench.yaml");
    if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
    const met = new Set(receipts.map(({ provider = "aliyun", scope }) => `${provider}/${scope}`));
    expect(met).toEqual(new Set(shapes[shape].tables));
    const codesIn = (table: string) => {
      const [provider = "", scope = ""] = table.split("/");
      return parsed.map.table(provider, scope)?.entries.map(({ code }) => code) ?? [];
    };
    for (const table of met) expect(codesIn(table)).toEqual(expect.arrayContaining([...source.sent.keys()]));
  });
});

it("has receipts as long as the provider's, of many codes, to numbers that are nobody's", () => {
  const records = [...new Receipts(workload).records()];
  expect(new Set(records.map(({ value }) => value.length))).toEqual(new Set([212]));
  expect(records.every(({ value }) => /"receiver":"1300000\d{4}"/.test(value))).toBe(true);
  const receipts = decoded("tmc-sms", records);
  expect(new Set(receipts.map(({ code }) => code)).size).toBeGreaterThan(150);
  const delivered = receipts.filter(({ flag }) => flag === "delivered").length;
  expect(delivered / receipts.length).toBeCloseTo(0.9, 1);
});

it("has foreign members of every type, in another order each time", () => {
  const records = [...new Receipts({ ...workload, shape: "foreign" }).records()];
  const parsed = records.map(({ value }) => JSON.parse(value) as Readonly<Record<string, unknown>>);
  const known = new Set(Object.keys(JSON.parse([...new Receipts(workload).records()][0]?.value ?? "{}")));
  const foreign = parsed.flatMap((one) => Object.entries(one).filter(([name]) => !known.has(name)));
  const typeOf = (value: unknown) =>
    value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  expect(new Set(foreign.map(([, value]) => typeOf(value)))).toEqual(
    new Set(["null", "array", "object", "string", "number", "boolean"]),
  );
  const orders = new Set(
    parsed.map((one) =>
      Object.keys(one)
        .filter((name) => known.has(name))
        .join(),
    ),
  );
  expect(orders.size).toBeGreaterThan(1000);
  expect(records.some(({ value }) => value.includes("\\"))).toBe(true);
});

it("mixes all that auto knows by itself", () => {
  const { shape: auto } = topicSchema.parse({ topic: "t", ...shapes.mixed.topic });
  expect(auto.formats).toEqual(["auto"]);
  const records = [...new Receipts({ ...workload, shape: "mixed" }).records()];
  const begins = (pattern: RegExp) => records.filter(({ value }) => pattern.test(value)).length;
  for (const pattern of [
    /^\{"extend"/,
    /^\[\{"user_receive_time"/,
    /^receiver=/,
    /^\{"@timestamp"/,
    /^\{"schema"/,
  ])
    expect(begins(pattern)).toBeGreaterThan(workload.messages / 30);
});

it("is the same each time", () => {
  const all = (shape: ShapeName) => [...new Receipts({ ...workload, shape, messages: 500 }).records()];
  for (const shape of shapeNames) expect(all(shape)).toEqual(all(shape));
});

it("describes a workload so that another one reads differently", () => {
  expect(describeWorkload(usual)).toBe(
    "1,000,000 receipts, tmc-sms, 4 partitions, uncompressed by kafkajs in 256 KiB, 200 codes",
  );
  const others: Workload[] = [
    { ...usual, messages: 1 },
    { ...usual, shape: "foreign" },
    { ...usual, partitions: 1 },
    { ...usual, codec: "lz4" },
    { ...usual, producer: "kcat" },
    { ...usual, batchBytes: 16_384 },
    { ...usual, codes: 10 },
  ];
  expect(new Set([usual, ...others].map(describeWorkload)).size).toBe(8);
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
