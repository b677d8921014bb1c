import { describe, expect, it } from "vitest";
import { isFilled, keepWindow, shortenWindow } from "../../../src/kafka/group/filling.ts";
import { OwnedPartition } from "../../../src/kafka/group/owned-partition.ts";
import type { TopicPlan } from "../../../src/kafka/group/topic-plan.ts";
import { Counts } from "../../../src/ledger/counts.ts";
import { PartitionLedger } from "../../../src/ledger/partition-ledger.ts";
import { encodeSnapshot } from "../../../src/ledger/snapshot/snapshot.ts";
import { packagedMap } from "../../ledger/support.ts";
import { fetched } from "./brokers.ts";
import { logbook, planOf, range, recordsAt, sumOf } from "./support.ts";

const map = packagedMap();
const id = { topic: "t", partition: 3 };

function countsOf(window: number | undefined): Counts {
  return new Counts({ map, provider: undefined, unknownCodes: 50, scopes: ["sms_receipt"], window });
}

function ledgerAt(next: number, logMark: number | undefined, window: number | undefined = 10) {
  const ledger = new PartitionLedger("t", 3, countsOf(window), { offset: next, metadata: null }, 0, 0);
  ledger.logMark = logMark;
  return ledger;
}

/** One that has loaded counts up to an offset, of a topic whose records all hold the same receipt. */
function loadedAt(next: number) {
  const { log, lines } = logbook();
  const plan: TopicPlan = {
    ...planOf("t"),
    decode: (_, receipts) => {
      const rest = { scope: "sms_receipt", flag: "failed", code: "006", provider: undefined } as const;
      receipts.push({ ...rest, sentAt: Number.NaN, receivedAt: Number.NaN, key: { high: 1, low: 2 } });
      return undefined;
    },
    openCounts: () => countsOf(10),
  };
  const partition = new OwnedPartition(plan, 3, undefined, 0, log);
  const state = { next, first: 0, logMark: 7, zerosSeen: false, lastEventAt: 0, folded: undefined };
  const metadata = encodeSnapshot({ ...state, counters: [], carried: [] });
  partition.load({ ...id, offset: next, metadata, failure: undefined }, false, 0);
  return { partition, lines };
}

describe("a window that is filled", () => {
  it("is read from before the committed offset, counts nothing until then, and knows what came before", () => {
    const { partition } = loadedAt(50);
    expect(partition.position).toBe(40);
    partition.take(fetched(id, { records: recordsAt(range(40, 45)), end: 45, logEnd: 60 }), 0, 0);
    expect([partition.position, partition.ledger?.next, partition.fetched]).toEqual([45, 50, false]);
    expect(partition.ledger?.dirty).toBe(false);
    partition.take(fetched(id, { records: recordsAt(range(45, 52)), end: 52, logEnd: 60 }), 0, 0);
    expect([partition.position, partition.ledger?.next]).toEqual([52, 52]);
    if (partition.ledger === undefined) expect.unreachable();
    const { counters, bySlot } = partition.ledger.counts;
    const again = counters.findIndex(({ kind }) => kind === "duplicates");
    expect([bySlot[again], sumOf(partition.ledger)]).toEqual([2, 2]);
  });

  it("goes to where it counts when the log ends before, so that the leader says whether it was cut off", () => {
    const { partition } = loadedAt(50);
    partition.take(fetched(id, { end: undefined, logEnd: 45 }), 0, 0);
    expect(partition.position).toBe(50);
    partition.take(fetched(id, { end: undefined, logEnd: 50 }), 0, 0);
    expect(partition.position).toBe(40);
  });

  it("is as long as the log has it, and says what is missing", () => {
    const { partition, lines } = loadedAt(50);
    partition.lost();
    partition.locate({ low: 46, high: 60 }, 7, 0);
    expect([partition.position, partition.ledger?.next]).toEqual([46, 50]);
    expect(lines.join()).toContain("warn the log does not hold all of the window");
  });
});

describe("the window of the generation before", () => {
  it("is kept at the same place of the same log, and nowhere else", () => {
    const before = ledgerAt(50, 7);
    before.window?.skipTo(50);
    expect(isFilled(before)).toBe(true);
    const isKept = (ledger: PartitionLedger) => {
      keepWindow(before, ledger);
      return ledger.window === before.window;
    };
    expect(isKept(ledgerAt(50, 7))).toBe(true);
    expect([ledgerAt(49, 7), ledgerAt(50, 8), ledgerAt(50, undefined)].map(isKept)).toEqual([
      false,
      false,
      false,
    ]);
    const unfilled = ledgerAt(50, 7);
    const next = ledgerAt(50, 7);
    keepWindow(unfilled, next);
    expect([isFilled(unfilled), next.window === unfilled.window]).toEqual([false, false]);
  });

  it("costs nothing where nobody looks for duplicates", () => {
    const { log, lines } = logbook();
    const ledger = ledgerAt(50, 7);
    ledger.window = undefined;
    shortenWindow(ledger, 60, log);
    expect([isFilled(ledger), lines]).toEqual([true, []]);
  });
});
