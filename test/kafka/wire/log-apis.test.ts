import { describe, expect, it } from "vitest";
import { fetch, listOffsets, logEnds } from "../../../src/kafka/wire/log-apis.ts";
import { recordOf, writeBatch } from "./batches.ts";
import {
  all,
  blob,
  compactBlob,
  compactList,
  compactText,
  foreignAnswer,
  foreignRequest,
  i8,
  i16,
  i32,
  i64,
  list,
  read,
  tags,
  text,
  uvarint,
  written,
} from "./foreign.ts";

const ids = { t: "0a".repeat(16), u: "0b".repeat(16) } as const;
const request = {
  partitions: [
    { topic: "t", partition: 1, offset: 2 ** 40, topicId: ids.t },
    { topic: "u", partition: 0, offset: 0, topicId: ids.u },
    { topic: "t", partition: 0, offset: 5, topicId: ids.t },
  ],
  waitMs: 777,
};
const batch = writeBatch([recordOf("value", 0)], { baseOffset: 5 });
const unknown = tags([1, Buffer.from("new")]);

/** What a partition says in version 11, and in 13. */
function part11(partition: number, error: number, records: Buffer | null, aborted: Buffer | null): Buffer {
  return all(...fields(partition, error), aborted ?? i32(-1), i32(-1), blob(records));
}

function part13(partition: number, error: number, records: Buffer | null, aborted: Buffer | null): Buffer {
  return all(...fields(partition, error), aborted ?? uvarint(0), i32(-1), compactBlob(records), unknown);
}

function fields(partition: number, error: number): Buffer[] {
  // The log's end, where transactions are decided, and the log's start: all different.
  return [i32(partition), i16(error), i64(2 ** 40 + 9), i64(7), i64(3)];
}

function answer13(error: number, ...topics: readonly Buffer[]): Buffer {
  return all(i32(250), i16(error), i32(0), compactList(...topics), unknown);
}

