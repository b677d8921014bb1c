import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseCodeMap } from "../../src/codes/parse.ts";
import type { ReceiptColumns } from "../../src/receipts/columns.ts";
import {
  type IgnoredKind,
  ignoredKinds,
  type MalformedReason,
  malformedReasons,
  type Receipt,
} from "../../src/receipts/receipt.ts";
import { movesOf } from "../../src/replay/merge.ts";
import { Tally } from "../../src/replay/tally.ts";
import { totalsOf } from "../../src/replay/timeline.ts";
import type { ReplayWindow } from "../../src/replay/window.ts";
import { receipt } from "../ledger/support.ts";
import { hour, map, minute, stateOf, tallyOf, window } from "./tallying.ts";

const { from, to } = window;

function at(receivedAt: number, code = "12", rest: Partial<Receipt> = {}): Receipt {
  return receipt(code, "failed", { receivedAt, ...rest });
}

/** Receipts of records that were read at once, one in each; those that differ in times and values only are of one kind. */
function columnsOf(receipts: readonly Receipt[], recordedAt: number): ReceiptColumns {
  const { length } = receipts;
  const kindOf = ({ sentAt, receivedAt, values, ...kind }: Receipt) => JSON.stringify(kind);
  const kinds = [...Map.groupBy(receipts, kindOf)];
  const numbers = new Map(kinds.map(([kind], number) => [kind, number]));
  return {
    ...{ records: length, end: length, size: length, baseOffset: 0 },
    kinds: kinds.flatMap(([, [first]]) => first ?? []),
    numbers: Int32Array.from(receipts, (one) => numbers.get(kindOf(one)) ?? -1),
    offsets: Int32Array.from(receipts.keys()),
    recordedAt: new Float64Array(length).fill(recordedAt),
    sentAt: Float64Array.from(receipts, ({ sentAt }) => sentAt),
    receivedAt: Float64Array.from(receipts, ({ receivedAt }) => receivedAt),
    values: receipts.flatMap(({ values = [] }) => values),
  };
}

/** The steps that a tally has counted receipts in, whatever the code. */
function stepsOf(tally: Tally): Record<number, number> {
  const steps: Record<number, number> = {};
  const { counters, blocks } = tally.state();
  const { slots, numbers, counts } = blocks;
  for (const [index, count] of counts.entries()) {
    if (counters[slots[Math.floor(index / 16)] ?? 0]?.kind !== "receipts") continue;
    const step = (numbers[Math.floor(index / 16)] ?? 0) * 16 + (index % 16);
    if (count > 0) steps[step] = (steps[step] ?? 0) + count;
  }
  return steps;
}

describe("where a receipt counts", () => {
  const byRecord = { by: "record" } as const;
  const none = { before: 0, after: 0, late: 0, undated: 0 };
  const rows: readonly {
    name: string;
    window?: Partial<ReplayWindow>;
    event: number;
    record: number;
    step?: number;
    aside?: Partial<typeof none>;
  }[] = [
    { name: "the window's first moment", event: from, record: from + 1, step: 0 },
    { name: "the last one before it", event: from - 1, record: from, aside: { before: 1 } },
    { name: "the last moment of the first step", event: from + minute - 1, record: from, step: 0 },
    { name: "the first moment of the second step", event: from + minute, record: from, step: 1 },
    { name: "the window's last moment", event: to - 1, record: to, step: 119 },
    { name: "the first one after it", event: to, record: to, aside: { after: 1 } },
    { name: "late, but not in the last tenth", event: from, record: to + 0.9 * hour - 1, step: 0 },
    { name: "in the last tenth", event: from, record: to + 0.9 * hour, step: 0, aside: { late: 1 } },
    { name: "outside, in the last tenth", event: to, record: to + 0.95 * hour, aside: { after: 1 } },
    { name: "without slack", window: { slack: 0 }, event: from, record: to, step: 0 },
    { name: "without a time", event: Number.NaN, record: from + minute, step: 1, aside: { undated: 1 } },
    { name: "without a time, after the window", event: Number.NaN, record: to + 1, aside: { after: 1 } },
    { name: "by its record", window: byRecord, event: from, record: from + 2 * minute, step: 2 },
    { name: "by its record, before", window: byRecord, event: from, record: from - 1, aside: { before: 1 } },
    { name: "by its record, without a time", window: byRecord, event: Number.NaN, record: from, step: 0 },
    { name: "in steps of an hour", window: { step: hour }, event: to - 1, record: to, step: 1 },
  ];
  it.each(rows)("$name", ({ window, event, record, step, aside }) => {
    const tally = tallyOf(window);
    tally.count([at(event)], undefined, record);
    expect(stepsOf(tally)).toEqual(step === undefined ? {} : { [step]: 1 });
    expect(tally.state().aside).toMatchObject({ records: 1, ...none, ...aside });
  });
});

describe("beside the receipts", () => {
  it("counts malformed records of the window alone, each under its reason", () => {
    const tally = tallyOf();
    for (const recordedAt of [from - 1, from, to - 1, to]) tally.count([], "not_json", recordedAt);
    tally.count([at(from)], "bad_element", from);
    const { records, malformed } = tally.state().aside;
    const counted: Partial<Record<MalformedReason, number>> = { not_json: 2, bad_element: 1 };
    expect({ records, malformed }).toEqual({
      records: 5,
      malformed: malformedReasons.map((reason) => counted[reason] ?? 0),
    });
  });

  it("counts records that are no receipts by intent likewise, each under its kind", () => {
    const tally = tallyOf();
    for (const recordedAt of [from - 1, from, to - 1, to]) tally.count([], "uplink", recordedAt);
    tally.count([at(from)], "deleted", from);
    const { records, malformed, ignored } = tally.state().aside;
    const counted: Partial<Record<IgnoredKind, number>> = { uplink: 2, deleted: 1 };
    expect({ records, malformed, ignored }).toEqual({
      records: 5,
      malformed: malformedReasons.map(() => 0),
      ignored: ignoredKinds.map((kind) => counted[kind] ?? 0),
    });
  });

  it("counts conflicts and delays of the window alone", () => {
    const tally = tallyOf();
    for (const receivedAt of [from - 1, from]) {
      tally.count([receipt("006", "delivered", { receivedAt, sentAt: receivedAt - 3_000 })], undefined, from);
    }
    expect(tally.state().aside).toMatchObject({ conflicts: 1, before: 1 });
    expect(tally.state().delays).toMatchObject([{ channel: "sms", outcome: "delivered", sum: 3 }]);
  });
});

