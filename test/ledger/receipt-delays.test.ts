import { describe, expect, it } from "vitest";
import type { Committed } from "../../src/ledger/committed.ts";
import { delayParts } from "../../src/ledger/delay-parts.ts";
import type { PartitionLedger } from "../../src/ledger/partition-ledger.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/ledger/snapshot/snapshot.ts";
import type { SnapshotState } from "../../src/ledger/snapshot/state.ts";
import type { Shown } from "../../src/ledger/view.ts";
import type { Receipt } from "../../src/receipts/receipt.ts";
import { liveThrough, shownOf } from "./lives.ts";
import { commit, nothing, open, scraped } from "./partitions.ts";
import { receipt } from "./support.ts";

const sentAt = Date.UTC(2026, 10, 26, 12);

/** Counts a record with one receipt that took so long, in ms. */
function countAfter(
  partition: PartitionLedger,
  delay: number,
  code = "DELIVRD",
  rest: Partial<Receipt> = {},
) {
  const flag = code === "DELIVRD" ? "delivered" : "failed";
  partition.count(
    [receipt(code, flag, { sentAt, receivedAt: sentAt + delay, ...rest })],
    undefined,
    Number.NaN,
  );
  partition.next++;
}

/** What is above 0, by outcome and part or reason. */
function delaysIn(counters: readonly Shown[]): Record<string, number> {
  return Object.fromEntries(
    counters.flatMap(({ counter, value }) => {
      if (value === 0) return [];
      if (counter.kind === "delays") return [[`${counter.outcome} ${counter.part}`, value]];
      return counter.kind === "unmeasured" ? [[`${counter.outcome} ${counter.reason}`, value]] : [];
    }),
  );
}

/** The provider, channel and outcome whose buckets and reasons do not add up to its receipts. */
function wrongDelays(counters: readonly Shown[]): string[] {
  const receipts = new Map<string, number>();
  const measured = new Map<string, number>();
  const addTo = (sums: Map<string, number>, key: string, more: number) =>
    sums.set(key, (sums.get(key) ?? 0) + more);
  for (const { counter, value } of counters) {
    if (counter.kind !== "receipts" && counter.kind !== "delays" && counter.kind !== "unmeasured") continue;
    if (counter.outcome !== "delivered" && counter.outcome !== "failed") continue;
    const key = `${counter.provider} ${counter.channel} ${counter.outcome}`;
    if (counter.kind === "receipts") addTo(receipts, key, value);
    else if (counter.kind === "unmeasured" || counter.part !== "sum") addTo(measured, key, value);
  }
  return [...receipts].flatMap(([key, count]) => {
    const own = measured.get(key) ?? 0;
    return own === count ? [] : [`${own} of ${count} receipts of ${key}`];
  });
}

describe("the delays of receipts", () => {
  it.each([
    { delay: 0, part: "5" },
    { delay: 5_000, part: "5", sum: 5 },
    { delay: 5_001, part: "15", sum: 5 },
    { delay: 59_600, part: "60", sum: 60 },
    { delay: 300_000, part: "300", sum: 300 },
    { delay: 86_400_001, part: "+Inf", sum: 86_400 },
    { delay: 30 * 86_400_000, part: "+Inf", sum: 2_592_000 },
    { delay: -5_000, part: "5" },
    { delay: -5_001, part: "negative" },
    { delay: 30 * 86_400_000 + 1, part: "too_long" },
  ])("of $delay ms count as $part", ({ delay, part, sum }) => {
    const partition = open(nothing);
    countAfter(partition, delay);
    const sums = sum === undefined ? {} : { "delivered sum": sum };
    expect(delaysIn(shownOf(partition))).toEqual({ [`delivered ${part}`]: 1, ...sums });
  });

  it("that can't be told are counted apart, by what is missing", () => {
    const partition = open(nothing);
    const unknown = Number.NaN;
    countAfter(partition, 0, "DELIVRD", { sentAt: unknown });
    countAfter(partition, 0, "006", { receivedAt: unknown });
    countAfter(partition, 0, "006", { sentAt: unknown, receivedAt: unknown });
    expect(delaysIn(shownOf(partition))).toEqual({
      "delivered no_sent_time": 1,
      "failed no_event_time": 1,
      "failed no_sent_time": 1,
    });
  });

  it("are not asked of answers to requests", () => {
    const partition = open(nothing);
    const api = { scope: "sms_send_api", sentAt, receivedAt: sentAt + 1_000 };
    partition.count([receipt("OK", "accepted", api)], undefined, Number.NaN);
    partition.next++;
    expect(delaysIn(shownOf(partition))).toEqual({});
  });

  it("are on the first page at 0, all parts of a series side by side", () => {
    const { counters } = scraped(open(nothing));
    const parts = counters.flatMap(({ counter, slot }) =>
      counter.kind === "delays" && counter.outcome === "delivered" ? [{ slot, part: counter.part }] : [],
    );
    expect(parts.map(({ part }) => part)).toEqual(delayParts);
    expect(parts.map(({ slot }) => slot - (parts[0]?.slot ?? 0))).toEqual([...delayParts.keys()]);
  });

  it("add up at each scrape, through crashes, takeovers and folds, and no bucket goes back", () => {
    const delays = [100, 4_000, 20_000, 400_000, -9_000, Number.NaN, 1e10, 1e8];
    liveThrough({
      ...{ seeds: 40, open, wrong: wrongDelays, kinds: ["delays", "unmeasured"] },
      countOne: (partition, code, below) => countAfter(partition, delays[below(delays.length)] ?? 0, code),
    });
  });
});

