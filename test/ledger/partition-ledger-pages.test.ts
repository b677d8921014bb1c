import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PartitionLedger } from "../../src/ledger/partition-ledger.ts";
import { commit, count, nothing, open, shown } from "./partitions.ts";

const zeros = { total: 0, next: 0, codes: {} };

/** A page that is under way: what it shows of each code, and the note that it has arrived. */
function pageOf(partition: PartitionLedger) {
  const { counters, seen } = partition.expose();
  const values = new Map(counters.map(({ counter, value }) => [JSON.stringify(counter), value]));
  return { values, seen };
}

describe("a page of a partition", () => {
  it("that did not arrive has shown no zeros", () => {
    const partition = open(nothing);
    for (let n = 0; n < 3; n++) {
      count(partition, "006");
      pageOf(partition);
      commit(partition);
      expect(partition.heldBack).toBe(false);
    }
    expect(shown(partition)).toEqual(zeros);
    commit(partition);
    expect(shown(partition)).toMatchObject({ total: 3, next: 3 });
  });

  it("has shown the counters that were on it when it was written, not those opened until it arrived", () => {
    const partition = open(nothing);
    const page = pageOf(partition);
    count(partition, "NEW");
    page.seen();
    commit(partition);
    expect(shown(partition)).toEqual(zeros);
    commit(partition);
    expect(shown(partition)).toEqual({ total: 1, next: 1, codes: { "NEW unknown": 1 } });
  });

  it("that arrives after a later one takes back nothing of what that has shown", () => {
    const partition = open(nothing);
    const early = pageOf(partition);
    count(partition, "NEW");
    const late = pageOf(partition);
    late.seen();
    early.seen();
    commit(partition);
    expect(shown(partition)).toEqual({ total: 1, next: 1, codes: { "NEW unknown": 1 } });
  });

  it("shows a value only after one with its zero has arrived, however pages overtake each other", () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant("count" as const),
        code: fc.constantFrom("006", "NEW1", "NEW2", "NEW3"),
      }),
      fc.constant({ kind: "commit" as const }),
      fc.constant({ kind: "write" as const }),
      fc.record({ kind: fc.constantFrom("arrive" as const, "lose" as const), which: fc.nat(5) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const partition = open(nothing);
        const underWay: ReturnType<typeof pageOf>[] = [];
        const arrived = new Set<string>();
        const write = () => {
          const page = pageOf(partition);
          for (const [key, value] of page.values) {
            if (value > 0) expect([...arrived]).toContain(key);
          }
          underWay.push(page);
        };
        for (const taken of steps) {
          if (taken.kind === "count") count(partition, taken.code);
          else if (taken.kind === "commit") commit(partition);
          else if (taken.kind === "write") write();
          else {
            const [page] = underWay.splice(taken.which % Math.max(1, underWay.length), 1);
            if (page === undefined || taken.kind === "lose") continue;
            for (const key of page.values.keys()) arrived.add(key);
            page.seen();
          }
        }
        for (let n = 0; n < 3; n++) {
          shown(partition);
          commit(partition);
        }
        const { total, next } = shown(partition);
        expect(total).toBe(next);
      }),
      { numRuns: 500 },
    );
  });
});
