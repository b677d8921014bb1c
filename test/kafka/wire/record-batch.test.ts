import { describe, expect, it } from "vitest";
import {
  hideAborted,
  RecordBatch,
  ReusedMemoryError,
  splitBatches,
} from "../../../src/kafka/wire/record-batch.ts";
import { recordOf, writeBatch } from "./batches.ts";
import { Answers } from "./frames.ts";

/** Batches of one record each, at these offsets. */
function batchesAt(...offsets: readonly number[]): Buffer[] {
  return offsets.map((baseOffset) => writeBatch([recordOf("value", 0)], { baseOffset }));
}

const [first, second] = batchesAt(5, 6) as [Buffer, Buffer];
const set = Buffer.concat([first, second]);

describe("a record set", () => {
  it("is taken apart into its batches", () => {
    expect(splitBatches(set).map(({ lastOffset }) => lastOffset)).toEqual([5, 6]);
  });

  it("ends before a batch that is cut off, wherever that is", () => {
    for (let end = first.length; end < set.length; end++) {
      expect(splitBatches(set.subarray(0, end)).map(({ lastOffset }) => lastOffset)).toEqual([5]);
    }
  });

  it("ends before a message set", () => {
    const older = Buffer.from(second);
    older[16] = 1;
    expect(splitBatches(Buffer.concat([first, older, second])).map(({ lastOffset }) => lastOffset)).toEqual([
      5,
    ]);
  });

  it("shows no batch as read whose bytes are wrong, whichever bit it is, and none behind it", () => {
    // its offset and its leader's epoch are for the broker to set, and no part of the checksum
    const covered = Array.from({ length: first.length }, (_, at) => at).filter(
      (at) => at >= 16 || (at >= 8 && at < 12),
    );
    for (const at of covered) {
      for (let bit = 0; bit < 8; bit++) {
        const damaged = Buffer.from(second);
        damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
        const magic = damaged[16] ?? 0;
        // the magic of a message set; whether it is one, its own decoder has to find out
        if (magic < 2) continue;
        const [, ...others] = splitBatches(Buffer.concat([first, damaged, first]));
        // a length that is too long looks like a batch that is cut off: next time it comes first
        const shown = others.length > 0 ? others : splitBatches(damaged);
        expect(shown).toHaveLength(1);
        expect(shown[0]).toMatchObject({ isDamaged: true, isHidden: false });
        expect(() => shown[0]?.records()).toThrow(/^the record batch at offset 6 is damaged: /);
      }
    }
  });
});

it("takes a batch for damaged that is not behind the one before: no checksum covers its offset", () => {
  const [first, second] = [0, 1].map((baseOffset) => writeBatch([recordOf("value", 0)], { baseOffset }));
  if (first === undefined || second === undefined) throw new Error("there are two");
  for (const log of [
    [first, first],
    [second, first],
  ]) {
    const [before, after, ...others] = splitBatches(Buffer.concat([...log, second]));
    expect(others).toEqual([]);
    expect(() => before?.records()).not.toThrow();
    expect(() => after?.records()).toThrow("is damaged: its offsets overlap the previous batch");
  }
});

describe("the memory of an answer that is used again", () => {
  const answer = (letter: string) =>
    Buffer.concat(
      [0, 1].map((baseOffset) => writeBatch([recordOf(letter.repeat(50_000), 0)], { baseOffset })),
    );

  it("has no records any more for the batches of the answer before, and all of its own", () => {
    const answers = new Answers();
    const before = answers.receive(answer("a"));
    answers.giveBack();
    for (const batch of before) expect(batch.records()?.toString()).toContain("aaa");
    const after = answers.receive(answer("b"));
    for (const batch of before) {
      // With the checksum that was right when it came, another's records would pass for its own.
      expect(() => batch.records()).toThrow(ReusedMemoryError);
      expect(() => batch.records()).toThrow(
        "was read after its memory was reused for a later response: a bug in",
      );
    }
    for (const batch of after) expect(batch.records()?.toString()).toContain("bbb");
    answers.giveBack();
    answers.receive(answer("c"));
    for (const batch of [...before, ...after]) expect(() => batch.records()).toThrow(ReusedMemoryError);
  });

  it("is not used again while nobody has given it back", () => {
    const answers = new Answers();
    const before = answers.receive(answer("a"));
    answers.receive(answer("b"));
    for (const batch of before) expect(batch.records()?.toString()).toContain("aaa");
  });
});

describe("transactions", () => {
  const data = (producerId: number, baseOffset: number, count = 1) =>
    writeBatch(
      Array.from({ length: count }, (_, i) => recordOf("value", i)),
      { attributes: 0x10, producerId, baseOffset },
    );
  const marker = (producerId: number, baseOffset: number) =>
    writeBatch([recordOf("", 0)], { attributes: 0x30, producerId, baseOffset });
  const plain = (baseOffset: number) => writeBatch([recordOf("value", 0)], { baseOffset, producerId: 1 });

  const rows = [
    { name: "committed", log: [data(1, 0), marker(1, 1), data(1, 2)], aborted: [], visible: [0, 2] },
    { name: "aborted", log: [data(1, 0), data(1, 1, 3), marker(1, 4)], aborted: [[1, 0]], visible: [] },
    {
      name: "aborted, then one that is committed",
      log: [data(1, 0), marker(1, 1), data(1, 2), marker(1, 3)],
      aborted: [[1, 0]],
      visible: [2],
    },
    {
      name: "aborted beside one that is committed",
      log: [data(1, 0), data(2, 1), data(1, 2), marker(1, 3), data(2, 4), marker(2, 5)],
      aborted: [[1, 0]],
      visible: [1, 4],
    },
    {
      name: "aborted behind one of the same producer that was committed",
      log: [data(1, 0), marker(1, 1), data(1, 2), marker(1, 3)],
      aborted: [[1, 2]],
      visible: [0],
    },
    {
      name: "several that began before the fetch",
      log: [data(2, 10), data(1, 11), marker(2, 12), marker(1, 13), data(2, 14)],
      aborted: [
        [1, 3],
        [2, 5],
      ],
      visible: [14],
    },
    {
      name: "named by their end",
      log: [data(1, 0), data(2, 1), marker(2, 2), marker(1, 3)],
      aborted: [
        [1, 0],
        [2, 1],
      ],
      visible: [],
    },
    {
      name: "named by their beginning",
      log: [data(1, 0), data(2, 1), marker(1, 2), marker(2, 3)],
      aborted: [
        [2, 1],
        [1, 0],
      ],
      visible: [],
    },
    {
      name: "whose first records compaction has removed",
      log: [plain(0), data(1, 7), marker(1, 8)],
      aborted: [[1, 2]],
      visible: [0],
    },
    {
      name: "aborted, beside records of the same producer outside of it",
      log: [data(1, 0), plain(1), marker(1, 2)],
      aborted: [[1, 0]],
      visible: [1],
    },
  ];
  it.each(rows)("$name", ({ log, aborted, visible }) => {
    const batches = log.map((bytes) => new RecordBatch(bytes));
    hideAborted(
      batches,
      aborted.map(([producerId, firstOffset]) => ({
        producerId: String(producerId),
        firstOffset: String(firstOffset),
      })),
    );
    const shown = batches.filter(({ isHidden }) => !isHidden);
    expect(shown.map(({ baseOffset }) => baseOffset)).toEqual(visible);
  });
});
