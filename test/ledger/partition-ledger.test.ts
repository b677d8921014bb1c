import { describe, expect, it } from "vitest";
import { UnreadableSnapshotError } from "../../src/ledger/committed.ts";
import { Counts } from "../../src/ledger/counts.ts";
import { PartitionLedger } from "../../src/ledger/partition-ledger.ts";
import { encodeSnapshot } from "../../src/ledger/snapshot.ts";
import { commit, count, limit, longCode, map, merging, nothing, open, shown } from "./partitions.ts";

describe("PartitionLedger", () => {
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
    expect([...partition.counts.cells()]).toEqual([]);
  });

  it("starts where the log does when nothing was committed, and at offset 0 when that was", () => {
    expect(open(nothing, 0, 50, 50)).toMatchObject({ origin: "new", next: 50, first: 50 });
    // So that the records which retention has deleted are counted as such.
    const partition = open({ offset: 0, metadata: "" }, 0, 50, 50);
    expect(partition).toMatchObject({ origin: "offset_only", next: 0, first: 0 });
    expect(partition.passDeleted(50)).toBe(50);
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

  it.each([
    { name: "begins before it", low: 0 },
    { name: "begins with it", low: 2 },
  ])("stays where it is while the log $name and ends with it", ({ low }) => {
    const partition = open(nothing);
    count(partition, "006", "006");
    expect(partition.passDeleted(low)).toBe(0);
    partition.skipTo(1);
    expect(partition).toMatchObject({ first: 0, next: 2 });
    expect(shown(open(commit(partition)))).toEqual({ total: 0, next: 0, codes: {} });
    commit(partition, 60_000);
    expect(shown(partition)).toEqual({ total: 2, next: 2, codes: { "006 blacklist": 2 } });
  });

  it("starts again in a log that neither begins at 0 nor did before, and its sums still agree", () => {
    const partition = open({ offset: 7, metadata: "" });
    count(partition, "006", "006", "006");
    partition.goOnAt(2);
    expect(partition).toMatchObject({ first: -1, next: 2, dirty: true });
  });

  it("starts again at the log's start when the log ends before it, and its sums still agree", () => {
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
    const total = [...restored.counts.cells()].reduce((sum, cell) => sum + cell.count, 0);
    expect(total).toBe(1000);
    const other = [...restored.counts.cells()].find(({ code }) => code === "_other");
    expect(other?.count).toBeGreaterThan(500);
  });

  it("merges no more codes than it has to, a quarter of them at a time, the rarest first", () => {
    const partition = open(nothing);
    for (const [index, name] of [..."ABCDEFGH"].entries()) {
      count(partition, ...Array.from({ length: index + 1 }, () => longCode(name)));
    }
    const whole = partition.checkpoint(limit, 0).metadata;
    expect(partition.checkpoint(whole.length, 0).metadata).toBe(whole);
    expect(partition.checkpointSize).toBe(whole.length);
    const { metadata } = merging(partition);
    expect(partition.checkpointSize).toBe(metadata.length);
    const kept = [...open({ offset: partition.next, metadata }).counts.cells()].map(
      ({ code, count }) => `${code.split(" ")[0]} ${count}`,
    );
    expect(kept.sort()).toEqual(["C 3", "D 4", "E 5", "F 6", "G 7", "H 8", "_other 3"]);
  });

  it("knows the size of the snapshot that it goes on from, and does not believe that it saw the future", () => {
    const partition = open(nothing);
    expect(partition.checkpointSize).toBe(0);
    count(partition, "006");
    partition.counts.lastEventAt = Date.parse("9999-12-31");
    const committed = commit(partition);
    const next = open(committed);
    expect(next.checkpointSize).toBe(committed.metadata?.length);
    expect(next.counts.lastEventAt).toBe(0);
    expect(open({ offset: 1, metadata: "" }).checkpointSize).toBe(0);
  });

  it("commits the offset alone when nothing else helps", () => {
    const partition = open(nothing);
    count(partition, "006");
    expect(partition.checkpoint(20, 0).metadata).toBe("dlr1!");
  });

  it("fits a busy partition of the packaged map many times over", () => {
    const counts = new Counts({ map, provider: undefined, unknownCodes: 50, scopes: map.scopes("aliyun") });
    const partition = new PartitionLedger("t", 0, counts, nothing, 0, 0);
    counts.bySlot.forEach((_, slot) => {
      counts.bySlot[slot] = 1_000_000_000 + slot * 7_654_321;
    });
    expect(partition.checkpoint(limit, 0).metadata.length).toBeLessThan(2_000);
  });
});

describe("labels of an earlier version that may identify", () => {
  const counter = (code: string) => ({
    ...{ kind: "receipts" as const, provider: "aliyun", channel: "unknown" as const, scope: "sms_receipt" },
    ...{ code, category: "unknown", outcome: "failed" as const },
  });

  it("count on as _redacted or without what nobody sees, and no count is lost", () => {
    const labels = ["139.1234.5678", "139:1234:5678", "NEW\u202e1", "NEW1", "_redacted", "006", "_other"];
    const metadata = encodeSnapshot({
      ...{ next: 28, first: 0, logMark: undefined, zerosSeen: true, lastEventAt: 0 },
      counters: labels.map((label, index) => ({ counter: counter(label), count: index + 1, seen: true })),
    });
    expect(shown(open({ offset: 28, metadata }))).toEqual({
      total: 28,
      next: 28,
      codes: { "_redacted unknown": 8, "NEW1 unknown": 7, "006 unknown": 6, "_other unknown": 7 },
    });
  });
});
