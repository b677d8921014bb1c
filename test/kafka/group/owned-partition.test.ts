import { describe, expect, it } from "vitest";
import type { CommittedEntry } from "../../../src/kafka/group/asks.ts";
import { OwnedPartition } from "../../../src/kafka/group/owned-partition.ts";
import { encodeSnapshot } from "../../../src/ledger/snapshot/snapshot.ts";
import { fetched } from "./brokers.ts";
import { logbook, planOf, range, recordsAt, skippedIn, sumOf } from "./support.ts";

const id = { topic: "t", partition: 3 };
const { log, lines } = logbook();

function open(before?: OwnedPartition, now = 0): OwnedPartition {
  return new OwnedPartition(planOf("t"), 3, before, now, log);
}

function committed(offset: number, metadata: string | null = null): CommittedEntry {
  return { ...id, offset, metadata, failure: undefined };
}

function snapshot(next: number, first = 0, logMark?: number): CommittedEntry {
  const state = {
    next,
    first,
    logMark,
    zerosSeen: false,
    lastEventAt: 0,
    folded: undefined,
    counters: [],
    carried: [],
  };
  return committed(next, encodeSnapshot(state));
}

/** One that has counted up to an offset from 0, in the log with this mark. */
function reading(
  next: number,
  { logMark }: { readonly logMark: number | undefined } = { logMark: 7 },
): OwnedPartition {
  const partition = open();
  partition.load(committed(-1), false, 0);
  partition.locate({ low: 0, high: next }, logMark, 0);
  partition.take(fetched(id, { records: recordsAt(range(0, next)), end: next, logEnd: next }), 0, 0);
  return partition;
}

function state({ standing, ledger, obstacle }: OwnedPartition): unknown {
  return { standing, next: ledger?.next, first: ledger?.first, logMark: ledger?.logMark, obstacle };
}

