import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Committed } from "../../src/ledger/committed.ts";
import type { PartitionLedger } from "../../src/ledger/partition-ledger.ts";
import { decodeSnapshot } from "../../src/ledger/snapshot/snapshot.ts";
import { ignoredKinds } from "../../src/receipts/receipt.ts";
import { commit, count, ignore, longCode, merging, nothing, open, scraped, shown } from "./partitions.ts";
import { receipt } from "./support.ts";

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** The counts in a snapshot whose zeros no scrape has seen, though it has seen others. */
function unseenIn({ metadata }: Committed): number[] {
  const decoded = decodeSnapshot(metadata);
  if (decoded.kind !== "counts" || !decoded.state.zerosSeen) return [];
  return decoded.state.counters.filter(({ seen }) => !seen).map(({ count }) => count);
}

describe("what a scrape shows of a partition", () => {
  it("shows zeros first, then only what is committed", () => {
    const partition = open(nothing);
    count(partition, "006", "006");
    commit(partition);
    const first = scraped(partition);
    expect(first.counters.length).toBeGreaterThan(15);
    expect(first.counters.every(({ value }) => value === 0)).toBe(true);
    expect(first.view?.next).toBe(0);
    expect(shown(partition).codes).toEqual({});
    commit(partition);
    count(partition, "006");
    expect(shown(partition)).toMatchObject({ codes: { "006 blacklist": 2 }, next: 2 });
  });

  it("stops holding after a minute without a scrape", () => {
    const partition = open(nothing, 1_000);
    count(partition, "006");
    commit(partition, 60_999);
    expect(partition.dirty).toBe(false);
    count(partition, "006");
    commit(partition, 61_000);
    expect(shown(partition).codes).toEqual({ "006 blacklist": 2 });
  });

  it("holds for the whole minute", () => {
    const partition = open(nothing, 1_000);
    count(partition, "006");
    commit(partition, 60_999);
    expect(shown(partition)).toEqual({ total: 0, next: 0, codes: {} });
  });

  it("holds a code that is new after that minute too", () => {
    const partition = open(nothing);
    shown(partition);
    commit(partition, 59_000);
    count(partition, "NEW");
    commit(partition, 120_000);
    expect(shown(partition)).toEqual({ total: 0, next: 0, codes: {} });
    commit(partition, 121_000);
    expect(shown(partition)).toEqual({ total: 1, next: 1, codes: { "NEW unknown": 1 } });
  });

  it("goes on from a snapshot without a hold", () => {
    const partition = open(nothing);
    shown(partition);
    partition.counts.lastEvent.at = 5_000;
    count(partition, "006", "NEW");
    shown(partition);
    const committed = commit(partition);
    const next = open(committed);
    expect(next.origin).toBe("snapshot");
    expect(next.counts.lastEvent.at).toBe(5_000);
    expect(next.first).toBe(0);
    expect(shown(next)).toEqual({ total: 2, next: 2, codes: { "006 blacklist": 1, "NEW unknown": 1 } });
  });

  it("shows nothing of a snapshot in which a code's zero was never seen, but that zero, for one scrape", () => {
    const partition = open(nothing);
    shown(partition);
    count(partition, "006", "NEW");
    const next = open(commit(partition));
    const { view, counters } = scraped(next);
    expect(view).toBeUndefined();
    expect(counters.map(({ counter, value }) => ["code" in counter && counter.code, value])).toEqual([
      ["NEW", 0],
    ]);
    expect(next.heldBack).toBe(true);
    commit(next);
    expect(shown(next)).toEqual({ total: 2, next: 2, codes: { "006 blacklist": 1, "NEW unknown": 1 } });
  });

  it("holds again after a crash before the zeros were seen durably", () => {
    const partition = open(nothing);
    partition.count([receipt("006", "failed", { receivedAt: 5_000 })], undefined, 5_000);
    partition.next++;
    const committed = commit(partition);
    shown(partition);
    const { view } = open(committed).expose();
    expect(view).toMatchObject({ next: 0, lastEventAt: 0 });
    expect(shown(open(committed))).toEqual({ total: 0, next: 0, codes: {} });
  });

  it("shows a code that is new at run time at 0 once, with counts and offset of one moment", () => {
    const partition = open(nothing);
    shown(partition);
    count(partition, "006");
    commit(partition);
    expect(shown(partition)).toMatchObject({ total: 1, next: 1 });
    count(partition, "NEW", "006");
    commit(partition);
    expect(shown(partition)).toMatchObject({ total: 1, next: 1, codes: { "006 blacklist": 1 } });
    commit(partition);
    expect(shown(partition)).toMatchObject({
      total: 3,
      next: 3,
      codes: { "006 blacklist": 2, "NEW unknown": 1 },
    });
  });

  it("goes on showing counts while new codes keep coming", () => {
    const partition = open(nothing);
    shown(partition);
    const seen: (number | undefined)[] = [];
    for (let n = 0; n < 20; n++) {
      count(partition, `N${n}`, "006");
      commit(partition);
      seen.push(shown(partition).next);
    }
    expect(seen.at(-1)).toBeGreaterThanOrEqual(36);
  });

  it("has something to commit once a scrape has seen zeros, though nothing was counted", () => {
    const partition = open(nothing);
    const afterScrape = () => {
      scraped(partition);
      return partition.dirty;
    };
    expect(partition.dirty).toBe(false);
    expect(afterScrape()).toBe(true);
    commit(partition);
    expect(afterScrape()).toBe(false);
    count(partition, "NEW");
    expect(partition.dirty).toBe(true);
    commit(partition);
    // Without a commit that says that its zero was seen, a quiet partition would never show the value.
    expect(partition.dirty).toBe(false);
    expect(afterScrape()).toBe(true);
    const committed = commit(partition);
    expect(partition.dirty).toBe(false);
    expect(shown(open(committed)).codes).toEqual({ "NEW unknown": 1 });
  });

  it("shows a view whose zeros were seen with all its counts, while a newer one has to wait", () => {
    const partition = open(nothing);
    shown(partition);
    count(partition, "006", "NEW1");
    commit(partition);
    shown(partition);
    count(partition, "NEW2");
    commit(partition);
    expect(shown(partition)).toEqual({
      total: 2,
      next: 2,
      codes: { "006 blacklist": 1, "NEW1 unknown": 1 },
    });
  });

  it("shows no value whose zero was seen, but not durably", () => {
    const partition = open(nothing);
    shown(partition);
    count(partition, "NEW");
    commit(partition);
    for (const _ of [1, 2, 3]) expect(shown(partition)).toEqual({ total: 0, next: 0, codes: {} });
    commit(partition);
    expect(shown(partition)).toEqual({ total: 1, next: 1, codes: { "NEW unknown": 1 } });
  });

  it("never goes back to a view that had to wait and was overtaken", () => {
    const partition = open(nothing);
    shown(partition);
    count(partition, "NEW1");
    commit(partition);
    shown(partition);
    count(partition, "006");
    commit(partition);
    const both = { total: 2, next: 2, codes: { "006 blacklist": 1, "NEW1 unknown": 1 } };
    expect(shown(partition)).toEqual(both);
    count(partition, "NEW2");
    commit(partition);
    expect(shown(partition)).toEqual(both);
  });

  it("shows a counter at 0 that was opened after the view", () => {
    const partition = open(nothing);
    shown(partition);
    count(partition, "NEW1");
    commit(partition);
    count(partition, "NEW2");
    shown(partition);
    count(partition, "NEW3");
    commit(partition);
    expect(shown(partition)).toEqual({ total: 1, next: 1, codes: { "NEW1 unknown": 1 } });
  });

  describe("a code that was merged into _other", () => {
    const codes = ["A", "B", "B", "C", "C", "C", "D", "D", "D", "D"].map(longCode);
    const listed = (partition: PartitionLedger) =>
      scraped(partition).counters.flatMap(({ counter, value }) =>
        counter.kind === "receipts" && counter.category === "unknown"
          ? `${counter.code.split(" ")[0]} ${value}`
          : [],
      );

    it("is shown as it was until the merge is durable and _other was seen, then no more", () => {
      const partition = open(nothing);
      count(partition, ...codes);
      for (const _ of [1, 2]) {
        shown(partition);
        commit(partition);
      }
      const before = ["A 1", "B 2", "C 3", "D 4"];
      expect(listed(partition)).toEqual(before);
      const merged = merging(partition);
      expect(listed(partition)).toEqual([...before, "_other 0"]);
      partition.confirm(merged);
      expect(listed(partition)).toEqual([...before, "_other 0"]);
      commit(partition);
      expect(listed(partition)).toEqual([...before.slice(2), "_other 3"]);
      expect(shown(partition)).toMatchObject({ total: 10, next: 10 });
    });

    it("is never shown when it was merged before", () => {
      const partition = open(nothing);
      count(partition, ...codes);
      partition.confirm(merging(partition));
      expect(listed(partition)).toEqual(["C 0", "D 0", "_other 0"]);
      commit(partition);
      expect(listed(partition)).toEqual(["C 3", "D 4", "_other 3"]);
    });
  });

  it("never shows a series going back, nor a wrong sum, through crashes, takeovers and scrapes", () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant("count" as const),
        code: fc.constantFrom("006", "12", "NEW1", "NEW2", "NEW3"),
      }),
      fc.record({ kind: fc.constant("ignore" as const), what: fc.constantFrom(...ignoredKinds.slice(0, 2)) }),
      ...(["commit", "scrape", "crash"] as const).map((kind) => fc.constant({ kind })),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        let held = nothing;
        let partition = open(held);
        let unseen = false;
        const highest = new Map<string, number>();
        const scrape = () => {
          const { view, counters, total } = scraped(partition);
          if (view === undefined) {
            // For one scrape after a takeover, when a snapshot holds a value whose zero nobody saw.
            expect([total, unseen]).toEqual([0, true]);
            if (partition.dirty) expect(partition.heldBack).toBe(true);
          } else {
            expect(total).toBe(view.next - partition.first);
          }
          for (const { counter, value } of counters) {
            const key = JSON.stringify(counter);
            const before = highest.get(key);
            // The first value of a series is 0, and no later one is smaller.
            if (before === undefined) expect(value).toBe(0);
            else expect(value).toBeGreaterThanOrEqual(before);
            highest.set(key, value);
          }
        };
        for (const taken of steps) {
          if (taken.kind === "count") count(partition, taken.code);
          else if (taken.kind === "ignore") ignore(partition, taken.what);
          else if (taken.kind === "commit") held = commit(partition);
          else if (taken.kind === "scrape") scrape();
          else {
            partition = open(held);
            unseen = sumOf(unseenIn(held)) > 0;
          }
        }
        for (let n = 0; n < 3; n++) {
          scrape();
          held = commit(partition);
        }
        const { total, next } = shown(partition);
        expect(total).toBe((next ?? Number.NaN) - partition.first);
      }),
      { numRuns: 500 },
    );
  });
});
