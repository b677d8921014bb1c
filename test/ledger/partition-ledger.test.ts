import { describe, expect, it } from "vitest";
import { UnreadableSnapshotError } from "../../src/ledger/committed.ts";
import { Counts } from "../../src/ledger/counts.ts";
import { PartitionLedger } from "../../src/ledger/partition-ledger.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/ledger/snapshot/snapshot.ts";
import { commit, count, giveDelaysAway, limit, longCode, map, nothing, open, shown } from "./partitions.ts";

/** A new partition that has counted a record for each code. */
function counted(...codes: string[]): PartitionLedger {
  const partition = open(nothing);
  count(partition, ...codes);
  return partition;
}

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
        "Use another group, or reset the offsets of this one (which clears its counts) and restart",
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
    partition.goOnAt(2, 0);
    expect(partition).toMatchObject({ first: -1, next: 2, dirty: true });
  });

  it("starts again at the log's start when the log ends before it, and its sums still agree", () => {
    const partition = open(nothing);
    count(partition, "006", "006", "006");
    partition.goOnAt(0, 0);
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

  it("folds the rarest codes until three quarters of the limit are taken, and not again at the next commit", () => {
    const partition = open(nothing);
    for (const [index, name] of [..."ABCDEFGH"].entries()) {
      count(partition, ...Array.from({ length: index + 1 }, () => longCode(name)));
    }
    giveDelaysAway(partition);
    const whole = partition.checkpoint(limit, 0).metadata;
    expect(partition.checkpoint(whole.length, 0).metadata).toBe(whole);
    expect(partition.checkpointSize).toBe(whole.length);
    const { metadata } = partition.checkpoint(whole.length - 1, 0);
    expect(partition.checkpointSize).toBe(metadata.length);
    expect(metadata.length).toBeLessThanOrEqual(0.75 * (whole.length - 1));
    const codesOf = (ledger: typeof partition) =>
      [...ledger.counts.cells()].map(({ code, count }) => `${code.split(" ")[0]} ${count}`).sort();
    const kept = codesOf(open({ offset: partition.next, metadata }));
    expect(kept).toEqual(["D 4", "E 5", "F 6", "G 7", "H 8", "_other 6"]);
    expect(partition.foldedCodes).toBe(3);
    count(partition, longCode("A"), longCode("Z"), "006");
    const next = open({
      offset: partition.next,
      metadata: partition.checkpoint(whole.length - 1, 0).metadata,
    });
    expect(codesOf(next)).toEqual([...kept.slice(0, -1), "_other 1", "_other 8"]);
    expect(next.foldedCodes).toBe(3);
  });

  it("takes folded codes again when the limit has grown by half, not before, behind a zero", () => {
    const partition = open(nothing);
    count(partition, ...[..."ABCDEFGH"].map(longCode), ...[..."ABCD"].map(longCode));
    giveDelaysAway(partition);
    const tight = partition.checkpoint(limit, 0).metadata.length - 1;
    partition.checkpoint(tight, 0);
    const folded = partition.foldedCodes;
    expect(folded).toBeGreaterThan(0);
    partition.checkpoint(Math.floor(1.4 * tight), 0);
    expect(partition.foldedCodes).toBe(folded);
    for (let n = 0; n < 2; n++) {
      shown(partition);
      partition.confirm(partition.checkpoint(tight, 0));
    }
    partition.confirm(partition.checkpoint(2 * tight, 0));
    expect(partition.foldedCodes).toBe(0);
    count(partition, longCode("E"));
    partition.confirm(partition.checkpoint(2 * tight, 0));
    const shownOfE = () =>
      Object.entries(shown(partition).codes).find(([code]) => code.startsWith("E "))?.[1] ?? 0;
    expect(shownOfE()).toBe(0);
    partition.confirm(partition.checkpoint(2 * tight, 0));
    expect(shownOfE()).toBe(1);
    expect(shown(partition).total).toBe(13);
  });

  it("knows the size of the snapshot that it goes on from, and does not believe that it saw the future", () => {
    const partition = open(nothing);
    expect(partition.checkpointSize).toBe(0);
    count(partition, "006");
    partition.counts.lastEvent.at = Date.parse("9999-12-31");
    const committed = commit(partition);
    const next = open(committed);
    expect(next.checkpointSize).toBe(committed.metadata?.length);
    expect(next.counts.lastEvent.at).toBe(0);
    expect(open({ offset: 1, metadata: "" }).checkpointSize).toBe(0);
  });

  it("says by its length that not even the totals fit", () => {
    const partition = open(nothing);
    count(partition, "006");
    expect(partition.checkpoint(20, 0).metadata.length).toBeGreaterThan(20);
  });

  it("carries along what a later version wrote while there is room, and lets go of that before any code", () => {
    const later = { tag: 10, body: Buffer.from("what a later version counts, which takes some room") };
    const state = {
      ...{ next: 1, first: 0, logMark: undefined, zerosSeen: true, lastEventAt: 0, folded: undefined },
      carried: [later],
    };
    const counters = [...open(commit(counted("006", "NEW"))).counts.cells()].map(({ count, ...counter }) => ({
      ...{ counter, count, seen: true },
    }));
    const partition = open({ offset: 1, metadata: encodeSnapshot({ ...state, counters }) });
    const carriedIn = (room: number) => {
      const decoded = decodeSnapshot(partition.checkpoint(room, 0).metadata);
      return decoded.kind === "counts" ? decoded.state.carried : undefined;
    };
    expect(carriedIn(limit)).toEqual([later]);
    expect(carriedIn(partition.checkpointSize - 1)).toEqual([]);
    expect(partition.foldedCodes).toBe(0);
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
      ...{ folded: undefined, carried: [] },
      counters: labels.map((label, index) => ({ counter: counter(label), count: index + 1, seen: true })),
    });
    expect(shown(open({ offset: 28, metadata }))).toEqual({
      total: 28,
      next: 28,
      codes: { "_redacted unknown": 8, "NEW1 unknown": 7, "006 unknown": 6, "_other unknown": 7 },
    });
  });
});