describe("OwnedPartition", () => {
  it("loads before it reads, and lets nobody commit or count until then", () => {
    const partition = open();
    expect(partition.loaded).toBeUndefined();
    partition.take(fetched(id, { records: recordsAt([0]), end: 1 }), 5, 5);
    partition.locate({ low: 4, high: 9 }, 7, 5);
    partition.recognise(7);
    expect(state(partition)).toEqual({ standing: { name: "loading" } });
    partition.load(snapshot(5, 2), false, 0);
    expect(state(partition)).toMatchObject({ standing: { name: "reading" }, next: 5, first: 2 });
    expect(partition.loaded).toBe(partition.ledger);
  });

  it("asks where the log begins when nothing is committed, and begins there", () => {
    const partition = open();
    partition.load(committed(-1), false, 0);
    expect(state(partition)).toEqual({ standing: { name: "locating", need: "start" } });
    expect(partition.loaded).toBeUndefined();
    partition.locate({ low: 40, high: 90 }, 7, 0);
    expect(state(partition)).toMatchObject({
      standing: { name: "reading" },
      next: 40,
      first: 40,
      logMark: 7,
    });
    expect(partition.logEnd).toBe(90);
    expect(skippedIn(partition.ledger ?? expect.fail())).toBe(0);
  });

  it.each([
    [null, "warn the committed offset has no counts (reset by a tool, or committed by another program)"],
    ["dlr1!", "warn the counts did not fit into the offset metadata and were not committed"],
    [snapshot(9).metadata, "warn the committed offset was changed by hand"],
  ])("begins at 0 at a committed offset without its counts: %s", (metadata, line) => {
    const partition = open();
    partition.load(committed(5, metadata), false, 0);
    expect(state(partition)).toMatchObject({ standing: { name: "reading" }, next: 5, first: 5 });
    expect(lines.at(-1)).toBe(`${line}: counting from 0`);
  });

  it("goes on with the counts before where Kafka has deleted what was committed", () => {
    const before = reading(5);
    const next = open(before, 100);
    expect(next.ledger).toBe(before.ledger);
    expect(next.loaded).toBeUndefined();
    next.load(committed(-1), true, 100);
    expect(state(next)).toMatchObject({ standing: { name: "reading" }, next: 5 });
    expect(next.ledger).toBe(before.ledger);
    // Somebody else may have owned it in between: then what was counted here is nothing to go on with.
    const later = open(before, 100);
    later.load(committed(-1), false, 100);
    expect(state(later)).toEqual({ standing: { name: "locating", need: "start" } });
  });

  it("goes on showing what it showed in the generation before, until that is loaded", () => {
    const before = reading(5);
    before.unreadable = 2;
    const next = open(before, 100);
    expect(next).toMatchObject({ ledger: before.ledger, unreadable: 2, logEnd: 5, answeredAt: 0 });
    next.load(snapshot(3), false, 100);
    expect(next.ledger?.next).toBe(3);
    expect(open(undefined, 100).answeredAt).toBe(100);
  });

  describe("counts what is fetched", () => {
    it("and passes over what lies between", () => {
      const partition = reading(5);
      partition.take(fetched(id, { records: recordsAt([6, 9]), end: 12, logEnd: 20 }), 80, 70);
      expect(partition.ledger).toMatchObject({ first: 0, next: 12 });
      expect(skippedIn(partition.ledger ?? expect.fail())).toBe(5);
      expect(sumOf(partition.ledger ?? expect.fail())).toBe(12);
      expect(partition).toMatchObject({ answeredAt: 70, logEnd: 20 });
    });

    it("or nothing, which is an answer, too", () => {
      const partition = reading(5);
      partition.rest({ kind: "failing", words: "fails: why" }, 10);
      partition.take(fetched(id, { logEnd: 20 }), 70, 70);
      expect(partition).toMatchObject({ answeredAt: 70, logEnd: 20, obstacle: undefined });
      expect(partition.ledger?.next).toBe(5);
    });

    it("up to what is damaged, and rests for 5 seconds there", () => {
      const partition = reading(5);
      partition.take(
        fetched(id, { records: recordsAt([5, 6], "it is damaged"), end: 9, logEnd: 9 }),
        1_000,
        900,
      );
      expect(partition.ledger?.next).toBe(7);
      expect(sumOf(partition.ledger ?? expect.fail())).toBe(7);
      expect(partition).toMatchObject({
        unreadable: 1,
        restsUntil: 6_000,
        obstacle: { kind: "damaged", words: "can't be read: it is damaged" },
        standing: { name: "reading" },
      });
      expect(lines.at(-1)).toBe("error records can't be read; retrying");
      partition.take(fetched(id, { records: recordsAt([7, 8]), end: 9, logEnd: 9 }), 6_000, 5_500);
      expect(partition).toMatchObject({ unreadable: 1, obstacle: undefined });
      expect(partition.ledger?.next).toBe(9);
    });
  });

  it.each([
    ["damaged", 5_000],
    ["refused", 5_000],
    ["failing", 500],
  ] as const)("rests when it is %s for %i ms", (kind, ms) => {
    const partition = reading(5);
    partition.rest({ kind, words: "x" }, 100);
    expect(partition.restsUntil).toBe(100 + ms);
  });

  describe("whose next offset is not in the log", () => {
    it("passes over what retention has deleted, and counts it as skipped", () => {
      const partition = reading(5);
      partition.lost();
      expect(partition.standing).toEqual({ name: "locating", need: "gone" });
      partition.locate({ low: 12, high: 30 }, 7, 0);
      expect(state(partition)).toMatchObject({ standing: { name: "reading" }, next: 12, first: 0 });
      expect(skippedIn(partition.ledger ?? expect.fail())).toBe(7);
      expect(lines.at(-1)).toBe("error retention deleted records before they were counted");
    });

    it("goes on where it was when the log holds it after all", () => {
      const partition = reading(5);
      partition.lost();
      partition.locate({ low: 5, high: 5 }, 7, 0);
      expect(state(partition)).toMatchObject({ standing: { name: "reading" }, next: 5, first: 0 });
    });

    it.each([30, 45])("asks twice where the log ends before it, then goes on at its end: %i", (high) => {
      const partition = reading(50);
      partition.lost();
      partition.locate({ low: 0, high: 30 }, 7, 1_000);
      expect(state(partition)).toMatchObject({
        standing: { name: "locating", need: "gone" },
        next: 50,
        obstacle: { kind: "failing", words: "ends at 30, before the offset counted so far" },
      });
      expect(partition.restsUntil).toBe(1_500);
      // Others go on writing meanwhile: the end moves.
      partition.locate({ low: 0, high }, 7, 1_500);
      expect(state(partition)).toMatchObject({
        standing: { name: "reading" },
        next: high,
        obstacle: undefined,
      });
      expect(lines.at(-1)).toContain("error the log was truncated below the committed offset");
      // Nothing is taken back, and what is counted still agrees with where it is.
      const ledger = partition.ledger ?? expect.fail();
      expect([sumOf(ledger), ledger.next - ledger.first]).toEqual([50, 50]);
    });

    it("asks twice each time", () => {
      const partition = reading(50);
      partition.lost();
      partition.locate({ low: 0, high: 30 }, 7, 0);
      partition.locate({ low: 0, high: 60 }, 7, 500);
      expect(state(partition)).toMatchObject({ standing: { name: "reading" }, next: 50 });
      partition.take(fetched(id, { logEnd: 60 }), 600, 600);
      partition.lost();
      partition.locate({ low: 0, high: 30 }, 7, 700);
      expect(state(partition)).toMatchObject({ standing: { name: "locating" }, next: 50 });
    });

    it("goes on at the log's start where nobody knows whether the topic is the same", () => {
      const partition = reading(50, { logMark: undefined });
      partition.lost();
      partition.locate({ low: 2, high: 30 }, undefined, 0);
      expect(state(partition)).toMatchObject({ standing: { name: "locating" }, next: 50 });
      partition.locate({ low: 2, high: 30 }, undefined, 500);
      const ledger = partition.ledger ?? expect.fail();
      expect(state(partition)).toMatchObject({ standing: { name: "reading" }, next: 2 });
      expect([sumOf(ledger), ledger.next - ledger.first]).toEqual([50, 50]);
      expect(lines.at(-1)).toContain(
        "error the log ends before the committed offset, so the topic was recreated",
      );
    });
  });

  describe("of a topic that was made anew", () => {
    it("goes on at the new log's start, beside what was counted", () => {
      const partition = reading(50);
      partition.recognise(7);
      expect(partition.standing).toEqual({ name: "reading" });
      partition.recognise(8);
      expect(partition.standing).toEqual({ name: "locating", need: "anew" });
      expect(partition.loaded?.next).toBe(50);
      partition.locate({ low: 3, high: 9 }, 8, 0);
      partition.take(fetched(id, { records: recordsAt(range(3, 9)), end: 9, logEnd: 9 }), 0, 0);
      const ledger = partition.ledger ?? expect.fail();
      expect(state(partition)).toMatchObject({ standing: { name: "reading" }, next: 9, logMark: 8 });
      expect([sumOf(ledger), ledger.next - ledger.first, skippedIn(ledger)]).toEqual([56, 56, 0]);
      partition.recognise(8);
      expect(partition.standing).toEqual({ name: "reading" });
    });

    it("is found out by what was committed, too", () => {
      const partition = open();
      partition.load(snapshot(50, 0, 7), false, 0);
      partition.recognise(8);
      expect(partition.standing).toEqual({ name: "locating", need: "anew" });
    });

    it("is taken for the same where a mark is missing", () => {
      const partition = open();
      // Committed by a version that knew of no marks.
      partition.load(snapshot(50), false, 0);
      partition.recognise(undefined);
      expect(state(partition)).toMatchObject({ standing: { name: "reading" }, logMark: undefined });
      partition.recognise(8);
      expect(state(partition)).toMatchObject({ standing: { name: "reading" }, logMark: 8 });
      partition.recognise(undefined);
      expect(partition.standing).toEqual({ name: "reading" });
    });
  });

  it("takes no range that nobody asked for", () => {
    const partition = reading(50);
    partition.locate({ low: 60, high: 90 }, 8, 0);
    expect(state(partition)).toMatchObject({ next: 50, logMark: 7 });
  });
});
