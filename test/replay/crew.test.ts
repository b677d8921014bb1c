import { describe, expect, it } from "vitest";
import { Crew } from "../../src/replay/crew.ts";
import { unseen } from "../../src/replay/order.ts";
import type { StretchState } from "../../src/replay/replay-partition.ts";
import type { WorkerOrder } from "../../src/replay/share.ts";
import { packagedMap } from "../ledger/support.ts";
import { shapeOf } from "../receipts/support.ts";
import { window } from "./tallying.ts";

const map = packagedMap().data;

/** One partition's stretch of a log, read up to `next`. */
function stretchOf(partition: number, end: number, next = 0): StretchState {
  const stretch = { topic: "t", partition, start: 0, end, removedBefore: 0, undecided: 0 };
  return { stretch, next, removed: 0, lost: 0, oldestAt: undefined, order: unseen };
}

function orderOf(stretches: readonly StretchState[]): WorkerOrder {
  // nobody listens there
  const client = { brokers: ["127.0.0.1:1"], clientId: "test", ssl: undefined, sasl: undefined };
  const task = { client, topics: [], window, timeoutMs: 60_000 };
  return { task, stretches, logLevel: "silent", map, compare: undefined };
}

describe("a crew", () => {
  const rows = [
    { name: "one worker takes all", sizes: [3, 5], workers: 1, shares: [[5, 3]] },
    {
      name: "the largest first, each to who has least",
      sizes: [4, 9, 5, 1],
      workers: 2,
      shares: [
        [9, 1],
        [5, 4],
      ],
    },
    { name: "no more workers than stretches", sizes: [4, 9], workers: 64, shares: [[9], [4]] },
    { name: "nothing to read", sizes: [], workers: 3, shares: [[]] },
  ];
  it.each(rows)("shares out: $name", async ({ sizes, workers, shares }) => {
    const given: number[][] = [];
    const stretches = sizes.map((size, partition) => stretchOf(partition, size + 10, 10));
    const crew = new Crew(stretches, workers, (own) => {
      given.push(own.map(({ stretch }) => stretch.end - 10));
      return orderOf(own);
    });
    crew.work().catch(() => {});
    await crew.dismiss();
    expect(given).toEqual(shares);
  });

  it("has done at once what was read before it", async () => {
    const crew = new Crew([stretchOf(0, 100, 30), stretchOf(1, 100, 5)], 2, orderOf);
    expect(crew.done).toBe(35);
    crew.work().catch(() => {});
    await crew.dismiss();
  });

  it.each([1, 2])("needs no broker where all was read, of %s stretches", async (count) => {
    const stretches = Array.from({ length: count }, (_, partition) => stretchOf(partition, 100, 100));
    const crew = new Crew(stretches, count, orderOf);
    expect(await crew.work()).toBe(true);
    expect(await crew.states()).toEqual(stretches.map(() => ({ stretches: [], tallies: [] })));
    await crew.dismiss();
  });

  it.each([1, 2])("fails with its first failure in words, of %s stretches", async (count) => {
    const order = (own: StretchState[]) => ({
      ...orderOf(own),
      task: { ...orderOf(own).task, timeoutMs: 1_000, topics: [topic] },
    });
    const stretches = Array.from({ length: count }, (_, partition) => stretchOf(partition, 100));
    const crew = new Crew(stretches, count, order);
    await expect(crew.work()).rejects.toThrow(
      /^no record received for \d+ s: connect ECONNREFUSED 127\.0\.0\.1:1$/,
    );
    await crew.dismiss();
  });

  it.each([1, 2])(
    "hands over counts that it does not go on counting into, of %s stretches",
    async (count) => {
      const stretches = Array.from({ length: count }, (_, partition) => stretchOf(partition, 100));
      const crew = new Crew(stretches, count, (own) => ({
        ...orderOf(own),
        task: { ...orderOf(own).task, topics: [topic] },
      }));
      crew.work().catch(() => {});
      const [first, second] = [await crew.states(), await crew.states()];
      expect(first).toEqual(second);
      expect(first).toHaveLength(count);
      for (const [share, { tallies }] of first.entries()) {
        expect(tallies).toHaveLength(1);
        expect(tallies[0]?.aside).not.toBe(second[share]?.tallies[0]?.aside);
      }
      crew.stop();
      await crew.dismiss();
    },
  );
});

const topic = {
  topic: "t",
  provider: undefined,
  channel: undefined,
  shape: shapeOf(),
} as const;
