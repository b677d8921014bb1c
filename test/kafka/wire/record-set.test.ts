import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { RecordCursor } from "../../../src/kafka/wire/record-cursor.ts";
import { type RecordSet, readRecordSet } from "../../../src/kafka/wire/record-set.ts";
import { foldRecords } from "../../../src/ledger/fold-records.ts";
import type { RawRecord } from "../../../src/receipts/decode.ts";
import { recordOf, writeBatch } from "./batches.ts";

const require = createRequire(import.meta.url);
const messageSet = require("kafkajs/src/protocol/messageSet/index.js") as (options: object) => {
  readonly buffer: Buffer;
};

/** A batch of so many records. */
function batch(baseOffset: number, count: number, header: object = {}): Buffer {
  const records = Array.from({ length: count }, (_, delta) => recordOf(`r${baseOffset + delta}`, delta));
  return writeBatch(records, { baseOffset, ...header });
}

/** The same, with a bit of its records turned. */
function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
}

/** What is counted of a set by a partition that has come so far, how far it comes, and what it meets. */
function counted({ fetched, end }: RecordSet, next: number) {
  const values: string[] = [];
  const into = {
    next,
    isFull: false,
    skipTo: (offset: number) => {
      into.next = Math.max(into.next, offset);
    },
    count: () => {},
  };
  const decode = ({ bytes, start, end }: RawRecord) => {
    values.push(bytes?.toString("utf8", start, end) ?? "null");
    return undefined;
  };
  let error: string | undefined;
  try {
    if (end !== undefined) foldRecords(into, decode, new RecordCursor(fetched), end);
  } catch (thrown) {
    error = (thrown as Error).message;
  }
  return { values, next: into.next, error };
}

async function read(from: number, ...parts: readonly Buffer[]) {
  return counted(await readRecordSet(Buffer.concat(parts), from, []), from);
}

describe("readRecordSet", () => {
  it("gives nothing of an empty set, and of one that holds no whole batch", async () => {
    for (const set of [Buffer.alloc(0), Buffer.alloc(16), batch(5, 1).subarray(0, 50)])
      expect(await readRecordSet(set, 5, [])).toEqual({ fetched: [], end: undefined });
  });

  it("covers all of its batches, and what lies between", async () => {
    const [first, second] = [batch(5, 2), batch(9, 1, { lastOffsetDelta: 3 })];
    const set = await readRecordSet(Buffer.concat([first, second]), 5, []);
    expect(set.end).toBe(13);
    expect(counted(set, 5)).toEqual({ values: ["r5", "r6", "r9"], next: 13, error: undefined });
  });

  it("begins in the midst of a batch", async () => {
    expect(await read(6, batch(5, 3))).toEqual({ values: ["r6", "r7"], next: 8, error: undefined });
  });

  it("leaves a batch that is cut off for the next time", async () => {
    const second = batch(7, 2);
    expect(await read(5, batch(5, 2), second.subarray(0, second.length - 1))).toEqual({
      values: ["r5", "r6"],
      next: 7,
      error: undefined,
    });
  });

  it("passes over nothing that is damaged at its beginning", async () => {
    const met = await read(5, damaged(batch(5, 2)), batch(7, 2));
    expect(met).toEqual({ values: [], next: 5, error: expect.stringContaining("checksum mismatch") });
  });

  it("counts what lies before a damaged batch, then meets it first", async () => {
    const log = [batch(5, 2), damaged(batch(7, 2)), batch(9, 1)];
    expect(await read(5, ...log)).toEqual({ values: ["r5", "r6"], next: 7, error: undefined });
    expect(await read(7, ...log.slice(1))).toMatchObject({ values: [], next: 7, error: expect.any(String) });
  });

  it("takes a batch for damaged that ends before what was asked for", async () => {
    const met = await read(8, batch(5, 2));
    expect(met).toMatchObject({ values: [], next: 8 });
    expect(met.error).toContain("it ends before the requested offset 8");
  });

  it("takes a batch for damaged whose offset is not behind the one before", async () => {
    expect(await read(5, batch(5, 2), batch(6, 2))).toMatchObject({ values: ["r5", "r6"], next: 7 });
  });

  it("hides what was aborted, and moves on past it", async () => {
    const transactional = { attributes: 0x10, producerId: 77 };
    const marker = writeBatch([recordOf("", 0)], { baseOffset: 9, attributes: 0x30, producerId: 77 });
    const log = Buffer.concat([batch(5, 2, transactional), batch(7, 2), marker, batch(10, 1, transactional)]);
    const aborted = [{ producerId: "77", firstOffset: "5" }];
    const set = await readRecordSet(log, 5, aborted);
    expect(counted(set, 5)).toEqual({ values: ["r7", "r8", "r10"], next: 11, error: undefined });
    const committed = await readRecordSet(log, 5, []);
    expect(counted(committed, 5).values).toEqual(["r5", "r6", "r7", "r8", "r10"]);
  });

  it("moves on past markers alone", async () => {
    const marker = (baseOffset: number) =>
      writeBatch([recordOf("", 0)], { baseOffset, attributes: 0x30, producerId: 77 });
    expect(await read(5, marker(5), marker(6))).toEqual({ values: [], next: 7, error: undefined });
  });

  it("moves on past a batch that compaction has emptied", async () => {
    expect(await read(5, writeBatch([], { baseOffset: 5, lastOffsetDelta: 4 }))).toEqual({
      values: [],
      next: 10,
      error: undefined,
    });
  });

  describe("of the format before batches", () => {
    /** Messages as brokers before 0.11 stored them, at these offsets. */
    function messages(...offsets: readonly number[]): Buffer {
      const entries = offsets.map((offset) => ({ key: null, value: `r${offset}`, timestamp: 0 }));
      const { buffer } = messageSet({ messageVersion: 1, entries });
      const set = Buffer.from(buffer);
      let at = 0;
      for (const offset of offsets) {
        set.writeBigInt64BE(BigInt(offset), at);
        at += 12 + set.readInt32BE(at + 8);
      }
      return set;
    }

    it("gives its messages", async () => {
      expect(await read(5, messages(5, 6, 9))).toEqual({
        values: ["r5", "r6", "r9"],
        next: 10,
        error: undefined,
      });
    });

    it("leaves one that is cut off, and batches behind them, for the next time", async () => {
      const set = messages(5, 6);
      expect(await read(5, set.subarray(0, set.length - 1))).toMatchObject({ values: ["r5"], next: 6 });
      expect(await read(5, set, batch(7, 2))).toEqual({ values: ["r5", "r6"], next: 7, error: undefined });
    });

    it("passes over nothing that is none", async () => {
      const set = messages(5);
      set.writeInt32BE(30_000, 26); // the key's length
      const met = await read(5, set);
      expect(met).toEqual({ values: [], next: 5, error: expect.stringContaining("not a message set") });
    });
  });
});
