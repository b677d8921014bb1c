import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blockOf, placeOf, stepsBySlot, Timeline, totalsOf } from "../../src/replay/timeline.ts";

/** A slot's steps and their counts. */
function stepsOf(timeline: Timeline, slot: number): (readonly [number, number])[] {
  const { steps = [], counts = [] } =
    stepsBySlot(timeline.blocks(), 1, (from) => (from === slot ? 0 : -1))[0] ?? {};
  return [...steps].map((step, index) => [step, counts[index] ?? 0]);
}

function addMany(timeline: Timeline, slot: number, step: number, count: number): void {
  timeline.addAt(timeline.position(slot, blockOf(step)) + placeOf(step), count);
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
    addMany(timeline, 3, 1, 10);
    addMany(timeline, 0, 1, 5);
    expect([0, 1, 2, 3, 4].map((slot) => stepsOf(timeline, slot))).toEqual([[[1, 5]], [], [], [[1, 10]], []]);
    expect(totalsOf(timeline.blocks())).toEqual([5, 0, 0, 10]);
  });

  it("takes memory only where something counts", () => {
    const timeline = new Timeline();
    const opened = [
      [0, 0],
      [0, 15],
      [0, 16],
      [9, 500_001],
      [9, 500_000],
    ].map(([slot = 0, step = 0]) => timeline.add(slot, step));
    expect(opened).toEqual([true, false, true, true, false]);
    const { slots, numbers, counts } = timeline.blocks();
    expect([...slots]).toEqual([0, 0, 9]);
    expect([...numbers]).toEqual([0, 1, 31_250]);
    expect(counts).toHaveLength(3 * 16);
  });

  it("gives the sum of slots that are taken together", () => {
    const timeline = new Timeline();
    for (const [slot, step] of [
      [0, 40],
      [1, 33],
      [2, 40],
      [2, 7],
      [0, 41],
      [3, 40],
    ] as const)
      addMany(timeline, slot, step, slot + 1);
    const [both, none] = stepsBySlot(timeline.blocks(), 2, (slot) => (slot === 1 ? -1 : 0));
    expect([both?.steps, both?.counts].map((values) => [...(values ?? [])])).toEqual([
      [7, 40, 41],
      [3, 8, 1],
    ]);
    expect(none?.steps).toHaveLength(0);
  });

  it("finds every block again in a large one", () => {
    const timeline = new Timeline();
    for (const round of [1, 2]) {
      for (let slot = 0; slot < 100; slot++) {
        for (let step = 0; step < 100; step++) addMany(timeline, slot, step * 1_440, round);
      }
    }
    expect(timeline.size).toBe(10_000);
    const steps = Array.from({ length: 100 }, (_, step) => [step * 1_440, 3]);
    for (const slot of [0, 42, 99]) expect(stepsOf(timeline, slot)).toEqual(steps);
  });

  it("takes the blocks of others into slots of its own, and adds them up", () => {
    const additions = fc.array(fc.tuple(fc.nat(3), fc.nat(3_000), fc.integer({ min: 1, max: 9 })));
    fc.assert(
      fc.property(additions, additions, (ours, theirs) => {
        const [one, other, whole] = [new Timeline(), new Timeline(), new Timeline()];
        for (const [slot, step, count] of ours) addMany(one, slot, step, count);
        for (const [slot, step, count] of theirs) addMany(other, slot, step, count);
        for (const [slot, step, count] of ours) addMany(whole, slot, step, count);
        for (const [slot, step, count] of theirs) if (slot !== 2) addMany(whole, slot + 1, step, count);
        one.merge(other.blocks(), (slot) => (slot === 2 ? -1 : slot + 1));
        for (const slot of [0, 1, 2, 3, 4]) expect(stepsOf(one, slot)).toEqual(stepsOf(whole, slot));
      }),
    );
  });
});
