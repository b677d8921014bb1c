import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { delayParts } from "../../src/ledger/delay-parts.ts";
import type { Receipt } from "../../src/receipts/receipt.ts";
import type { DelayHistory, ReplayCounts } from "../../src/replay/counts.ts";
import { mergeStates } from "../../src/replay/merge.ts";
import type { ShareState } from "../../src/replay/share.ts";
import { receipt } from "../ledger/support.ts";
import { minute, stateOf, tallyOf, window } from "./tallying.ts";

const { from, to } = window;

function merged(states: readonly ShareState[]): ReplayCounts {
  const naming = { isListed: () => false, unknownCodes: 2, dimensions: [], dimensionValues: 30 };
  return mergeStates(states, { window, takenAt: to, ...naming });
}

/** A receipt that took so many seconds. */
function thatTook(seconds: number, code = "DELIVRD", receivedAt = from): Receipt {
  const flag = code === "DELIVRD" ? "delivered" : "failed";
  return receipt(code, flag, { receivedAt, sentAt: receivedAt - 1000 * seconds });
}

interface Read {
  readonly receipt: Receipt;
  readonly topic: string;
  readonly share: number;
}

const day = 86_400;
const reads: fc.Arbitrary<Read[]> = fc.array(
  fc.record({
    receipt: fc
      .record({
        seconds: fc.oneof(
          fc.double({ min: -9, max: 400, noNaN: true }),
          fc.integer({ min: 0, max: 32 * day }),
          fc.constant(Number.NaN),
        ),
        code: fc.constantFrom("DELIVRD", "MK:0010", "X1", "X2"),
        receivedAt: fc.oneof(fc.constant(Number.NaN), fc.integer({ min: from, max: to - 1 })),
      })
      .map(({ seconds, code, receivedAt }) => thatTook(Math.round(seconds * 1000) / 1000, code, receivedAt)),
    topic: fc.constantFrom("sms", "voice"),
    share: fc.nat(3),
  }),
  { maxLength: 60 },
);

function read(all: readonly Read[], shareOf: (read: Read) => number): ShareState[] {
  const shares = [0, 1, 2, 3].map(() =>
    ["sms", "voice"].map((topic) => tallyOf({ by: "event" }, undefined, topic)),
  );
  for (const one of all) {
    const tally = shares[shareOf(one)]?.find(({ topic }) => topic === one.topic);
    tally?.count([one.receipt], undefined, from);
  }
  return shares.map((tallies) => stateOf(...tallies));
}

/** How many receipts of each topic, outcome and step there are in buckets and under reasons. */
function inAll({ columns, unmeasured }: DelayHistory): Map<string, number> {
  const sums = new Map<string, number>();
  const add = (key: string, count: number) => sums.set(key, (sums.get(key) ?? 0) + count);
  for (const { labels, steps, buckets } of columns) {
    for (const [index, step] of steps.entries()) {
      const count = buckets.reduce((sum, bucket) => sum + (bucket[index] ?? 0), 0);
      expect(count).toBeGreaterThan(0);
      add(`${labels.topic} ${labels.outcome} ${step}`, count);
    }
  }
  for (const { labels, steps, counts } of unmeasured) {
    for (const [index, step] of steps.entries())
      add(`${labels.topic} ${labels.outcome} ${step}`, counts[index] ?? 0);
  }
  return new Map([...sums].sort());
}

describe("the delays of a history", () => {
  it("are the same however the records were shared out and in whatever order they came", () => {
    const shuffled = reads.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([all, disorderly]) => {
        const alone = merged(read(all, () => 0));
        const shared = read(disorderly, ({ share }) => share);
        expect(merged(shared)).toEqual(alone);
        expect(merged([...shared].reverse())).toEqual(alone);
      }),
    );
  });

  it("are those of every receipt that is delivered or failed, in its step", () => {
    fc.assert(
      fc.property(reads, (all) => {
        const { receiptDelays, series } = merged(read(all, ({ share }) => share));
        const receipts = new Map<string, number>();
        for (const { labels, steps, counts } of series) {
          if (labels.outcome !== "delivered" && labels.outcome !== "failed") continue;
          for (const [index, step] of steps.entries()) {
            const key = `${labels.topic} ${labels.outcome} ${step}`;
            receipts.set(key, (receipts.get(key) ?? 0) + (counts[index] ?? 0));
          }
        }
        expect(inAll(receiptDelays)).toEqual(new Map([...receipts].sort()));
      }),
    );
  });

  it("lie in the bucket of their bound, sums in whole seconds", () => {
    const tally = tallyOf();
    for (const seconds of [5, 5.001, -3, 300.4, 90_000]) tally.count([thatTook(seconds)], undefined, from);
    tally.count([thatTook(14, "DELIVRD", from + minute)], undefined, from);
    const [column, ...more] = merged([stateOf(tally)]).receiptDelays.columns;
    expect(more).toEqual([]);
    expect(column?.labels).toEqual({
      ...{ topic: "dlr.receipts", provider: "aliyun" },
      ...{ channel: "sms", outcome: "delivered" },
    });
    const counted = column?.buckets.map((counts, place) => [delayParts[place], ...counts]);
    expect(counted?.filter(([, ...counts]) => counts.some(Boolean))).toEqual([
      [5, 2, 0],
      [15, 1, 1],
      [900, 1, 0],
      ["+Inf", 1, 0],
    ]);
    expect([...(column?.steps ?? [])]).toEqual([0, 1]);
    expect([...(column?.sums ?? [])]).toEqual([5 + 5 + 0 + 300 + 90_000, 14]);
  });

  it("have sums that no step is too long for", () => {
    const tally = tallyOf();
    const month = 30 * day;
    const receipts = Array.from({ length: 2_000 }, () => thatTook(month));
    tally.count(receipts, undefined, from);
    const [column] = merged([stateOf(tally)]).receiptDelays.columns;
    expect(column?.sums[0]).toBe(2_000 * month);
  });

  it("say why there is none", () => {
    const tally = tallyOf();
    for (const seconds of [Number.NaN, -6, 31 * day]) tally.count([thatTook(seconds)], undefined, from);
    tally.count([receipt("DELIVRD", "delivered", { sentAt: from })], undefined, from);
    const { columns, unmeasured } = merged([stateOf(tally)]).receiptDelays;
    expect(columns).toEqual([]);
    expect(unmeasured.map(({ labels, total }) => [labels.reason, total])).toEqual([
      ["negative", 1],
      ["no_event_time", 1],
      ["no_sent_time", 1],
      ["too_long", 1],
    ]);
  });
});
