import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { classify } from "../../src/codes/classify.ts";
import type { CodeMap } from "../../src/codes/code-map.ts";
import { loadCodeMap } from "../../src/codes/load.ts";
import { createStream, type Sent, type StreamOptions, ticksPerSecond } from "../../src/demo/stream.ts";
import { createDecoder } from "../../src/receipts/decode.ts";
import type { Receipt } from "../../src/receipts/receipt.ts";
import { rawRecord, shapeOf } from "../receipts/support.ts";

const now = Date.parse("2026-03-01T12:00:00+08:00");

function play(options: StreamOptions, seconds = options.seconds): { records: string[]; sent: Sent } {
  const stream = createStream(options);
  const records: string[] = [];
  for (let tick = 1; tick <= seconds * ticksPerSecond; tick++) {
    records.push(...stream.tick(now + (tick * 1000) / ticksPerSecond));
  }
  return { records, sent: stream.sent };
}

function sum(counts: Map<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

describe("the stream", () => {
  it("is the same for the same seed, and another for another", () => {
    const options = { seed: 7, rate: 100, seconds: 5 };
    expect(play(options).records).toEqual(play(options).records);
    expect(play(options).records).not.toEqual(play({ ...options, seed: 8 }).records);
  });

  it("keeps the rate", () => {
    const { sent } = play({ seed: 1, rate: 400, seconds: 20 });
    expect(sent.receipts).toBeGreaterThanOrEqual(8000);
    // the last record may be an array of five
    expect(sent.receipts).toBeLessThan(8005);
  });

  it("counts each receipt once by code and once by category, each record as read or malformed", () => {
    const { records, sent } = play({ seed: 1, rate: 400, seconds: 20 });
    expect(sum(sent.codes)).toBe(sent.receipts);
    expect(sum(sent.categories)).toBe(sent.receipts);
    expect(sent.records).toBe(records.length);
    expect([...sent.malformed.keys()].sort()).toEqual(["no_receipts", "not_a_receipt", "not_json"]);
  });

  it("delivers about 92 in 100 outside the spike", () => {
    const { sent } = play({ seed: 3, rate: 400, seconds: 100 }, 40);
    const delivered =
      (sent.categories.get("delivered") ?? 0) + (sent.categories.get("delivered_partial") ?? 0);
    const final =
      sent.receipts - sum(new Map([...sent.categories].filter(([name]) => /progress|accept/.test(name))));
    expect(delivered / final).toBeGreaterThan(0.9);
    expect(delivered / final).toBeLessThan(0.94);
  });

  it("has a blacklist spike in the middle and nowhere else", () => {
    const stream = createStream({ seed: 1, rate: 400, seconds: 100 });
    const perTenth = Array.from({ length: 10 }, () => {
      const before = stream.sent.categories.get("blacklist") ?? 0;
      for (let tick = 0; tick < 100; tick++) stream.tick(now);
      return (stream.sent.categories.get("blacklist") ?? 0) - before;
    });
    const [spike = 0, quiet = 0] = [Math.max(...perTenth), Math.min(...perTenth)];
    expect(perTenth.filter((count) => count > quiet * 5)).toHaveLength(2);
    expect(perTenth.indexOf(spike)).toBeGreaterThanOrEqual(4);
    expect(perTenth.indexOf(spike)).toBeLessThanOrEqual(5);
  });

  it("has the spike where it is told, and says so", () => {
    const stream = createStream({ seed: 1, rate: 400, seconds: 50, spike: { from: 10, until: 40 } });
    const seconds = Array.from({ length: 60 }, () => {
      const before = stream.sent.categories.get("blacklist") ?? 0;
      for (let tick = 0; tick < ticksPerSecond; tick++) stream.tick(now);
      return { spiking: stream.spiking, blacklist: (stream.sent.categories.get("blacklist") ?? 0) - before };
    });
    const spiking = seconds.flatMap((second, index) => (second.spiking ? [index] : []));
    expect(spiking).toEqual(Array.from({ length: 30 }, (_, index) => 10 + index));
    for (const { spiking, blacklist } of seconds) expect(blacklist > 40).toBe(spiking);
  });

  it("has a spike of one signature on one carrier block", () => {
    const spike = { from: 0, until: 30 };
    const { records } = play({ seed: 1, rate: 400, seconds: 30, spike });
    const dimensions = [
      { name: "signature", from: { kind: "receipt" as const, at: ["/sign_name"] } },
      { name: "number_block", from: { kind: "number" as const, as: "number_block" as const } },
    ].map((dimension) => ({ ...dimension, match: undefined, values: undefined }));
    const decode = createDecoder(shapeOf({ formats: ["tmc-sms", "aliyun-sms"], dimensions }));
    const receipts: Receipt[] = [];
    for (const record of records) decode(rawRecord(record), receipts);
    const counts = Map.groupBy(receipts, ({ values, code }) =>
      [...(values ?? []), ["006", "-103", "－103", "DB:0141"].includes(code)].join(" "),
    );
    const hit = [...counts.keys()].filter((key) => key.endsWith("true"));
    expect(hit).toEqual(["示例大促 unicom true"]);
    // and others have sent on all blocks meanwhile
    expect(counts.size).toBeGreaterThan(16);
  });

  it("holds invented numbers only, and no line breaks", () => {
    const { records } = play({ seed: 1, rate: 400, seconds: 10 });
    for (const record of records) {
      expect(record).not.toContain("\n");
      for (const [, phone] of record.matchAll(/(?:receiver|phone_number|callee)\\?":\\?"(\d+)/g)) {
        expect(phone).toMatch(/^(?:13[038]|192)000000\d\d$/);
      }
    }
  });
});

describe("the stream against the exporter's own reading", () => {
  let map: CodeMap;

  beforeAll(async () => {
    const file = fileURLToPath(new URL("../../config/code-map.yaml", import.meta.url));
    const parsed = await loadCodeMap(file);
    if ("problems" in parsed)
      throw new Error(`the code map has problems: ${JSON.stringify(parsed.problems)}`);
    map = parsed.map;
  });

  it("is counted by scope, code and category as it was sent", () => {
    const { records, sent } = play({ seed: 1, rate: 400, seconds: 30 });
    const decode = createDecoder(shapeOf());
    const read = { codes: new Map(), categories: new Map(), malformed: new Map() };
    const add = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
    for (const record of records) {
      const receipts: Receipt[] = [];
      const reason = decode(rawRecord(record), receipts);
      if (reason !== undefined) add(read.malformed, reason);
      for (const { scope, flag, code } of receipts) {
        const verdict = classify(map, "aliyun", scope, flag, code);
        add(read.codes, `${scope} ${verdict.code}`);
        add(read.categories, verdict.category);
      }
    }
    const { codes, categories, malformed } = sent;
    expect(read).toEqual({ codes, categories, malformed });
  });

  it("has event times near now", () => {
    const { records } = play({ seed: 1, rate: 100, seconds: 1 });
    const decode = createDecoder(shapeOf());
    const receipts: Receipt[] = [];
    for (const record of records) decode(rawRecord(record), receipts);
    const times = receipts.map(({ receivedAt }) => receivedAt).filter((time) => !Number.isNaN(time));
    expect(times.length).toBeGreaterThan(50);
    for (const time of times) expect(Math.abs(time - now)).toBeLessThan(2500);
  });
});