describe("what another map would move", () => {
  const file = "config/code-map.yaml";
  const old = parseCodeMap(
    readFileSync(file, "utf8").replaceAll("category: blacklist", "category: unreachable"),
    file,
  );

  it("counts by local day, and leaves out what lies outside the window", () => {
    if ("problems" in old) throw new Error(JSON.stringify(old.problems));
    const tally = tallyOf({}, old.map);
    const midnight = from + hour;
    for (const time of [from - 1, from, midnight - 1, midnight, to]) {
      tally.count([at(time, "DB:0141"), at(time, "DELIVRD", { flag: "delivered" })], undefined, from);
    }
    const moves = movesOf([stateOf(tally)]);
    expect(moves.receipts).toBe(6);
    expect(moves.all()).toMatchObject([
      { day: "2026-10-03", before: { category: "unreachable" }, after: { category: "blacklist" }, count: 2 },
      { day: "2026-10-04", before: { category: "unreachable" }, after: { category: "blacklist" }, count: 1 },
    ]);
  });
});

describe("codes that the map does not list", () => {
  const tallyWithRoom = (unlistedBlocks: number) =>
    new Tally({
      topic: "dlr.receipts",
      window,
      cells: { map, provider: undefined, unknownCodes: 10_000 },
      compare: undefined,
      utcOffsetMinutes: 480,
      unlistedBlocks,
    });
  /** The receipts by code. */
  const totalsIn = (tally: Tally) => {
    const { counters, blocks } = tally.state();
    const counted = totalsOf(blocks).map((total, slot) => ({ total, counter: counters[slot] }));
    return Object.fromEntries(
      counted.flatMap(({ total, counter }) =>
        counter?.kind === "receipts" && total > 0 ? [[counter.code, total]] : [],
      ),
    );
  };

  const totalOf = (tally: Tally, kind: string) => {
    const { counters, blocks } = tally.state();
    return totalsOf(blocks).reduce(
      (sum, total, slot) => (counters[slot]?.kind === kind ? sum + total : sum),
      0,
    );
  };

  it("fold into _other, the rarer half at a time, when they take more than their room", () => {
    const tally = tallyWithRoom(4);
    for (const code of ["X1", "X1", "X2", "X3", "X3", "X4", "006"])
      tally.count([at(from, code)], undefined, from);
    expect(totalsIn(tally)).toEqual({ X1: 2, X2: 1, X3: 2, X4: 1, "006": 1 });
    for (const code of ["X5", "X6", "X1", "006"]) tally.count([at(from, code)], undefined, from);
    expect(totalsIn(tally)).toEqual({ X1: 3, X3: 2, _other: 4, "006": 2 });
  });

  it.each([
    { what: "codes", room: { unlistedBlocks: 10 } },
    { what: "values", room: { valueBlocks: 10 } },
  ])("count the same when $what fold amid receipts that were read at once", ({ room }) => {
    const dimensions = ["signature"];
    const cells = { map, provider: undefined, unknownCodes: 10_000, segments: true, dimensions };
    const [each, atOnce] = [0, 1].map(
      () =>
        new Tally({
          topic: "dlr.receipts",
          window,
          cells,
          compare: undefined,
          utcOffsetMinutes: 480,
          ...room,
        }),
    );
    const receipts = Array.from({ length: 300 }, (_, i) =>
      at(from + i * 1_000, `X${(i * i) % 97}`, { sentAt: from, segments: i % 4, values: [`s${i % 70}`] }),
    );
    for (const receipt of receipts) each?.count([receipt], undefined, from);
    atOnce?.countColumns(columnsOf(receipts, from), receipts.length, receipts.length);
    expect(atOnce?.state()).toEqual(each?.state());
    expect(atOnce?.state().aside.records).toBe(300);
    for (const kind of ["receipts", "receiptsBy", "segmentReceipts", "delays"])
      expect(atOnce && totalOf(atOnce, kind), kind).toBe(300);
  });

  it("take memory for what is counted, not for each code and step", () => {
    const month = { to: from + 30 * 24 * hour };
    const before = process.memoryUsage().arrayBuffers;
    const tally = tallyOf(month);
    for (let n = 0; n < 50_000; n++)
      tally.count([at(from + (n % 43_200) * minute, `X${n % 9_000}`)], undefined, from);
    // in pieces of 4 KB it was 200 MB
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
    expect(Object.values(totalsIn(tally)).reduce((a, b) => a + b)).toBe(50_000);
  });

  it("take no more than their room for each block of steps, and lose no receipt", () => {
    const tally = tallyWithRoom(100);
    for (let n = 0; n < 5_000; n++) tally.count([at(from + (n % 120) * minute, `X${n}`)], undefined, from);
    const { blocks } = tally.state();
    expect(blocks.slots.length).toBeLessThan(120);
    expect(Object.values(totalsIn(tally)).reduce((a, b) => a + b)).toBe(5_000);
  });
});
