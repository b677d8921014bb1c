import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Ledger } from "../../src/ledger/ledger.ts";
import {
  type Committed,
  PartitionLedger,
  UnreadableSnapshotError,
} from "../../src/ledger/partition-ledger.ts";
import { packagedMap, receipt } from "./support.ts";

const map = packagedMap();
const limit = 4096;
const nothing: Committed = { offset: -1, metadata: null };

function open(committed: Committed, now = 0, unknownCodes = 50): PartitionLedger {
  const ledger = new Ledger({ map, provider: undefined, unknownCodes, scopes: ["sms_receipt"] });
  return new PartitionLedger("t", 0, ledger, committed, 0, now);
}

function count(partition: PartitionLedger, ...codes: string[]): void {
  for (const code of codes) {
    partition.ledger.fold([receipt(code)], undefined);
    partition.next++;
  }
}

/** Commits as the broker would take it, and gives what it then holds. */
function commit(partition: PartitionLedger, now = 0): Committed {
  const checkpoint = partition.checkpoint(limit, now);
  partition.confirm(checkpoint);
  return { offset: checkpoint.view.next, metadata: checkpoint.metadata };
}

function shown(partition: PartitionLedger): { total: number; next: number; codes: Record<string, number> } {
  const { view, counters } = partition.expose();
  const receipts = counters.flatMap(({ counter, value }) =>
    counter.kind === "receipts" ? [[`${counter.code} ${counter.category}`, value] as const] : [],
  );
  const total = counters.reduce(
    (sum, { counter, value }) => sum + (counter.kind === "conflicts" ? 0 : value),
    0,
  );
  return { total, next: view.next, codes: Object.fromEntries(receipts.filter(([, value]) => value > 0)) };
}

