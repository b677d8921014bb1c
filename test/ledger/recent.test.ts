import { expect, it } from "vitest";
import type { Counter } from "../../src/ledger/counter.ts";
import { Counts } from "../../src/ledger/counts.ts";
import { PartitionLedger } from "../../src/ledger/partition-ledger.ts";
import { Recent } from "../../src/ledger/recent.ts";
import { commit, count, ignore, map, merging, nothing } from "./partitions.ts";

const minute = 60_000;
const epoch = Date.UTC(2026, 10, 26);

/** A partition of topic `t` whose kept counts are noted, and a clock that is moved by hand. */
class Noted {
  now = 1_000_000;
  readonly recent = new Recent(
    () => this.now,
    () => epoch + this.now,
  );

  open(committed = nothing): PartitionLedger {
    const counts = new Counts({
      ...{ map, provider: undefined, unknownCodes: 50, scopes: ["sms_receipt"] },
      whenKept: (...kept) => this.recent.note("t", ...kept),
    });
    return new PartitionLedger("t", 0, counts, committed, 0, 0);
  }

  /** Receipts of the last minutes by category, and the length of the span in seconds. */
  last(minutes: number): { seconds: number; counts: Record<string, number> } {
    const { seconds, receipts } = this.recent.last(minutes);
    return {
      seconds,
      counts: Object.fromEntries([...receipts.values()].map(({ category, count: n }) => [category, n])),
    };
  }
}

it("counts what was committed, when it was committed", () => {
  const noted = new Noted();
  const partition = noted.open();
  count(partition, "12", "12", "DB:0141");
  expect(noted.last(5).counts).toEqual({});
  commit(partition);
  commit(partition);
  expect(noted.last(5).counts).toEqual({ empty_number: 2, blacklist: 1 });
});

it("forgets what is older than was asked for, minute by minute", () => {
  const noted = new Noted();
  const partition = noted.open();
  const seen: (number | undefined)[][] = [];
  for (let n = 0; n < 70; n++) {
    count(partition, "12");
    commit(partition);
    seen.push([noted.last(5).counts.empty_number, noted.last(60).counts.empty_number]);
    noted.now += minute;
  }
  // the running minute and those before it
  expect(seen.slice(0, 8).map(([few]) => few)).toEqual([1, 2, 3, 4, 5, 6, 6, 6]);
  expect(seen.slice(58, 64).map(([, many]) => many)).toEqual([59, 60, 61, 61, 61, 61]);
  noted.now += 100 * minute;
  expect(noted.last(60).counts).toEqual({});
});

it("says how long the span is: since the start, until that is longer ago", () => {
  const noted = new Noted();
  const lengths = [0, 42, 299, 300, 345, 360, 3_600 * 5].map((seconds) => {
    noted.now = 1_000_000 + seconds * 1_000;
    return noted.last(5).seconds;
  });
  expect(lengths).toEqual([0, 42, 299, 300, 345, 300, 300]);
});

it("does not count what a ledger goes on from", () => {
  const noted = new Noted();
  const before = noted.open();
  count(before, "12", "ZZ:1");
  const committed = commit(before);
  const other = new Noted();
  const after = other.open(committed);
  commit(after);
  expect(other.last(5).counts).toEqual({});
  count(after, "12");
  commit(after);
  expect(other.last(5).counts).toEqual({ empty_number: 1 });
});

it("counts no receipt twice where codes are folded into `_other`", () => {
  const noted = new Noted();
  const partition = noted.open();
  count(partition, ...Array.from({ length: 40 }, (_, n) => `Q${n}:${"abcdefghij"[n % 10]}x`));
  commit(partition);
  const before = noted.last(5).counts;
  partition.confirm(merging(partition));
  expect(partition.foldedCodes).toBeGreaterThan(0);
  expect(noted.last(5).counts).toEqual(before);
});

it("keeps malformed records by topic and reason, and ignored ones by kind", () => {
  const noted = new Noted();
  const partition = noted.open();
  partition.count([], "not_json", Number.NaN);
  partition.next++;
  ignore(partition, "uplink", "uplink");
  commit(partition);
  const { malformed, ignored } = noted.recent.last(5);
  expect([...malformed.values()]).toEqual([{ topic: "t", reason: "not_json", count: 1 }]);
  expect([...ignored.values()]).toEqual([{ kind: "uplink", count: 2 }]);
});

it("knows when a code that no table lists was seen first and last, and of no other", () => {
  const noted = new Noted();
  const partition = noted.open();
  count(partition, "ZZ:1", "12", "");
  commit(partition);
  noted.now += 3 * minute;
  count(partition, "ZZ:1", "ZZ:1");
  commit(partition);
  expect(noted.recent.code("aliyun", "sms_receipt", "ZZ:1")).toEqual({
    count: 3,
    firstAt: epoch + 1_000_000,
    lastAt: epoch + 1_000_000 + 3 * minute,
  });
  for (const code of ["12", "_none"])
    expect(noted.recent.code("aliyun", "sms_receipt", code)).toBeUndefined();
});

it("remembers a thousand codes: those that were seen last", () => {
  const noted = new Noted();
  const codes = Array.from({ length: 1_100 }, (_, n) => `ZZ:${n}`);
  const counters = codes.map((code): Counter => {
    const cell = {
      provider: "p",
      channel: "sms",
      scope: "s",
      category: "unknown",
      outcome: "failed",
    } as const;
    return { kind: "receipts", code, ...cell };
  });
  const ones = codes.map(() => 1);
  noted.recent.note("t", counters, [], ones);
  noted.recent.note("t", counters, ones, [2, ...ones.slice(1)]);
  const known = codes.filter((code) => noted.recent.code("p", "s", code) !== undefined);
  expect(known).toHaveLength(1_000);
  expect(known.at(-1)).toBe("ZZ:1099");
});
