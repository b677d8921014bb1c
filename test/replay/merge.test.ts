import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ignoredKinds,
  isIgnored,
  malformedReasons,
  type Receipt,
  type Unread,
} from "../../src/receipts/receipt.ts";
import { mergeStates } from "../../src/replay/merge.ts";
import { unseen } from "../../src/replay/order.ts";
import type { StretchState } from "../../src/replay/replay-partition.ts";
import type { ShareState } from "../../src/replay/share.ts";
import { receipt } from "../ledger/support.ts";
import { hour, map, stateOf, tallyOf, window } from "./tallying.ts";

const { from, to } = window;

function merged(states: readonly ShareState[], unknownCodes = 50) {
  const isListed = ({ provider, scope, code }: { provider: string; scope: string; code: string }) =>
    map.lookup(provider, scope, code) !== undefined;
  const naming = { isListed, unknownCodes, dimensions: [], dimensionValues: 30 };
  return mergeStates(states, { window, takenAt: to, ...naming });
}

/** The totals by code. */
function totals(states: readonly ShareState[], unknownCodes: number): Record<string, number> {
  const { series } = merged(states, unknownCodes);
  return Object.fromEntries(series.map(({ labels, total }) => [labels.code, total]));
}

/** A share that has read so many receipts of each code. */
function shareOf(counts: Readonly<Record<string, number>>, topic?: string): ShareState {
  const tally = tallyOf({}, undefined, topic);
  for (const [code, count] of Object.entries(counts)) {
    for (let n = 0; n < count; n++)
      tally.count([receipt(code, "failed", { receivedAt: from })], undefined, from);
  }
  return stateOf(tally);
}

/** One record: what it held, when it was recorded, and which of the shares read it. */
interface Read {
  readonly receipts: readonly Receipt[];
  readonly unread: Unread | undefined;
  readonly recordedAt: number;
  readonly topic: string;
  readonly share: number;
}

const receipts = fc.record({
  scope: fc.constantFrom("sms_receipt", "voice_receipt"),
  flag: fc.constantFrom("delivered" as const, "failed" as const, "none" as const),
  code: fc.constantFrom("006", "mk:0010", "MK:0010", "DELIVRD", "200010", "", "A", "B", "C", "D", "E"),
  sentAt: fc.oneof(fc.constant(Number.NaN), fc.integer({ min: from - hour, max: to })),
  receivedAt: fc.oneof(fc.constant(Number.NaN), fc.integer({ min: from - hour, max: to + hour })),
  provider: fc.constantFrom(undefined, "tencent"),
});

const reads: fc.Arbitrary<Read[]> = fc.array(
  fc.record({
    receipts: fc.array(receipts, { maxLength: 4 }),
    unread: fc.constantFrom(undefined, ...malformedReasons, ...ignoredKinds),
    recordedAt: fc.integer({ min: from - hour, max: to + hour }),
    topic: fc.constantFrom("sms", "voice"),
    share: fc.nat(3),
  }),
  { maxLength: 60 },
);

/** Each share with a tally for each topic, as workers have. */
function read(all: readonly Read[], shareOf: (read: Read) => number): ShareState[] {
  const shares = [0, 1, 2, 3].map(() => ["sms", "voice"].map((topic) => tallyOf({}, undefined, topic)));
  for (const read of all) {
    const tally = shares[shareOf(read)]?.find(({ topic }) => topic === read.topic);
    tally?.count(read.receipts, read.unread, read.recordedAt);
  }
  return shares.map((tallies) => stateOf(...tallies));
}

describe("shares put together", () => {
  it("give the same however the records were shared out and in whatever order they came", () => {
    const shuffled = reads.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, fc.nat(4), ([all, disorderly], unknownCodes) => {
        const alone = merged(
          read(all, () => 0),
          unknownCodes,
        );
        const shared = read(disorderly, ({ share }) => share).reverse();
        expect(merged(shared, unknownCodes)).toEqual(alone);
        expect(
          merged(
            read(disorderly, ({ share }) => share),
            unknownCodes,
          ),
        ).toEqual(alone);
      }),
    );
  });

  it("lose no receipt", () => {
    fc.assert(
      fc.property(reads, (all) => {
        const { series, records, outside } = merged(
          read(all, ({ share }) => share),
          2,
        );
        const counted = series.reduce((sum, { total }) => sum + total, 0);
        const held = all.reduce((sum, { receipts }) => sum + receipts.length, 0);
        expect({ records, receipts: counted + outside.before + outside.after }).toEqual({
          records: all.length,
          receipts: held,
        });
        for (const { counts, total } of series) expect(counts.reduce((a, b) => a + b, 0)).toBe(total);
      }),
    );
  });

  it("lose no record that gave no receipt, malformed or ignored", () => {
    fc.assert(
      fc.property(reads, (all) => {
        const { malformed, ignored } = merged(read(all, ({ share }) => share));
        const unread = all.flatMap(({ unread, recordedAt }) =>
          unread === undefined || recordedAt < from || recordedAt >= to ? [] : unread,
        );
        const times = (words: readonly string[]) =>
          Object.fromEntries(
            [...Map.groupBy(words, (word) => word)].map(([word, own]) => [word, own.length]),
          );
        expect(Object.fromEntries(ignored)).toEqual(times(unread.filter(isIgnored)));
        expect(Object.fromEntries(malformed)).toEqual(times(unread.filter((word) => !isIgnored(word))));
      }),
    );
  });

  it("sort series by their labels, and steps by time", () => {
    const tally = tallyOf();
    for (const receivedAt of [to - 1, from, from]) {
      for (const code of ["DB:0141", "006"])
        tally.count([receipt(code, "failed", { receivedAt })], undefined, from);
    }
    const { series } = merged([stateOf(tally)]);
    expect(series.map(({ labels, steps, counts }) => [labels.code, [...steps], [...counts]])).toEqual([
      ["006", [0, 119], [2, 1]],
      ["DB:0141", [0, 119], [2, 1]],
    ]);
  });
});

