import { describe, expect, it } from "vitest";
import { DuplicateWindow, windowMemory } from "../../src/ledger/duplicate-window.ts";
import type { Receipt } from "../../src/receipts/receipt.ts";
import { createRandom } from "../lab/random.ts";

const unkeyed = -1;

/** A receipt that is told apart by a number. */
function receipt(id: number): Receipt {
  const rest = { scope: "s", flag: "none", code: "1", sentAt: Number.NaN, receivedAt: Number.NaN } as const;
  // Few buckets, so that chains are long.
  const key = id === unkeyed ? undefined : { high: id, low: id & 7 };
  return { ...rest, provider: undefined, key };
}

interface Recorded {
  readonly offset: number;
  readonly ids: readonly number[];
}

/** How many receipts of a record came before: looked for one by one. */
function naive(log: readonly Recorded[], at: number, window: number): number {
  const { offset = 0, ids = [] } = log[at] ?? {};
  const before = new Set(
    log.slice(0, at).flatMap((record) => (record.offset >= offset - window ? record.ids : [])),
  );
  return ids.filter((id) => id !== unkeyed && before.has(id)).length;
}

describe("a window of duplicates", () => {
  it("finds what a naive look through the log finds, with gaps, batches and growth, from wherever it is begun", () => {
    for (let seed = 0; seed < 15; seed++) {
      const random = createRandom(seed);
      const window = [1, 2, 10, 100, 3_000][random.below(5)] ?? 1;
      const many = random.below(2) === 0 ? 1 : 3;
      const log: Recorded[] = [];
      for (let n = 0, offset = 0; n < 400; n++) {
        offset += 1 + (random.below(10) === 0 ? random.below(30) : 0);
        const ids = Array.from({ length: random.below(many + 1) }, () =>
          random.below(20) === 0 ? unkeyed : random.below(window < 100 ? 20 : 600),
        );
        log.push({ offset, ids });
      }
      const own = new DuplicateWindow(window);
      const begunAt = random.below(log.length);
      const later = new DuplicateWindow(window);
      const next = log[begunAt]?.offset ?? 0;
      later.beginBefore(next);
      for (const [at, { offset, ids }] of log.entries()) {
        const wanted = naive(log, at, window);
        const receipts = ids.map(receipt);
        expect([seed, at, own.sift(receipts, offset).length]).toEqual([seed, at, wanted]);
        expect(receipts).toHaveLength(ids.length - wanted);
        // What is read again to fill another gives it the same answers from there on.
        if (at >= begunAt) expect(later.sift(ids.map(receipt), offset)).toHaveLength(wanted);
        else if (offset >= later.next) later.remember(ids.map(receipt), offset);
      }
    }
  });

  it("looks back at no more than four receipts for each offset, whoever has read them", () => {
    const window = 1_000;
    const [own, filled] = [new DuplicateWindow(window), new DuplicateWindow(window)];
    const record = (n: number) => Array.from({ length: 50 }, (_, i) => receipt(50 * n + i));
    for (let n = 0; n < 200; n++) own.sift(record(n), n);
    for (let n = 90; n < 200; n++) filled.remember(record(n), n);
    for (const one of [own, filled]) {
      expect(one.bytes).toBe(windowMemory(window).most);
      // 80 records of 50 receipts are 4,000.
      expect(one.sift([receipt(50 * 120)], 200)).toHaveLength(1);
      expect(one.sift([receipt(50 * 100)], 201)).toHaveLength(0);
    }
  });

  it("takes no memory before the first receipt, and what it says with one a record", () => {
    const window = new DuplicateWindow(5_000);
    expect(window.bytes).toBe(0);
    for (let n = 0; n < 20_000; n++) window.sift([receipt(n)], n);
    expect([window.bytes, window.size]).toEqual([windowMemory(5_000).usual, 5_001]);
  });

  it("takes as much memory as docs/duplicates.md says", () => {
    const mib = 2 ** 20;
    expect(windowMemory(100_000)).toEqual({ usual: 4 * mib, most: 16 * mib });
    expect(windowMemory(1_000_000).usual).toBe(32 * mib);
  });

  it("takes what a record holds twice for no duplicate", () => {
    const window = new DuplicateWindow(10);
    expect(window.sift([receipt(1), receipt(1)], 0)).toEqual([]);
    expect(window.sift([receipt(1), receipt(1)], 1)).toHaveLength(2);
  });

  it("begins anew where another log begins, and never before it", () => {
    const window = new DuplicateWindow(10);
    window.sift([receipt(1)], 100);
    window.beginBefore(3, 2);
    expect(window.next).toBe(2);
    expect(window.sift([receipt(1)], 3)).toEqual([]);
    window.beginBefore(100);
    expect(window.next).toBe(90);
    window.skipTo(95);
    expect(window.next).toBe(95);
  });
});
