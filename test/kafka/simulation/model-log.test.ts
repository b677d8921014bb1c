import { describe, expect, it } from "vitest";
import { none, tombstone } from "./alphabet.ts";
import { ModelLog } from "./model-log.ts";

/** What a reader counts: offset and kind of each record. */
function readAll(log: ModelLog, from: number, most = 100, back = 0) {
  const { records, end } = log.read(from, most, back);
  const read: [offset: number, kind: number][] = [];
  while (records.advance()) read.push([records.offset, records.bytes?.[records.start] ?? tombstone]);
  return { read, end };
}

describe("a log", () => {
  it("gives its records from an offset on, and nothing where none was", () => {
    const log = new ModelLog();
    log.append([0, none, 2, tombstone]);
    expect(readAll(log, 1)).toEqual({
      read: [
        [2, 2],
        [3, tombstone],
      ],
      end: 4,
    });
    expect(readAll(log, 1, 1)).toEqual({ read: [], end: 2 });
    expect(readAll(log, 2, 1, 2).read[0]).toEqual([0, 0]);
    expect(readAll(log, 4)).toEqual({ read: [], end: undefined });
  });

  it("holds back what lies behind the beginning of an open transaction", () => {
    const log = new ModelLog();
    log.append([0]);
    log.appendOpen([1, 1]);
    log.append([2]);
    expect([log.lastStable, log.highWatermark]).toEqual([1, 4]);
    expect(readAll(log, 0).end).toBe(1);
    log.endTransaction(true);
    expect(readAll(log, 1)).toEqual({
      read: [
        [1, 1],
        [2, 1],
        [3, 2],
      ],
      end: 5,
    });
  });

  it("has no records of a transaction that was aborted", () => {
    const log = new ModelLog();
    log.appendOpen([1, 1]);
    log.append([2]);
    log.endTransaction(false);
    expect(readAll(log, 0)).toEqual({ read: [[2, 2]], end: 4 });
  });

  it("is shorter to a leader that is new to it, until that knows better", () => {
    const log = new ModelLog();
    log.append([0, 1, 2]);
    log.unsettle(2);
    expect([log.highWatermark, log.end, log.settled]).toEqual([1, 3, false]);
    expect(readAll(log, 1)).toEqual({ read: [], end: undefined });
    log.settle();
    expect(readAll(log, 1).end).toBe(3);
  });

  it("remembers how far retention went beyond what was counted", () => {
    const log = new ModelLog();
    log.append([0, 1, 2, 3]);
    log.deleteTo(2, 2);
    expect([log.low, log.deletedTo]).toEqual([2, 0]);
    log.deleteTo(4, 3);
    expect([log.low, log.deletedTo]).toEqual([4, 4]);
  });
});
