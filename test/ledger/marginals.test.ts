import { describe, expect, it } from "vitest";
import type { Committed } from "../../src/ledger/committed.ts";
import { checkpointsPerTurn, type PartitionLedger } from "../../src/ledger/partition-ledger.ts";
import { createRandom } from "../lab/random.ts";
import { countValues, openWith, valuesOf, wrongSums } from "./dimensions.ts";
import { commit, limit, nothing, scraped } from "./partitions.ts";

const both = ["signature", "template"];

/** Commits and scrapes until all that is counted is shown. */
function shownOf(partition: PartitionLedger): ReturnType<PartitionLedger["expose"]>["counters"] {
  for (let round = 0; round < 3; round++) {
    commit(partition);
    scraped(partition);
  }
  return scraped(partition).counters;
}

describe("the values of a dimension", () => {
  it("are counted each under its name, and add up to the receipts", () => {
    const partition = openWith(both);
    countValues(partition, "006", "acme", "SMS_1");
    countValues(partition, "006", "acme", "SMS_2");
    countValues(partition, "12", "other shop", "SMS_1");
    const counters = shownOf(partition);
    expect(valuesOf(counters, "signature")).toEqual({ acme: 2, "other shop": 1 });
    expect(valuesOf(counters, "template")).toEqual({ SMS_1: 2, SMS_2: 1 });
    expect(wrongSums(counters, both)).toEqual([]);
  });

  it("are at most as many as there is room for, whatever comes", () => {
    const partition = openWith(["signature"]);
    const random = createRandom(7);
    for (let n = 0; n < 1_000_000; n++) countValues(partition, "006", `v${random.below(1e9).toString(36)}`);
    const named = valuesOf(shownOf(partition), "signature");
    expect(Object.keys(named)).toHaveLength(31);
    expect(Object.values(named).reduce((a, b) => a + b)).toBe(1_000_000);
    expect(wrongSums(scraped(partition).counters, ["signature"])).toEqual([]);
  });

  it("make way for those that come clearly more often, and the sum stays", () => {
    const partition = openWith(["signature"], nothing, 3);
    for (const value of ["a", "b", "c"]) for (let n = 0; n < 100; n++) countValues(partition, "006", value);
    for (let turn = 0; turn < 2; turn++) {
      for (let n = 0; n < 50; n++) {
        countValues(partition, "006", "a");
        countValues(partition, "006", "b");
        countValues(partition, "12", "d");
        if (n % 10 === 0) countValues(partition, "12", "e");
      }
      for (let n = 0; n < checkpointsPerTurn; n++) commit(partition);
    }
    countValues(partition, "006", "d");
    const counters = shownOf(partition);
    // 100 of c, 10 of e, and those of d from before it had a name
    expect(valuesOf(counters, "signature")).toEqual({ a: 200, b: 200, d: 51, _other: 160 });
    expect(wrongSums(counters, ["signature"])).toEqual([]);
  });

  it("that get their names back while nobody scrapes are on no page twice", () => {
    const partition = openWith(["signature"], nothing, 1);
    const send = (value: string, count: number) => {
      for (let n = 0; n < count; n++) countValues(partition, "006", value);
      for (let n = 0; n < checkpointsPerTurn; n++) commit(partition);
    };
    send("a", 100);
    shownOf(partition);
    for (const value of ["b", "a", "b", "a"]) send(value, 200);
    for (let n = 0; n < 5; n++) countValues(partition, "006", "a");
    const pages = Array.from({ length: 4 }, () => {
      const { counters } = scraped(partition);
      commit(partition);
      return counters;
    });
    for (const counters of pages) {
      const keys = counters.map(({ counter }) => JSON.stringify(counter));
      expect(keys.length).toBe(new Set(keys).size);
      expect(wrongSums(counters, ["signature"])).toEqual([]);
    }
    expect(valuesOf(pages[0] ?? [], "signature")).toEqual({ a: 100 });
    expect(valuesOf(pages.at(-1) ?? [], "signature")).toEqual({ a: 5, _other: 900 });
  });

  it("that stand for many have a place as soon as they come", () => {
    const partition = openWith(["signature"], nothing, 2);
    for (const value of ["a", "a", "b", "_none", "_redacted", "_none"]) countValues(partition, "006", value);
    commit(partition);
    for (const value of ["_none", "_redacted"]) countValues(partition, "006", value);
    expect(valuesOf(shownOf(partition), "signature")).toEqual({ _none: 1, _redacted: 1, _other: 6 });
  });

  it("lose one place to each that stands for many, and no more with every commit", () => {
    const partition = openWith(["signature"], nothing, 5);
    for (const value of ["a", "b", "c", "d", "e", "_none"]) countValues(partition, "006", value);
    for (let n = 0; n < checkpointsPerTurn / 2; n++) commit(partition);
    for (const value of ["b", "c", "d", "e", "_none"]) countValues(partition, "006", value);
    expect(valuesOf(shownOf(partition), "signature")).toEqual({
      b: 2,
      c: 2,
      d: 2,
      e: 2,
      _none: 1,
      _other: 2,
    });
  });

  it("add up at each scrape, through crashes, takeovers, folds and turns", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const { below } = createRandom(seed);
      const room = 1 + below(6);
      let committed: Committed = nothing;
      let partition = openWith(both, committed, room);
      const tight = 250 + below(600);
      for (let step = 0; step < 150; step++) {
        const what = below(12);
        if (what < 6) {
          const [code = ""] = ["006", "12", "DELIVRD", `X${below(20)}`].slice(below(4));
          for (let n = below(8); n > 0; n--)
            countValues(partition, code, `shop ${below(12)}`, below(4) === 0 ? "_none" : `SMS_${below(9)}`);
        } else if (what < 9) {
          const checkpoint = partition.checkpoint(below(2) === 0 ? limit : tight, 0);
          // the broker may have taken it, and its answer be lost
          const isTaken = below(4) > 0;
          if (isTaken) committed = { offset: checkpoint.view.next, metadata: checkpoint.metadata };
          if (isTaken && below(4) > 0) partition.confirm(checkpoint);
        } else if (what < 11) {
          const { counters, seen } = partition.expose();
          expect(wrongSums(counters, both), `seed ${seed}, step ${step}`).toEqual([]);
          if (below(3) > 0) seen();
        } else {
          partition = openWith(both, committed, room);
        }
      }
    }
  });
});

describe("a dimension that is configured later", () => {
  it("has what was counted before in _other, as seen, and no rise", () => {
    const before = openWith([]);
    for (let n = 0; n < 5; n++) countValues(before, "006");
    shownOf(before);
    const after = openWith(["signature"], commit(before));
    countValues(after, "006", "acme");
    expect(valuesOf(scraped(after).counters, "signature")).toEqual({ _other: 5 });
    const counters = shownOf(after);
    expect(valuesOf(counters, "signature")).toEqual({ _other: 5, acme: 1 });
    expect(wrongSums(counters, ["signature"])).toEqual([]);
  });

  it("and one that is taken out leaves the rest alone", () => {
    const before = openWith(both);
    countValues(before, "006", "acme", "SMS_1");
    shownOf(before);
    const after = openWith(["template"], commit(before));
    const counters = shownOf(after);
    expect(valuesOf(counters, "signature")).toEqual({});
    expect(valuesOf(counters, "template")).toEqual({ SMS_1: 1 });
    expect(wrongSums(counters, ["template"])).toEqual([]);
  });
});