describe("PartitionLedger", () => {
  it("shows zeros first, then only what is committed", () => {
    const partition = open(nothing);
    count(partition, "006", "006");
    commit(partition);
    const first = partition.expose();
    expect(first.counters.length).toBeGreaterThan(15);
    expect(first.counters.every(({ value }) => value === 0)).toBe(true);
    expect(first.view.next).toBe(0);
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

  it("goes on from a snapshot without a hold", () => {
    const partition = open(nothing);
    shown(partition);
    count(partition, "006", "NEW");
    const committed = commit(partition);
    const next = open(committed);
    expect(next.origin).toBe("snapshot");
    expect(next.first).toBe(0);
    // NEW was never shown at 0 by anybody, so it is held for one scrape; 006 is not.
    expect(shown(next).codes).toEqual({ "006 blacklist": 1 });
    commit(next);
    expect(shown(next).codes).toEqual({ "006 blacklist": 1, "NEW unknown": 1 });
  });

  it("holds again after a crash before the zeros were seen durably", () => {
    const partition = open(nothing);
    count(partition, "006");
    const committed = commit(partition);
    shown(partition);
    expect(shown(open(committed)).codes).toEqual({});
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
    const seen: number[] = [];
    for (let n = 0; n < 20; n++) {
      count(partition, `N${n}`, "006");
      commit(partition);
      seen.push(shown(partition).next);
    }
    expect(seen.at(-1)).toBeGreaterThanOrEqual(36);
  });

  it.each([
    { name: "an offset without metadata", committed: { offset: 7, metadata: "" }, origin: "offset_only" },
    {
      name: "an offset whose counts did not fit",
      committed: { offset: 7, metadata: "dlr1!" },
      origin: "uncounted",
    },
  ])("starts at 0 from $name", ({ committed, origin }) => {
    const partition = open(committed);
    expect(partition).toMatchObject({ origin, next: 7, first: 7 });
    expect([...partition.ledger.cells()]).toEqual([]);
  });

  it("starts at 0 when the offset was moved by hand", () => {
    const partition = open(nothing);
    count(partition, "006", "006");
    const { metadata } = commit(partition);
    expect(open({ offset: 1, metadata })).toMatchObject({ origin: "moved", next: 1, first: 1 });
  });

  it("refuses metadata of another program", () => {
    expect(() => open({ offset: 7, metadata: "mine" })).toThrow(UnreadableSnapshotError);
    expect(() => open({ offset: 7, metadata: "mine" })).toThrow(
      "the counts committed for partition 0 of topic t can't be read: it was written by another program. " +
        "Use another group, or reset this group's offsets (which clears its counts) and start again",
    );
  });

  it("keeps counting past records that retention deleted, and says how many", () => {
    const partition = open(nothing);
    count(partition, "006");
    expect(partition.passDeleted(50)).toBe(49);
    count(partition, "006");
    expect(partition.next - partition.first).toBe(51);
    commit(partition);
    shown(partition);
    commit(partition);
    expect(shown(partition)).toMatchObject({ total: 51, next: 51 });
  });

  it("goes on at another offset, and its sums still agree", () => {
    const partition = open(nothing);
    count(partition, "006", "006", "006");
    partition.goOnAt(0);
    count(partition, "006");
    expect(partition.next).toBe(1);
    expect(partition.next - partition.first).toBe(4);
  });

  it("keeps which log it counts, beside its counts", () => {
    const partition = open(nothing);
    count(partition, "006");
    expect(open(commit(partition)).logMark).toBeUndefined();
    partition.logMark = 2 ** 52 - 1;
    count(partition, "006");
    expect(open(commit(partition)).logMark).toBe(2 ** 52 - 1);
  });

  it("keeps snapshots within the limit by merging unlisted codes, losing no count", () => {
    const partition = open(nothing, 0, 1000);
    for (let n = 0; n < 1000; n++)
      count(partition, `CODE-${((n * 2654435761) % 4294967296).toString(36)}-${n}`);
    const committed = commit(partition);
    expect(committed.metadata?.length).toBeLessThanOrEqual(limit);
    const restored = open(committed);
    const total = [...restored.ledger.cells()].reduce((sum, cell) => sum + cell.count, 0);
    expect(total).toBe(1000);
    const other = [...restored.ledger.cells()].find(({ code }) => code === "_other");
    expect(other?.count).toBeGreaterThan(500);
  });

  it("commits the offset alone when nothing else helps", () => {
    const partition = open(nothing);
    count(partition, "006");
    expect(partition.checkpoint(20, 0).metadata).toBe("dlr1!");
  });

  it("fits a busy partition of the packaged map many times over", () => {
    const ledger = new Ledger({ map, provider: undefined, unknownCodes: 50, scopes: map.scopes("aliyun") });
    const partition = new PartitionLedger("t", 0, ledger, nothing, 0, 0);
    ledger.counts.forEach((_, slot) => {
      ledger.counts[slot] = 1_000_000_000 + slot * 7_654_321;
    });
    expect(partition.checkpoint(limit, 0).metadata.length).toBeLessThan(2_000);
  });

  it("never shows a series going back, nor a wrong sum, through crashes, takeovers and scrapes", () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant("count" as const),
        code: fc.constantFrom("006", "12", "NEW1", "NEW2", "NEW3"),
      }),
      fc.constant({ kind: "commit" as const }),
      fc.constant({ kind: "scrape" as const }),
      fc.constant({ kind: "crash" as const }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        let held = nothing;
        let partition = open(held);
        const highest = new Map<string, number>();
        const scrape = () => {
          for (const { counter, value } of partition.expose().counters) {
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
          else if (taken.kind === "commit") held = commit(partition);
          else if (taken.kind === "scrape") scrape();
          else partition = open(held);
        }
        for (let n = 0; n < 3; n++) {
          scrape();
          held = commit(partition);
        }
        const { total, next } = shown(partition);
        expect(total).toBe(next - partition.first);
      }),
      { numRuns: 500 },
    );
  });
});
