import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { registerCodecs } from "../../../src/kafka/wire/codecs.ts";
import { RecordBatch } from "../../../src/kafka/wire/record-batch.ts";
import { type Fetched, RecordCursor } from "../../../src/kafka/wire/record-cursor.ts";
import { createRandom, type Random } from "../../lab/random.ts";
import { packers, recordOf, sealed, varint, type WrittenRecord, wrapRecords, writeBatch } from "./batches.ts";

const require = createRequire(import.meta.url);

/** A record as kafkajs decodes it. */
interface Decoded {
  readonly offset: string;
  readonly timestamp: string;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, unknown>>;
}

const Decoder = require("kafkajs/src/protocol/decoder.js") as new (bytes: Buffer) => object;
const decodeBatch = require("kafkajs/src/protocol/recordBatch/v0/decoder.js") as (
  decoder: object,
) => Promise<{ records: Decoded[] }>;

/** What a record says, as text. */
function inWords(offset: unknown, timestamp: unknown, value: Buffer | null, method: unknown): string {
  return `${offset} ${timestamp} ${value?.toString("latin1") ?? null} ${method}`;
}

/** Every record that the walk shows. */
function walk(fetched: readonly Fetched[]): string[] {
  const cursor = new RecordCursor(fetched);
  const shown: string[] = [];
  while (cursor.advance()) {
    const { offset, timestamp, bytes, start, end, method } = cursor;
    if (bytes !== null && !(0 <= start && start <= end && end <= bytes.length))
      throw new Error("out of bounds");
    shown.push(inWords(offset, timestamp, bytes?.subarray(start, end) ?? null, method));
  }
  return shown;
}

/** Records of every kind: without value or key, empty, long; with headers; out of the order of time. */
function writeRecords({ below }: Random): WrittenRecord[] {
  const bytes = (longest: number) =>
    below(4) === 0 ? null : Buffer.alloc(below(3) === 0 ? 0 : below(longest), 97 + below(26));
  let offsetDelta = 0;
  return Array.from({ length: 1 + below(20) }, () => {
    offsetDelta += below(5) === 0 ? 1 + below(100_000) : 1;
    const names = ["method", "other", "", "methods"].slice(0, below(5));
    return {
      offsetDelta,
      timestampDelta: (below(3) - 1) * below(2 ** 31) * (below(5) === 0 ? 1000 : 1),
      key: bytes(200),
      value: bytes(below(10) === 0 ? 40_000 : 200),
      headers: names.map((name) => [name, bytes(20)] as const),
    };
  });
}

describe("the walk shows what kafkajs decodes", () => {
  registerCodecs();

  it.each(["no codec", "gzip", "snappy", "lz4", "zstd"].map((name, codec) => ({ name, codec })))(
    "with $name",
    async ({ codec }) => {
      const random = createRandom(codec);
      for (let run = 0; run < 100; run++) {
        const records = writeRecords(random);
        const whole = writeBatch(records);
        const header = {
          attributes: codec | (random.below(4) === 0 ? 8 : 0),
          baseOffset: random.below(2 ** 31) * random.below(2 ** 20),
          baseTimestamp: 1_700_000_000_000 + random.below(2 ** 31),
          maxTimestamp: 1_800_000_000_000,
          lastOffsetDelta: records.at(-1)?.offsetDelta ?? 0,
          recordCount: records.length,
        };
        const bytes = wrapRecords(packers[codec]?.(whole.subarray(61)) ?? whole, header);
        const decoded = await decodeBatch(new Decoder(bytes));
        const expected = decoded.records.map(({ offset, timestamp, value, headers }) =>
          inWords(offset, timestamp, value, headers.method?.toString()),
        );
        expect(walk([new RecordBatch(bytes)])).toEqual(expected);
      }
    },
  );
});

it("goes from batch to batch, and over one that compaction has emptied", () => {
  const batches = [
    writeBatch([recordOf("a", 0), recordOf(null, 1)], { baseOffset: 5 }),
    writeBatch([], { baseOffset: 7, lastOffsetDelta: 9 }),
    writeBatch([recordOf("", 3)], { baseOffset: 17, baseTimestamp: 9 }),
  ];
  expect(walk(batches.map((bytes) => new RecordBatch(bytes)))).toEqual([
    "5 0 a undefined",
    "6 0 null undefined",
    "20 9  undefined",
  ]);
});