describe("a snapshot without room for the delays", () => {
  it("gives those of failures away first, as not_kept, and no code for them", () => {
    const partition = open(nothing);
    const counted = (code: string, times: number) => {
      for (let n = 0; n < times; n++) countAfter(partition, 997 * (n % 150) ** 2, code);
    };
    counted("DELIVRD", 3_000);
    counted("006", 4_001);
    countAfter(partition, 0, "006", { sentAt: Number.NaN });
    const before = delaysIn(shownOf(partition));
    expect(before["failed 15"]).toBeGreaterThan(0);
    partition.confirm(partition.checkpoint(partition.checkpointSize - 1, 0));
    scraped(partition);
    countAfter(partition, 2_000, "006");
    const counters = shownOf(partition);
    const delivered = Object.entries(before).filter(([key]) => key.startsWith("delivered"));
    expect(delaysIn(counters)).toEqual({
      ...Object.fromEntries(delivered),
      "failed not_kept": 4_003,
    });
    expect(counters.some(({ counter }) => counter.kind === "delays" && counter.outcome === "failed")).toBe(
      false,
    );
    expect([partition.counts.foldedDelays, partition.foldedCodes]).toEqual([1, 0]);
    expect(wrongDelays(counters)).toEqual([]);
    // another owner tries again
    const again = open(commit(partition));
    countAfter(again, 2_000, "006");
    expect(delaysIn(shownOf(again))).toMatchObject({ "failed not_kept": 4_003, "failed 5": 1 });
  });
});

describe("receipts that another version counted", () => {
  /** A snapshot with other receipts of 006 in it. */
  function withReceipts({ metadata, offset }: Committed, of006: number, keep = true): Committed {
    const decoded = decodeSnapshot(metadata);
    if (decoded.kind !== "counts") throw new Error(decoded.kind);
    const { state } = decoded;
    const counters = state.counters
      .filter(({ counter }) => keep || (counter.kind !== "delays" && counter.kind !== "unmeasured"))
      .map((entry) =>
        entry.counter.kind === "receipts" && entry.counter.code === "006"
          ? { ...entry, count: of006 }
          : entry,
      );
    const next: SnapshotState = { ...state, counters };
    return { offset, metadata: encodeSnapshot(next) };
  }

  it("before there were delays are not_kept, as seen, and new ones are measured", () => {
    const before = open(nothing);
    for (let n = 0; n < 5; n++) countAfter(before, 1_000, "006");
    shownOf(before);
    const after = open(withReceipts(commit(before), 5, false));
    countAfter(after, 20_000, "006");
    expect(delaysIn(scraped(after).counters)).toEqual({ "failed not_kept": 5 });
    const counters = shownOf(after);
    expect(delaysIn(counters)).toEqual({ "failed not_kept": 5, "failed 30": 1, "failed sum": 20 });
    expect(wrongDelays(counters)).toEqual([]);
  });

  it("and passed the delays on meanwhile are not_kept beside them", () => {
    const before = open(nothing);
    for (let n = 0; n < 5; n++) countAfter(before, 1_000, "006");
    shownOf(before);
    const counters = shownOf(open(withReceipts(commit(before), 12)));
    expect(delaysIn(counters)).toEqual({ "failed 5": 5, "failed sum": 5, "failed not_kept": 7 });
    expect(wrongDelays(counters)).toEqual([]);
  });

  it("are believed where the delays are more, as after a change of the channel", () => {
    const before = open(nothing);
    for (let n = 0; n < 5; n++) countAfter(before, 1_000, "006");
    shownOf(before);
    const counters = shownOf(open(withReceipts(commit(before), 3)));
    expect(delaysIn(counters)).toEqual({ "failed not_kept": 3 });
    expect(wrongDelays(counters)).toEqual([]);
  });
});