describe("codes that the map does not list", () => {
  const rows = [
    {
      name: "the commonest keep their name",
      shares: [shareOf({ X1: 1, X2: 2, X3: 1 }), shareOf({ X3: 2 })],
      unknownCodes: 2,
      codes: { X3: 3, X2: 2, _other: 1 },
    },
    {
      name: "of equals the first by name",
      shares: [shareOf({ X3: 1, X2: 1 }), shareOf({ X1: 1 })],
      unknownCodes: 2,
      codes: { X1: 1, X2: 1, _other: 1 },
    },
    {
      name: "listed codes need no room",
      shares: [shareOf({ "006": 1, X1: 9 })],
      unknownCodes: 0,
      codes: { "006": 1, _other: 9 },
    },
    {
      name: "labels of our own neither take room nor lose their name",
      shares: [shareOf({ "": 1, "13800000000": 1, X1: 5, X2: 4 })],
      unknownCodes: 1,
      codes: { _none: 1, _redacted: 1, X1: 5, _other: 4 },
    },
  ];
  it.each(rows)("$name", ({ shares, unknownCodes, codes }) => {
    expect(totals(shares, unknownCodes)).toEqual(codes);
  });

  it("are limited in each topic by itself", () => {
    const { series } = merged([shareOf({ X1: 1, X2: 2 }, "a"), shareOf({ X1: 3, X3: 1 }, "b")], 1);
    expect(series.map(({ labels, total }) => [labels.topic, labels.code, total])).toEqual([
      ["a", "X2", 2],
      ["a", "_other", 1],
      ["b", "X1", 3],
      ["b", "_other", 1],
    ]);
  });
});

describe("gaps", () => {
  const usual = { removedBefore: 0, removed: 0, lost: 0, oldestAt: from, order: unseen };
  const rows = [
    { name: "none", found: usual, gaps: [] },
    {
      name: "the log begins within the window",
      found: { ...usual, removedBefore: 7, oldestAt: from + 1 },
      gaps: [{ reason: "retention", offsets: 7, oldestAt: from + 1 }],
    },
    {
      name: "the log begins before the window: nothing of it is gone",
      found: { ...usual, removedBefore: 7, oldestAt: from },
      gaps: [],
    },
    {
      name: "nothing is left",
      found: { ...usual, removedBefore: 7, oldestAt: undefined },
      gaps: [{ reason: "retention", offsets: 7, oldestAt: undefined }],
    },
    {
      name: "deleted while it was read",
      found: { ...usual, lost: 5, oldestAt: to - 1 },
      gaps: [{ reason: "deleted", offsets: 5, oldestAt: undefined }],
    },
    {
      name: "deleted before and while it was read",
      found: { ...usual, removedBefore: 7, lost: 5, oldestAt: to - 1 },
      gaps: [
        { reason: "retention", offsets: 7, oldestAt: to - 1 },
        { reason: "deleted", offsets: 5, oldestAt: undefined },
      ],
    },
    {
      name: "compacted",
      found: { ...usual, removed: 3 },
      gaps: [{ reason: "removed", offsets: 3, oldestAt: undefined }],
    },
  ];
  it.each(rows)("$name", ({ found: { removedBefore, ...rest }, gaps }) => {
    const stretch = { topic: "t", partition: 1, start: 7, end: 20, removedBefore, undecided: 0 };
    const state: StretchState = { stretch, next: 20, ...rest };
    expect(merged([{ stretches: [state], tallies: [] }]).gaps).toEqual(
      gaps.map((gap) => ({ topic: "t", partition: 1, ...gap })),
    );
  });

  it("come sorted by topic and partition", () => {
    const gapIn = (topic: string, partition: number): StretchState => ({
      stretch: { topic, partition, start: 0, end: 9, removedBefore: 0, undecided: 0 },
      next: 9,
      ...{ removed: 1, lost: 0, oldestAt: from, order: unseen },
    });
    const states = [
      { stretches: [gapIn("b", 10), gapIn("b", 9)], tallies: [] },
      { stretches: [gapIn("a", 1)], tallies: [] },
    ];
    expect(merged(states).gaps.map(({ topic, partition }) => `${topic}/${partition}`)).toEqual([
      "a/1",
      "b/9",
      "b/10",
    ]);
  });
});