describe("Fetch", () => {
  it("11 says what kafkajs would, of what is committed by its transaction alone", async () => {
    const part = (partition: number, fetchOffset: number) => ({
      partition,
      fetchOffset: String(fetchOffset),
      maxBytes: 1_048_576,
    });
    const theirs = await foreignRequest("fetch", 11, {
      replicaId: -1,
      maxWaitTime: 777,
      minBytes: 131_072,
      maxBytes: 4 * 1024 * 1024,
      isolationLevel: 1,
      topics: [
        { topic: "t", partitions: [part(1, 2 ** 40), part(0, 5)] },
        { topic: "u", partitions: [part(0, 0)] },
      ],
    });
    expect(written(fetch, 11, request)).toEqual(theirs);
  });

  it.each([
    { count: 1, bytes: 1_048_576 },
    { count: 4, bytes: 1_048_576 },
    { count: 12, bytes: 349_525 },
    { count: 16, bytes: 262_144 },
    { count: 500, bytes: 262_144 },
  ])("$count partitions get $bytes bytes each", ({ count, bytes }) => {
    const partitions = Array.from({ length: count }, (_, partition) => ({
      ...{ topic: "t", partition, offset: 5, topicId: ids.t },
    }));
    const sizes = Array.from({ length: count }, (_, partition) =>
      all(i32(partition), i32(-1), i64(5), i64(-1), i32(bytes)),
    );
    const request11 = written(fetch, 11, { partitions, waitMs: 0 });
    expect(request11.includes(all(...sizes))).toBe(true);
  });

  it("13 names topics by their ids", () => {
    const part = (partition: number, offset: number) =>
      all(i32(partition), i32(-1), i64(offset), i32(-1), i64(-1), i32(1_048_576), tags());
    const topic = (id: string, ...parts: readonly Buffer[]) =>
      all(Buffer.from(id, "hex"), compactList(...parts), tags());
    // -1 in i64, byte by byte.
    const head = all(i32(-1), i32(777), i32(131_072), i32(4 * 1024 * 1024), i8(1), i32(0), i32(-1));
    expect(written(fetch, 13, request)).toEqual(
      all(
        head,
        compactList(topic(ids.t, part(1, 2 ** 40), part(0, 5)), topic(ids.u, part(0, 0))),
        compactList(),
        compactText(""),
        tags(),
      ),
    );
  });

  it("gives the records unopened, with the log's end and the transactions that were aborted", async () => {
    const aborted = all(i64(77), i64(4));
    const eleven = all(
      i32(0),
      i16(0),
      i32(0),
      list(
        all(text("t"), list(part11(1, 0, batch, list(aborted)), part11(0, 1, null, null))),
        all(text("u"), list(part11(0, 0, Buffer.alloc(0), list()))),
      ),
    );
    const thirteen = answer13(
      0,
      all(
        Buffer.from(ids.t, "hex"),
        compactList(part13(1, 0, batch, compactList(all(aborted, unknown))), part13(0, 1, null, null)),
        unknown,
      ),
      all(Buffer.from(ids.u, "hex"), compactList(part13(0, 0, Buffer.alloc(0), compactList())), unknown),
    );
    const empty = { failure: undefined, logEnd: 2 ** 40 + 9, aborted: [], records: Buffer.alloc(0) };
    const expected = {
      failure: undefined,
      partitions: [
        {
          ...empty,
          topic: "t",
          partition: 1,
          aborted: [{ producerId: "77", firstOffset: "4" }],
          records: batch,
        },
        {
          ...empty,
          topic: "t",
          partition: 0,
          failure: expect.objectContaining({ code: "offset_out_of_range" }),
        },
        { ...empty, topic: "u", partition: 0 },
      ],
    };
    expect(read(fetch, 11, eleven, request)).toEqual(expected);
    expect(read(fetch, 13, thirteen, request)).toEqual(expected);
    expect(await foreignAnswer("fetch", 11, eleven)).toMatchObject({
      responses: [
        {
          partitions: [
            {
              highWatermark: String(2 ** 40 + 9),
              abortedTransactions: [{ producerId: "77", firstOffset: "4" }],
            },
            { errorCode: 1 },
          ],
        },
        { topicName: "u" },
      ],
    });
  });

  it("gives what the broker refuses as a whole", () => {
    expect(read(fetch, 13, answer13(-1), request)).toMatchObject({
      failure: { code: "unknown" },
      partitions: [],
    });
  });

  it("gives a topic that was not asked for no name", () => {
    const other = all(Buffer.alloc(16, 9), compactList(part13(0, 0, null, null)), unknown);
    expect(read(fetch, 13, answer13(0, other), request).partitions).toMatchObject([{ topic: "" }]);
  });

  it("is refused wherever it is cut off", () => {
    const bytes = answer13(
      0,
      all(Buffer.from(ids.t, "hex"), compactList(part13(1, 0, batch, null)), unknown),
    );
    for (let end = 0; end < bytes.length - unknown.length; end++)
      expect(() => read(fetch, 13, bytes.subarray(0, end), request)).toThrow(RangeError);
  });
});

describe("ListOffsets", () => {
  it.each([
    { at: logEnds.earliest, decided: false },
    { at: logEnds.latest, decided: false },
    { at: logEnds.latest, decided: true },
    { at: Date.parse("2026-11-11T00:00:00+08:00"), decided: false },
  ])("says what kafkajs would: $at, open transactions left out: $decided", async ({ at, decided }) => {
    const theirs = await foreignRequest("listOffsets", 2, {
      replicaId: -1,
      isolationLevel: decided ? 1 : 0,
      topics: [
        {
          topic: "t",
          partitions: [
            { partition: 1, timestamp: String(at) },
            { partition: 0, timestamp: String(at) },
          ],
        },
      ],
    });
    const partitions = [1, 0].map((partition) => ({ topic: "t", partition }));
    expect(written(listOffsets, 2, { partitions, at, decided })).toEqual(theirs);
  });

  it("gives offsets, not their times", async () => {
    const part = (partition: number, error: number, offset: number) =>
      all(i32(partition), i16(error), i64(99), i64(offset));
    const bytes = all(i32(0), list(all(text("t"), list(part(0, 0, 2 ** 40 + 3), part(1, 6, 0)))));
    const asked = { partitions: [], at: logEnds.latest, decided: false };
    expect(read(listOffsets, 2, bytes, asked)).toEqual([
      { topic: "t", partition: 0, failure: undefined, offset: 2 ** 40 + 3 },
      {
        topic: "t",
        partition: 1,
        failure: expect.objectContaining({ code: "not_leader" }),
        offset: 0,
      },
    ]);
    expect(await foreignAnswer("listOffsets", 2, bytes)).toMatchObject({
      responses: [{ partitions: [{ timestamp: "99", offset: String(2 ** 40 + 3) }, { errorCode: 6 }] }],
    });
  });
});
