import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Receipt } from "../../src/receipts/receipt.ts";
import type { ReplayCounts } from "../../src/replay/counts.ts";
import { mergeStates } from "../../src/replay/merge.ts";
import type { ShareState } from "../../src/replay/share.ts";
import { Tally, type TallyOptions } from "../../src/replay/tally.ts";
import { receipt } from "../ledger/support.ts";
import { hour, map, minute, stateOf, window } from "./tallying.ts";

const { from, to } = window;
const dimensions = ["signature", "app"];

function tallyBy(topic = "sms", room: Partial<TallyOptions> = {}, kept = 10_000): Tally {
  return new Tally({
    ...{ topic, window, compare: undefined, utcOffsetMinutes: 480 },
    cells: { map, provider: undefined, unknownCodes: 10_000, dimensions, dimensionValues: kept },
    ...room,
  });
}

function merged(states: readonly ShareState[], dimensionValues = 30): ReplayCounts {
  const naming = { isListed: () => false, unknownCodes: 3, dimensions, dimensionValues };
  return mergeStates(states, { window, takenAt: to, ...naming });
}

/** How often the values of a dimension came, by topic where there are several. */
function valuesIn({ dimensions }: ReplayCounts, dimension: string): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { labels, total } of dimensions?.series ?? []) {
    if (labels.dimension === dimension) sums[labels.value] = (sums[labels.value] ?? 0) + total;
  }
  return sums;
}

/** A tally that has counted so many receipts of each signature. */
function signatures(counts: Readonly<Record<string, number>>, room?: Partial<TallyOptions>): Tally {
  const tally = tallyBy("sms", room);
  for (const [signature, count] of Object.entries(counts)) {
    for (let n = 0; n < count; n++) countValue(tally, signature);
  }
  return tally;
}

function countValue(tally: Tally, signature: string, receivedAt = from): void {
  tally.count([receipt("006", "failed", { receivedAt, values: [signature, "web"] })], undefined, from);
}

/** What was counted in each step of each provider, channel, category and outcome of a topic. */
function bySteps(
  series: Iterable<{
    readonly labels: Readonly<Record<string, string>>;
    readonly steps: Uint32Array;
    readonly counts: Uint32Array;
  }>,
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { labels, steps, counts } of series) {
    const { topic, provider, channel, category, outcome } = labels;
    for (const [index, step] of steps.entries()) {
      const key = [topic, provider, channel, category, outcome, step].join(" ");
      sums.set(key, (sums.get(key) ?? 0) + (counts[index] ?? 0));
    }
  }
  return sums;
}

/** For each dimension, whether its values add up to the receipts of every cell and step. */
function expectSums({ series, dimensions: counted }: ReplayCounts): void {
  const receipts = bySteps(labelled(series));
  for (const name of dimensions) {
    const own = labelled(counted?.series ?? []).filter(({ labels }) => labels.dimension === name);
    expect(new Map([...bySteps(own)].sort())).toEqual(new Map([...receipts].sort()));
  }
}

function labelled<L extends object, S extends { readonly labels: L }>(all: readonly S[]) {
  return all.map((one) => ({ ...one, labels: { ...one.labels } as Readonly<Record<string, string>> }));
}

interface Read {
  readonly receipts: readonly Receipt[];
  readonly topic: string;
  readonly share: number;
}

const values = fc.constantFrom("_none", "_redacted", "_other", "A", "B", "C", "D", "E", "F", "\\_g");
const receipts: fc.Arbitrary<Receipt> = fc.record({
  scope: fc.constantFrom("sms_receipt", "voice_receipt"),
  flag: fc.constantFrom("delivered" as const, "failed" as const, "none" as const),
  code: fc.constantFrom("006", "mk:0010", "DELIVRD", "200010", "", "X1", "X2", "X3", "X4"),
  sentAt: fc.constant(Number.NaN),
  receivedAt: fc.oneof(fc.constant(Number.NaN), fc.integer({ min: from - hour, max: to + hour })),
  provider: fc.constantFrom(undefined, "tencent"),
  values: fc.oneof(fc.constant(undefined), fc.tuple(values, values)),
});
const reads: fc.Arbitrary<Read[]> = fc.array(
  fc.record({
    receipts: fc.array(receipts, { maxLength: 4 }),
    topic: fc.constantFrom("sms", "voice"),
    share: fc.nat(3),
  }),
  { maxLength: 60 },
);

function read(
  all: readonly Read[],
  shareOf: (read: Read) => number,
  room?: Partial<TallyOptions>,
  kept?: number,
): ShareState[] {
  const shares = [0, 1, 2, 3].map(() => ["sms", "voice"].map((topic) => tallyBy(topic, room, kept)));
  for (const one of all) {
    const tally = shares[shareOf(one)]?.find(({ topic }) => topic === one.topic);
    tally?.count(one.receipts, undefined, from);
  }
  return shares.map((tallies) => stateOf(...tallies));
}

