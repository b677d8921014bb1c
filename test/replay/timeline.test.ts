import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Timeline } from "../../src/replay/timeline.ts";

/** A slot's steps and their counts. */
function stepsOf(timeline: Timeline, slot: number): (readonly [number, number])[] {
  return [...timeline.steps(slot)];
}

describe("a timeline", () => {
  it("gives the steps that count something, ascending, whatever the order they came in", () => {
    const timeline = new Timeline();
    for (const step of [1024, 7, 5_000_000, 0, 7, 1023]) timeline.add(2, step);
    expect(stepsOf(timeline, 2)).toEqual([
      [0, 1],
      [7, 2],
      [1023, 1],
      [1024, 1],
      [5_000_000, 1],
    ]);
  });

  it("keeps slots apart, and knows nothing of those that count nothing", () => {
    const timeline = new Timeline();
    timeline.add(3, 1, 10);
    timeline.add(0, 1, 5);
    expect([0, 1, 2, 3, 4].map((slot) => stepsOf(timeline, slot))).toEqual([[[1, 5]], [], [], [[1, 10]], []]);
  });

  it("takes memory only where something counts", () => {
    const timeline = new Timeline();
    timeline.add(0, 0);
    timeline.add(0, 500_000);
    timeline.add(9, 500_001);
    expect([...timeline.pieces()].map(([slot, piece]) => [slot, piece])).toEqual([
      [0, 0],
      [0, 488],
      [9, 488],
    ]);
  });

  it("takes the pieces of others into slots of its own, and adds them up", () => {
    const additions = fc.array(fc.tuple(fc.nat(3), fc.nat(3_000), fc.integer({ min: 1, max: 9 })));
    fc.assert(
      fc.property(additions, additions, (ours, theirs) => {
        const [one, other, whole] = [new Timeline(), new Timeline(), new Timeline()];
        for (const [slot, step, count] of ours) one.add(slot, step, count);
        for (const [slot, step, count] of theirs) other.add(slot, step, count);
        for (const [slot, step, count] of ours) whole.add(slot, step, count);
        for (const [slot, step, count] of theirs) whole.add(slot + 1, step, count);
        for (const [slot, piece, counts] of other.pieces()) one.merge(slot + 1, piece, counts);
        for (const slot of [0, 1, 2, 3, 4]) expect(stepsOf(one, slot)).toEqual(stepsOf(whole, slot));
      }),
    );
  });
});