it("shows the messages of a log that is older than batches", () => {
  const message = { key: null, attributes: 0, timestamp: "7", value: Buffer.from("v") };
  const fetched = [
    { ...message, offset: "3", headers: { method: Buffer.from("m") } },
    { ...message, offset: "4", headers: {}, value: null },
  ];
  expect(walk(fetched)).toEqual(["3 7 v m", "4 7 null undefined"]);
});

describe("the header `method`", () => {
  const m = Buffer.from("m");
  it.each([
    {
      name: "counts when it is there once",
      headers: [["other", m] as const, ["method", m] as const],
      method: "m",
    },
    { name: "does not when it is there twice", headers: [["method", m] as const, ["method", m] as const] },
    { name: "does not without a value", headers: [["method", null] as const] },
    { name: "does not when it is longer than any", headers: [["method", Buffer.alloc(257, 109)] as const] },
    { name: "is no other header", headers: [["methods", m] as const, ["metho", m] as const] },
  ])("$name", ({ headers, method }) => {
    const bytes = writeBatch([{ ...recordOf("v", 0), headers }]);
    expect(walk([new RecordBatch(bytes)])).toEqual([`0 0 v ${method}`]);
  });
});

describe("a batch that is not as the format says", () => {
  const good = recordOf("good", 0);
  const goodBytes = writeBatch([good]).subarray(61);
  const record = (...parts: Buffer[]) => {
    const body = Buffer.concat([Buffer.from([0]), ...parts]);
    return Buffer.concat([varint(body.length), body]);
  };
  const zero = varint(0);
  const rows = [
    { name: "more records than there are", bytes: goodBytes, count: 2, why: "a record is truncated" },
    {
      name: "fewer records than there are",
      bytes: Buffer.concat([goodBytes, goodBytes]),
      count: 1,
      why: "bytes follow",
    },
    {
      name: "bytes behind the records",
      bytes: Buffer.concat([goodBytes, zero]),
      count: 1,
      why: "bytes follow",
    },
    { name: "a length below zero", bytes: varint(-2), count: 1, why: "a record is truncated" },
    {
      name: "a length that is huge",
      bytes: Buffer.concat([varint(2 ** 50), zero]),
      count: 1,
      why: "a record is truncated",
    },
    {
      name: "a number that never ends",
      bytes: Buffer.alloc(100, 0xff),
      count: 1,
      why: "a record is truncated",
    },
    {
      name: "a number of more than 64 bits",
      bytes: Buffer.concat([Buffer.alloc(10, 0x80), Buffer.alloc(20)]),
      count: 1,
      why: "a record is truncated",
    },
    {
      name: "a key that is huge",
      bytes: record(zero, zero, varint(2 ** 31)),
      count: 1,
      why: "a record is truncated",
    },
    {
      name: "a value that is huge",
      bytes: record(zero, zero, zero, varint(2 ** 40)),
      count: 1,
      why: "a record is truncated",
    },
    {
      name: "a value that reaches into the next record",
      bytes: Buffer.concat([record(zero, zero, zero, varint(3), zero), goodBytes, goodBytes]),
      count: 2,
      why: "length does not match",
    },
    {
      name: "endless headers",
      bytes: record(zero, zero, zero, zero, varint(2 ** 31)),
      count: 1,
      why: "a record is truncated",
    },
    {
      name: "a negative number of headers",
      bytes: record(zero, zero, zero, zero, varint(-1)),
      count: 1,
      why: "headers",
    },
  ];
  it.each(rows)("throws: $name", ({ bytes, count, why }) => {
    const batch = new RecordBatch(wrapRecords(bytes, { baseOffset: 42, recordCount: count }));
    const expected = new RegExp(`^the record batch at offset 42 is damaged: .*${why}`);
    expect(() => walk([batch])).toThrow(expected);
  });

  it("is refused when it is packed with no codec that there is", () => {
    const batch = new RecordBatch(wrapRecords(goodBytes, { attributes: 5, recordCount: 1 }));
    expect(() => walk([batch])).toThrow("codec 5");
  });

  it("never reads outside of it and never goes on for ever, whichever bytes are wrong", () => {
    const random = createRandom(7);
    let whole = 0;
    for (let run = 0; run < 5_000; run++) {
      const bytes = writeBatch(writeRecords(random).slice(0, 3));
      for (let count = random.below(3); count >= 0; count--) {
        bytes[61 + random.below(Math.min(60, bytes.length - 61))] = random.below(256);
      }
      try {
        walk([new RecordBatch(sealed(bytes))]);
        whole++;
      } catch (error) {
        expect(error).toHaveProperty("name", "CorruptBatchError");
      }
    }
    expect(whole).toBeGreaterThan(100);
    expect(whole).toBeLessThan(4_750);
  });
});
