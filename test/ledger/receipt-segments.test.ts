import { describe, expect, it } from "vitest";
import type { Committed } from "../../src/ledger/committed.ts";
import { Counts } from "../../src/ledger/counts.ts";
import { PartitionLedger } from "../../src/ledger/partition-ledger.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/ledger/snapshot/snapshot.ts";
import type { Shown } from "../../src/ledger/view.ts";
import { segmentsIn } from "../../src/receipts/segments.ts";
import { liveThrough, shownOf } from "./lives.ts";
import { commit, map, nothing, scraped } from "./partitions.ts";
import { receipt } from "./support.ts";

/** A partition of a topic whose shapes name segments, or as a version without them has counted it. */
function open(committed: Committed, segments = true): PartitionLedger {
  const counts = new Counts({
    map,
    provider: undefined,
    unknownCodes: 50,
    scopes: ["sms_receipt"],
    segments,
  });
  return new PartitionLedger("t", 0, counts, committed, 0, 0);
}

/** Counts a record with one receipt that says this of its segments. */
function countOf(partition: PartitionLedger, said: unknown, code = "DELIVRD", scope = "sms_receipt"): void {
  const flag = code === "DELIVRD" ? "delivered" : "failed";
  partition.count([receipt(code, flag, { scope, segments: segmentsIn(said) })], undefined, Number.NaN);
  partition.next++;
}

/** What is above 0, by category and state; the segments have none. */
function segmentsOf(counters: readonly Shown[]): Record<string, number> {
  return Object.fromEntries(
    counters.flatMap(({ counter, value }) => {
      if (value === 0) return [];
      if (counter.kind === "segments") return [[counter.category, value]];
      return counter.kind === "segmentReceipts" ? [[`${counter.category} ${counter.segments}`, value]] : [];
    }),
  );
}

/** The categories, or with `_other` the outcomes, whose states do not add up to their receipts. */
function wrongSegments(counters: readonly Shown[]): string[] {
  const isFolded = counters.some(
    ({ counter, value }) => counter.kind === "segmentReceipts" && counter.category === "_other" && value > 0,
  );
  const sums = new Map<string, { receipts: number; states: number }>();
  for (const { counter, value } of counters) {
    if (counter.kind !== "receipts" && counter.kind !== "segmentReceipts") continue;
    if (counter.channel === "voice" || counter.outcome === "accepted") continue;
    const key = `${counter.channel} ${isFolded ? "" : counter.category} ${counter.outcome}`;
    const sum = sums.get(key) ?? { receipts: 0, states: 0 };
    sums.set(key, sum);
    if (counter.kind === "receipts") sum.receipts += value;
    else sum.states += value;
  }
  return [...sums].flatMap(([key, { receipts, states }]) =>
    receipts === states ? [] : [`${states} of ${receipts} receipts of ${key}`],
  );
}

describe("the segments of receipts", () => {
  it("add up by category, and what is no number of them is counted apart", () => {
    const partition = open(nothing);
    for (const said of [1, "2", "3", undefined, "", "two", 1.5, 0, "256"]) countOf(partition, said);
    for (const said of ["1", 70]) countOf(partition, said, "006");
    const counters = shownOf(partition);
    expect(segmentsOf(counters)).toEqual({
      delivered: 6,
      "delivered counted": 3,
      "delivered not_said": 2,
      "delivered not_a_number": 2,
      "delivered out_of_range": 2,
      blacklist: 71,
      "blacklist counted": 2,
    });
    expect(wrongSegments(counters)).toEqual([]);
  });

  it("of a shape that names none are not said", () => {
    const partition = open(nothing);
    partition.count([receipt("DELIVRD", "delivered")], undefined, Number.NaN);
    partition.next++;
    expect(segmentsOf(shownOf(partition))).toEqual({ "delivered not_said": 1 });
  });

  it("are asked neither of calls nor of answers to requests", () => {
    const partition = open(nothing);
    countOf(partition, 1, "200000", "voice_receipt");
    partition.count(
      [receipt("OK", "accepted", { scope: "sms_send_api", segments: 1 })],
      undefined,
      Number.NaN,
    );
    partition.next++;
    expect(segmentsOf(shownOf(partition))).toEqual({});
  });

  it("are on the first page at 0, and on none where no shape names them", () => {
    const kinds = (partition: PartitionLedger) =>
      scraped(partition).counters.filter(({ counter }) => counter.kind === "segments").length;
    expect(kinds(open(nothing))).toBeGreaterThan(5);
    expect(kinds(open(nothing, false))).toBe(0);
  });

  it("add up at each scrape, through crashes, takeovers and folds, and none goes back", () => {
    const sizes = [1, "1", 2, 67, undefined, "x", 0, 300];
    liveThrough({
      ...{ seeds: 80, open, wrong: wrongSegments, kinds: ["segments", "segmentReceipts"] },
      countOne: (partition, code, below) => countOf(partition, sizes[below(sizes.length)], code),
    });
  });
});

