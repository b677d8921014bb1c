import { describe, expect, it } from "vitest";
import { ReusedMemoryError } from "../../../src/kafka/wire/record-batch.ts";
import { RecordCursor } from "../../../src/kafka/wire/record-cursor.ts";
import { packers, recordOf, wrapRecords, writeBatch } from "./batches.ts";
import { Answers } from "./frames.ts";

describe("a walk that goes on after its memory was used again", () => {
  // Larger ones stay where they were received.
  const held = 30_000;
  const tooLong = 500_000;

  const answer = (letter: string, packer = 0, length = held) => {
    const records = writeBatch([0, 1, 2].map((at) => recordOf(letter.repeat(length), at)));
    const packed = packers[packer]?.(records.subarray(61)) ?? records;
    const padding = writeBatch([recordOf("x".repeat(70_000), 0)], { baseOffset: 3 });
    return Buffer.concat([
      wrapRecords(packed, { attributes: packer, recordCount: 3, lastOffsetDelta: 2 }),
      padding,
    ]);
  };

  /** The n-th answer of a connection whose memory was used again for each. */
  const nth = (n: number, packer = 0, length = held) => {
    const answers = new Answers();
    for (let left = n; left > 0; left--) {
      answers.receive(answer("z", 0, length));
      answers.giveBack();
    }
    return { answers, cursor: new RecordCursor(answers.receive(answer("a", packer, length))) };
  };

  it.each([
    { name: "before its first record", before: 0, packer: 0, after: 0, length: held },
    { name: "before its first record, and those are packed", before: 0, packer: 4, after: 0, length: held },
    // The one between is shown, but whoever counts it hears of it within the batch.
    { name: "between two records", before: 1, packer: 0, after: 1, length: tooLong },
  ])("throws: $name", ({ before, packer, after, length }) => {
    for (const n of [0, 1, 2]) {
      const { answers, cursor } = nth(n, packer, length);
      for (let left = before; left > 0; left--) expect(cursor.advance()).toBe(true);
      answers.giveBack();
      answers.receive(answer("b", packer, length));
      for (let left = after; left > 0; left--) expect(cursor.advance()).toBe(true);
      expect(() => cursor.advance()).toThrow(ReusedMemoryError);
    }
  });

  it("does not where it was used again before", () => {
    const { answers, cursor } = nth(2);
    answers.giveBack();
    for (let left = 4; left > 0; left--) expect(cursor.advance()).toBe(true);
    expect(cursor.advance()).toBe(false);
  });

  it("takes what it finds there for no damage of the log", () => {
    const answers = new Answers();
    const cursor = new RecordCursor(answers.receive(answer("a", 0, tooLong)));
    cursor.advance();
    answers.giveBack();
    answers.receive(Buffer.alloc(1_700_000, 0xff));
    expect(() => cursor.advance()).toThrow(ReusedMemoryError);
  });

  it.each([
    { packer: 0, length: held },
    // Not copied, since they are too long: they stay where they were unpacked.
    { packer: 1, length: tooLong },
    { packer: 4, length: tooLong },
  ])("throws where another walk has opened a batch meanwhile: packed by $packer", ({ packer, length }) => {
    const cursor = new RecordCursor(new Answers().receive(answer("a", packer, length)));
    const other = new RecordCursor(new Answers().receive(answer("b", packer, length)));
    cursor.advance();
    other.advance();
    cursor.advance();
    expect(() => cursor.advance()).toThrow(ReusedMemoryError);
    for (let left = 3; left > 0; left--) expect(other.advance()).toBe(true);
  });

  it.each([0, 4])("ends a batch that was opened before, and throws at the next: packed by %i", (packer) => {
    const answers = new Answers();
    const cursor = new RecordCursor(answers.receive(answer("a", packer)));
    cursor.advance();
    answers.giveBack();
    answers.receive(answer("b", packer));
    for (const _ of [1, 2]) {
      expect(cursor.advance()).toBe(true);
      expect(cursor.bytes?.toString("latin1", cursor.start, cursor.end)).toBe("a".repeat(30_000));
    }
    expect(() => cursor.advance()).toThrow(ReusedMemoryError);
  });
});
