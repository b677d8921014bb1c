import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gathered } from "../../src/replay/gather.ts";
import { mergeStates, movesOf } from "../../src/replay/merge.ts";
import type { ShareState } from "../../src/replay/share.ts";
import type { Tally } from "../../src/replay/tally.ts";
import { Timeline, totalsOf } from "../../src/replay/timeline.ts";
import { receipt } from "../ledger/support.ts";
import { map, stateOf, tallyOf, window } from "./tallying.ts";

const { from, to } = window;

function result(states: readonly ShareState[]) {
  const naming = { isListed: () => true, unknownCodes: 3, dimensions: [], dimensionValues: 30 };
  const counts = mergeStates(states, { window, takenAt: to, ...naming });
  return { counts, moves: movesOf(states).all(), receipts: movesOf(states).receipts };
}

const receipts = fc.array(
  fc.tuple(
    fc.constantFrom("006", "12", "DB:0141", "DELIVRD", "X1", "X2"),
    fc.integer({ min: from - 60_000, max: to }),
    fc.nat(2),
  ),
  { maxLength: 40 },
);

describe("several shares as one", () => {
  it("hold the same", () => {
    fc.assert(
      fc.property(receipts, (all) => {
        const tallies = [0, 1, 2].map(() => tallyOf({}, map));
        for (const [code, receivedAt, share] of all) {
          const sentAt = receivedAt - 2_000;
          tallies[share]?.count([receipt(code, "failed", { receivedAt, sentAt })], undefined, receivedAt);
        }
        const apart = tallies.map((tally) => stateOf(tally));
        expect(result([gathered(apart)])).toEqual(result(apart));
      }),
    );
  });

  it("count a counter once that was closed and opened again", () => {
    const tally = tallyOf();
    for (let n = 0; n < 3; n++) tally.count([receipt("X1", "failed", { receivedAt: from })], undefined, from);
    const { stretches, tallies } = stateOf(tally);
    const again = tallies.map((state) => {
      const timeline = new Timeline();
      timeline.merge(state.blocks, (slot) => slot);
      timeline.merge(state.blocks, (slot) => slot + state.counters.length);
      return { ...state, counters: [...state.counters, ...state.counters], blocks: timeline.blocks() };
    });
    const [once] = tallies;
    const [found] = gathered([{ stretches, tallies: again }]).tallies;
    expect(found?.counters).toEqual(once?.counters);
    expect(found && totalsOf(found.blocks)).toEqual(once && totalsOf(once.blocks).map((total) => 2 * total));
  });

  it("take no more room than what they counted, however many they are", () => {
    const one = (): Tally => {
      const tally = tallyOf();
      for (let code = 0; code < 500; code++)
        tally.count([receipt(`X${code}`, "failed", { receivedAt: from })], undefined, from);
      return tally;
    };
    const [alone] = gathered([stateOf(one())]).tallies;
    const [many] = gathered(Array.from({ length: 20 }, () => stateOf(one()))).tallies;
    expect(many?.counters).toEqual(alone?.counters);
    expect(many?.blocks.counts).toHaveLength(alone?.blocks.counts.length ?? 0);
  });
});
