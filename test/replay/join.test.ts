import { describe, expect, it } from "vitest";
import { joinParts, type ReplayPart } from "../../src/replay/join.ts";
import { mergeStates } from "../../src/replay/merge.ts";
import { unseen } from "../../src/replay/order.ts";
import type { StretchState } from "../../src/replay/replay-partition.ts";
import type { ReplayState } from "../../src/replay/state-file.ts";
import { receipt } from "../ledger/support.ts";
import { hour, stateOf, tallyOf, window } from "./tallying.ts";

const topic = "dlr.receipts";

/** A part that has read partitions, each with one record of a code of its own. */
function part(file: string, partitions: readonly number[], rest: Partial<ReplayState> = {}): ReplayPart {
  const tally = tallyOf();
  const stretches = partitions.map((partition): StretchState => {
    tally.count([receipt(`X${partition}`, "failed", { receivedAt: window.from })], undefined, window.from);
    const stretch = { topic, partition, start: 0, end: 1, removedBefore: 0, undecided: 0 };
    return { stretch, next: 1, removed: 0, lost: 0, oldestAt: window.from, order: unseen };
  });
  const state: ReplayState = {
    ...{ window, takenAt: window.to + partitions.length, cluster: "one", request: "r", chosen: undefined },
    subject: {
      topics: [],
      unknownCodes: 50,
      dimensionValues: 30,
      map: { hash: "0", categories: new Map(), tables: [] },
      compared: false,
    },
    partitions: { [topic]: 4 },
    states: [{ ...stateOf(tally), stretches }],
    ...rest,
  };
  return { file, state };
}

const naming = { unknownCodes: 50, dimensions: [], dimensionValues: 30 };

function countsOf({ states, takenAt }: ReplayState) {
  return mergeStates(states, { window, takenAt, isListed: () => false, ...naming });
}

describe("parts of a replay", () => {
  it("are what a single one counts", () => {
    const joined = joinParts([part("a", [0, 3]), part("b", [1]), part("c", [2])]);
    expect(countsOf(joined)).toEqual(countsOf(part("whole", [0, 1, 2, 3]).state));
    expect(joined.takenAt).toBe(window.to + 1);
  });

  it.each([
    [
      "overlap",
      [part("a", [0, 1]), part("b", [1, 2, 3])],
      "partition 1 of topic dlr.receipts is in a and in b: its receipts would count twice",
    ],
    [
      "lack some",
      [part("a", [0]), part("b", [2])],
      "partitions 1,3 of topic dlr.receipts are missing from the files: replay them with --partitions 1,3",
    ],
    [
      "are the same one twice",
      [part("a", [0, 1, 2, 3]), part("a", [0, 1, 2, 3])],
      "partition 0 of topic dlr.receipts is in a and in a: its receipts would count twice",
    ],
    [
      "are of other requests",
      [part("a", [0, 1]), part("b", [2, 3], { request: "s" })],
      "a and b are from replays with different topics, dimensions, times, step or code maps",
    ],
    [
      "are of two clusters",
      [part("a", [0, 1]), part("b", [2, 3], { cluster: "two" })],
      "a and b are from two clusters (one, two)",
    ],
    [
      "have different windows",
      [part("a", [0, 1]), part("b", [2, 3], { window: { ...window, to: window.to + hour } })],
      "a and b have different windows because --from or --to moves with the clock (-3h, now, or a time in the future): use fixed past times, such as 2026-10-01",
    ],
    [
      "were made when the topic had fewer partitions",
      [part("a", [0, 1], { partitions: { [topic]: 2 } }), part("b", [2, 3])],
      "a and b were written when the topics had different numbers of partitions: replay one of them again",
    ],
  ] as const)("are refused when they %s", (_, parts, says) => {
    const [first, ...others] = parts;
    expect(() => joinParts([first, ...others])).toThrow(
      expect.objectContaining({ name: "StateFileError", message: says }),
    );
  });

  it("are refused before they are read to their end", () => {
    const { state } = part("b", [1, 2, 3]);
    const [share] = state.states;
    const begun = share?.stretches.map((one) => ({ ...one, next: 0 })) ?? [];
    const unread = { file: "b", state: { ...state, states: [{ tallies: [], stretches: begun }] } };
    expect(() => joinParts([part("a", [0]), unread])).toThrow(
      "b still has 3 offsets to read: run its replay again to continue",
    );
  });
});
