import { describe, expect, it } from "vitest";
import { Turn } from "../../../src/kafka/turn.ts";
import { RecordBatch } from "../../../src/kafka/wire/record-batch.ts";
import { RecordCursor } from "../../../src/kafka/wire/record-cursor.ts";
import { recordOf, writeBatch } from "./batches.ts";

/** A turn in which the clock may be read so often. */
function turnOf(looks: number): Turn {
  let now = 0;
  return new Turn(looks, () => now++);
}

/** How many records a walk shows before it pauses; -1 when it does not. */
function shownBeforePause(batches: readonly Buffer[], turn: Turn | undefined): number {
  const cursor = new RecordCursor(
    batches.map((bytes) => new RecordBatch(bytes)),
    turn,
  );
  for (let shown = 0; ; shown++) {
    if (cursor.isPaused) return shown;
    if (!cursor.advance()) return -1;
  }
}

const batchOf = (count: number, size: number, baseOffset = 0) =>
  writeBatch(
    Array.from({ length: count }, (_, delta) => recordOf("x".repeat(size), delta)),
    { baseOffset },
  );
const small = Array.from({ length: 10 }, (_, n) => batchOf(1, 10, n));
const large = batchOf(10, 70_000);

describe("a walk of records pauses when its turn is over", () => {
  it.each([
    { name: "behind a batch that took long to open", batches: small, looks: 4, shown: 4 },
    { name: "behind records that took long to read", batches: [large], looks: 4, shown: 4 },
    { name: "behind many of them", batches: [batchOf(10_000, 100)], looks: 4, shown: 1_823 },
    { name: "at its beginning, where another walk took all of it", batches: small, looks: 0, shown: 0 },
  ])("$name", ({ batches, looks, shown }) => {
    expect(shownBeforePause(batches, turnOf(looks))).toBe(shown);
  });

  it("and not before, nor without one", () => {
    expect(shownBeforePause(small, turnOf(100))).toBe(-1);
    expect(shownBeforePause(small, undefined)).toBe(-1);
  });

  it("and stays so", () => {
    const cursor = new RecordCursor([new RecordBatch(large)], turnOf(0));
    expect([cursor.isPaused, cursor.isPaused]).toEqual([true, true]);
  });
});