describe("receipts by dimension", () => {
  it("are the same however the records were shared out and in whatever order they came", () => {
    const shuffled = reads.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, fc.integer({ min: 1, max: 9 }), ([all, disorderly], room) => {
        const alone = merged(
          read(all, () => 0),
          room,
        );
        const shared = read(disorderly, ({ share }) => share);
        expect(merged(shared, room)).toEqual(alone);
        expect(merged([...shared].reverse(), room)).toEqual(alone);
      }),
    );
  });

  it("add up to the receipts of every cell and step, whatever is folded", () => {
    fc.assert(
      fc.property(
        reads,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 4 }),
        (all, room, blocks, kept) => {
          for (const counts of [
            merged(
              read(all, ({ share }) => share),
              room,
            ),
            merged(
              read(all, ({ share }) => share, { valueBlocks: blocks, unlistedBlocks: blocks }, kept),
              room,
            ),
          ]) {
            expectSums(counts);
            for (const name of dimensions)
              expect(
                Object.keys(valuesIn(counts, name)).filter((value) => value !== "_other").length,
              ).toBeLessThanOrEqual(2 * room);
          }
        },
      ),
    );
  });

  it("are none without dimensions", () => {
    const naming = { isListed: () => false, unknownCodes: 3, dimensions: [], dimensionValues: 30 };
    const counts = mergeStates([stateOf(signatures({ A: 1 }))], { window, takenAt: to, ...naming });
    expect(counts.dimensions).toBeUndefined();
  });

  it("are of the configured dimensions, in their order, also where none was counted", () => {
    expect(merged([]).dimensions).toEqual({
      names: ["signature", "app"],
      series: [],
      unnamed: { values: 0, andMore: false },
    });
  });
});

describe("the values of a dimension", () => {
  const rows = [
    {
      name: "the commonest keep their name",
      shares: [{ A: 1, B: 2, C: 1 }, { C: 2 }],
      room: 2,
      named: { C: 3, B: 2, _other: 1 },
      unnamed: 1,
    },
    {
      name: "of equals the first by name",
      shares: [{ C: 1, B: 1 }, { A: 1 }],
      room: 2,
      named: { A: 1, B: 1, _other: 1 },
      unnamed: 1,
    },
    {
      name: "_none and _redacted keep theirs, and take of the room; _other takes none",
      shares: [{ A: 5, B: 4, _other: 9, _none: 1, _redacted: 1 }],
      room: 3,
      named: { A: 5, _none: 1, _redacted: 1, _other: 13 },
      unnamed: 1,
    },
  ];
  it.each(rows)("$name", ({ shares, room, named, unnamed }) => {
    const counts = merged(
      shares.map((share: Record<string, number>) => stateOf(signatures(share))),
      room,
    );
    expect(valuesIn(counts, "signature")).toEqual(named);
    expect(counts.dimensions?.unnamed).toEqual({ values: unnamed, andMore: false });
  });

  it("are limited in each topic by itself", () => {
    const tallies = [
      { topic: "a", of: ["A", "A", "B"] },
      { topic: "b", of: ["B", "B", "A"] },
    ].map(({ topic, of }) => {
      const tally = tallyBy(topic);
      for (const value of of) countValue(tally, value);
      return tally;
    });
    const { dimensions } = merged([stateOf(...tallies)], 1);
    const own = dimensions?.series.filter(({ labels }) => labels.dimension === "signature") ?? [];
    expect(own.map(({ labels, total }) => [labels.topic, labels.value, total])).toEqual([
      ["a", "A", 2],
      ["a", "_other", 1],
      ["b", "B", 2],
      ["b", "_other", 1],
    ]);
  });

  it("fold into _other, the rarer half at a time, when they take more than their room", () => {
    const tally = signatures({ A: 3, B: 1, C: 2 }, { valueBlocks: 4 });
    expect(valuesIn(merged([stateOf(tally)]), "signature")).toEqual({ A: 3, B: 1, C: 2 });
    // The fifth block of a value that has a name; web, of the other dimension, has one too. So B, C and D fold.
    countValue(tally, "D");
    countValue(tally, "E");
    countValue(tally, "B");
    const counts = merged([stateOf(tally)]);
    expect(valuesIn(counts, "signature")).toEqual({ A: 3, _other: 6 });
    expect(valuesIn(counts, "app")).toEqual({ web: 9 });
    expect(counts.dimensions?.unnamed).toEqual({ values: 0, andMore: true });
    expectSums(counts);
  });

  it("are named no more beyond the names that are kept, and none of it is lost", () => {
    const tally = tallyBy("sms", {}, 7);
    for (let n = 0; n < 2_000; n++) countValue(tally, `S${n}`, from + (n % 120) * minute);
    // Those that stand for none and for hidden ones have their place, however late they come.
    countValue(tally, "_none");
    countValue(tally, "_redacted");
    const counts = merged([stateOf(tally)]);
    const named = { S0: 1, S1: 1, S2: 1, S3: 1, S4: 1, _none: 1, _redacted: 1 };
    expect(valuesIn(counts, "signature")).toEqual({ ...named, _other: 1_995 });
    expect(counts.dimensions?.unnamed.andMore).toBe(true);
    expectSums(counts);
  });

  it("take no more than their room for each block of steps", () => {
    const tally = tallyBy("sms", { valueBlocks: 100 });
    for (let n = 0; n < 5_000; n++) countValue(tally, `S${n}`, from + (n % 120) * minute);
    // Eight blocks each of receipts and of _other, beside.
    expect(tally.state().blocks.slots.length).toBeLessThan(130);
    expectSums(merged([stateOf(tally)]));
  });
});