describe("a snapshot without room for the segments of each category", () => {
  it("counts them by outcome alone, exactly, with the delays and codes as they are, and stays so", () => {
    const partition = open(nothing);
    const entries = map.table("aliyun", "sms_receipt")?.entries ?? [];
    const codes = [...Map.groupBy(entries, ({ category }) => category)].map(
      ([, [first]]) => first?.code ?? "",
    );
    for (let n = 0; n < 40 * codes.length; n++) countOf(partition, 1 + (n % 7), codes[n % codes.length]);
    countOf(partition, "x", "006");
    const before = segmentsOf(shownOf(partition));
    expect(before["blacklist counted"]).toBe(40);
    partition.confirm(partition.checkpoint(partition.checkpointSize - 1, 0));
    scraped(partition);
    const counters = shownOf(partition);
    const sum = (of: (key: string) => boolean) =>
      Object.entries(before).reduce((total, [key, value]) => (of(key) ? total + value : total), 0);
    const folded = counters.flatMap(({ counter, value }) =>
      counter.kind === "segments" && value > 0 ? [`${counter.category} ${counter.outcome} ${value}`] : [],
    );
    const failed = sum((key) => !key.includes(" ") && key !== "delivered");
    expect(folded).toEqual([`_other delivered ${before.delivered}`, `_other failed ${failed}`]);
    expect([
      partition.counts.hasFoldedSegments,
      partition.counts.foldedDelays,
      partition.foldedCodes,
    ]).toEqual([...[true, 0, 0]]);
    expect(wrongSegments(counters)).toEqual([]);
    // another owner goes on
    const again = open(commit(partition));
    countOf(again, 2, "006");
    const after = shownOf(again);
    expect(wrongSegments(after)).toEqual([]);
    expect(segmentsOf(after)["_other not_a_number"]).toBe(1);
    expect(after.some(({ counter }) => counter.kind === "segments" && counter.category === "blacklist")).toBe(
      false,
    );
  });
});

describe("receipts that another version counted", () => {
  it("before there were segments are not_kept, and new ones are counted", () => {
    const before = open(nothing, false);
    for (let n = 0; n < 5; n++) countOf(before, 1, "006");
    shownOf(before);
    const partition = open(commit(before));
    countOf(partition, 3, "006");
    const counters = shownOf(partition);
    expect(segmentsOf(counters)).toEqual({
      blacklist: 3,
      "blacklist counted": 1,
      "blacklist not_kept": 5,
    });
    expect(wrongSegments(counters)).toEqual([]);
  });

  it("in between are not_kept, and numbers that are more than the receipts are not believed", () => {
    const partition = open(nothing);
    for (let n = 0; n < 5; n++) countOf(partition, 2, "006");
    shownOf(partition);
    const committed = commit(partition);
    const withReceipts = (of006: number): Committed => {
      const decoded = decodeSnapshot(committed.metadata);
      if (decoded.kind !== "counts") throw new Error(decoded.kind);
      const counters = decoded.state.counters.map((entry) =>
        entry.counter.kind === "receipts" ? { ...entry, count: of006 } : entry,
      );
      return { offset: committed.offset, metadata: encodeSnapshot({ ...decoded.state, counters }) };
    };
    expect(segmentsOf(shownOf(open(withReceipts(9))))).toEqual({
      blacklist: 10,
      "blacklist counted": 5,
      "blacklist not_kept": 4,
    });
    expect(segmentsOf(shownOf(open(withReceipts(3))))).toEqual({ "blacklist not_kept": 3 });
  });
});
