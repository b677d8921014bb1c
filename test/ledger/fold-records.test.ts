import { describe, expect, it } from "vitest";
import { foldRecords, type LogRecords, type RecordFold } from "../../src/ledger/fold-records.ts";
import type { Decoder } from "../../src/receipts/decode.ts";
import { receipt } from "./support.ts";

interface Told {
  readonly offset: number;
  readonly oversized?: true;
}

/** Records whose value is their offset and whose time is ten times that; what is thrown comes behind the last of them. */
function recordsOf(told: readonly Told[], damage?: Error, pausedFrom = Number.POSITIVE_INFINITY): LogRecords {
  let at = -1;
  const offset = () => told[at]?.offset ?? -1;
  return {
    advance() {
      at++;
      if (at === told.length && damage !== undefined) throw damage;
      return at < told.length;
    },
    get offset() {
      return offset();
    },
    get timestamp() {
      return 10 * offset();
    },
    get bytes() {
      return Buffer.from(String(offset()));
    },
    start: 0,
    get end() {
      return String(offset()).length;
    },
    method: undefined,
    get oversized() {
      return told[at]?.oversized === true;
    },
    get isPaused() {
      return at >= pausedFrom;
    },
  };
}

/** A receipt whose code is the value; of the value 13 also a reason, and the value 17 is none by intent. */
const decode: Decoder = ({ bytes }, receipts) => {
  const code = String(bytes);
  if (code === "17") return "uplink";
  receipts.push(receipt(code));
  return code === "13" ? "bad_element" : undefined;
};

/** A fold that stands at 10, what it was told in order, and how many records it takes. */
function standing(most = Number.POSITIVE_INFINITY) {
  const told: string[] = [];
  const fold: RecordFold = {
    next: 10,
    get isFull() {
      return told.filter((line) => line.startsWith("count")).length >= most;
    },
    skipTo(offset) {
      if (offset > this.next) told.push(`skip to ${offset}`);
      this.next = Math.max(this.next, offset);
    },
    count(receipts, unread, recordedAt) {
      const codes = receipts.map(({ code }) => code).join("+");
      told.push(`count ${codes || "nothing"} ${unread ?? "well"} at ${recordedAt}`);
    },
  };
  return { fold, told };
}

const at = (...offsets: readonly number[]): Told[] => offsets.map((offset) => ({ offset }));

describe("records are folded", () => {
  const rows = [
    {
      name: "each once, with its time and what could not be read of it",
      records: at(10, 13),
      end: 14,
      told: ["count 10 well at 100", "skip to 13", "count 13 bad_element at 130"],
    },
    {
      name: "also those that are no receipts by intent",
      records: at(10, 17),
      end: 18,
      told: ["count 10 well at 100", "skip to 17", "count nothing uplink at 170"],
    },
    {
      name: "but for those that are counted already",
      records: at(8, 9, 10),
      end: 11,
      told: ["count 10 well at 100"],
    },
    { name: "to the end, where offsets hold no record", records: at(), end: 15, told: ["skip to 15"] },
    {
      name: "to the end, and none behind it",
      records: at(10, 12),
      end: 12,
      told: ["count 10 well at 100", "skip to 12"],
    },
    { name: "not at all when all is counted", records: at(8, 9), end: 10, told: [] },
    {
      name: "without a look at one that is too large",
      records: [{ offset: 10, oversized: true as const }, ...at(11)],
      end: 12,
      told: ["count nothing too_large at 100", "count 11 well at 110"],
    },
  ];
  it.each(rows)("$name", ({ records, end, told: expected }) => {
    const { fold, told } = standing();
    foldRecords(fold, decode, recordsOf(records), end);
    expect(told).toEqual(expected);
    expect(fold.next).toBe(end);
  });

  it("until no more are taken: the rest is neither counted nor skipped", () => {
    const { fold, told } = standing(1);
    foldRecords(fold, decode, recordsOf(at(10, 11)), 20);
    expect(told).toEqual(["count 10 well at 100"]);
    expect(fold.next).toBe(11);
  });

  describe("until they pause, and the rest is neither counted nor skipped", () => {
    it.each([
      { name: "not at all", pausedFrom: -1, records: at(10, 11), told: [], next: 10 },
      { name: "as far as they came", pausedFrom: 1, records: at(10, 11, 12), told: [10, 11], next: 12 },
      { name: "up to one that is new", pausedFrom: 0, records: at(7, 8, 9, 10, 11), told: [10], next: 11 },
      { name: "to the end where none is new", pausedFrom: 0, records: at(7, 8), told: [], next: 20 },
    ])("$name", ({ pausedFrom, records, told: offsets, next }) => {
      const { fold, told } = standing();
      foldRecords(fold, decode, recordsOf(records, undefined, pausedFrom), 20);
      const counted = offsets.map((offset) => `count ${offset} well at ${10 * offset}`);
      expect(told).toEqual(next === 20 ? ["skip to 20"] : counted);
      expect(fold.next).toBe(next);
    });
  });

  it("at once where they can be, until they pause", () => {
    const { fold, told } = standing();
    const columns = {
      ...{ size: 0, numbers: new Int32Array(), kinds: [], offsets: new Int32Array(), baseOffset: 0 },
      ...{ recordedAt: new Float64Array(), sentAt: new Float64Array(), receivedAt: new Float64Array() },
    };
    fold.countRun = ({ records, end }) => {
      told.push(`count ${records} to ${end}`);
      fold.next = end;
    };
    // Two runs of three, then records that are decoded by themselves; after the next run they pause.
    const runs = [3, 3, 0, 0, 5, 3];
    let read = 0;
    const alone = recordsOf(at(16, 17, 18), undefined);
    const records: LogRecords = Object.defineProperties(Object.create(alone) as LogRecords, {
      isPaused: { get: () => read === 5 },
      readRun: {
        value: (_: unknown, from: number, to: number) => {
          expect(to).toBe(40);
          const size = runs[read++] ?? 0;
          return size === 0 ? undefined : { ...columns, records: size, end: from + size };
        },
      },
    });
    const runner: Decoder = Object.assign((...args: Parameters<Decoder>) => decode(...args), {
      readRun: () => undefined,
    });
    foldRecords(fold, runner, records, 40);
    expect(told).toEqual([
      ...["count 3 to 13", "count 3 to 16", "count 16 well at 160"],
      ...["count nothing uplink at 170", "count 18 well at 180", "count 5 to 24"],
    ]);
    expect(fold.next).toBe(24);
  });

  it("each by itself into a fold that counts no runs", () => {
    const { fold, told } = standing();
    const records: LogRecords = Object.defineProperty(recordsOf(at(10, 11)), "readRun", {
      value: () => expect.unreachable("a run was read"),
    });
    const runner: Decoder = Object.assign((...args: Parameters<Decoder>) => decode(...args), {
      readRun: () => undefined,
    });
    foldRecords(fold, runner, records, 12);
    expect(told).toEqual(["count 10 well at 100", "count 11 well at 110"]);
  });

  it("up to the damage, and from there again", () => {
    const { fold, told } = standing();
    const damage = new Error("bad checksum");
    expect(() => foldRecords(fold, decode, recordsOf(at(10, 11), damage), 20)).toThrow(damage);
    expect(fold.next).toBe(12);
    foldRecords(fold, decode, recordsOf(at(10, 11, 12)), 13);
    expect(told).toEqual(["count 10 well at 100", "count 11 well at 110", "count 12 well at 120"]);
  });
});
