import { describe, expect, it } from "vitest";
import { LostSnapshotError } from "../../../src/kafka/group/checkpointer.ts";
import { begin, commitOf, readOf } from "./committing.ts";
import { failureOf } from "./support.ts";

describe("Commits", () => {
  it("commit what has changed, every interval, one round after the other", () => {
    const { requests, ledger, count, pump, answer } = begin();
    count(5);
    expect(pump(4_999)).toEqual([]);
    expect(requests.wakeAt).toBe(5_000);
    const ask = commitOf(pump(5_000));
    expect(ask.entries).toMatchObject([{ topic: "t", partition: 0, offset: 5 }]);
    count(9);
    expect(pump(10_000)).toEqual([]);
    expect(answer(ask)).toBeUndefined();
    expect(ledger.committedOffset).toBe(5);
    expect(commitOf(pump(10_001)).entries).toMatchObject([{ offset: 9 }]);
  });

  it("keep the beat of the interval when a round was late", () => {
    const { requests, count, pump, answer } = begin();
    count(5);
    answer(commitOf(pump(16_400)));
    count(9);
    expect(pump(19_999)).toEqual([]);
    expect(requests.wakeAt).toBe(20_000);
    commitOf(pump(20_000));
  });

  it("look again after an interval when nothing has changed", () => {
    const { count, pump } = begin();
    expect(pump(5_000)).toEqual([]);
    count(5);
    expect(pump(9_999)).toEqual([]);
    commitOf(pump(10_000));
  });

  it.each(["rebalancing", "fenced", "unknown_member", "no_coordinator", "group_unauthorized"] as const)(
    "take %s of an entry for what it says of the group",
    (code) => {
      const { count, pump, answer } = begin();
      count(5);
      expect(answer(commitOf(pump(5_000)), code)).toEqual(failureOf(code));
    },
  );

  it.each(["topic_unauthorized", "metadata_too_large", "unknown_topic"] as const)(
    "take %s of an entry for its own matter",
    (code) => {
      const { commits, count, pump, answer } = begin();
      count(5);
      expect(answer(commitOf(pump(5_000)), code)).toBeUndefined();
      expect(commits.checkpointer.lastFailure).toBe(`why ${code}`);
    },
  );

  it("are in doubt after no answer, and after nothing else, until another generation begins", () => {
    const { commits, count, pump, refuse } = begin();
    count(5);
    const first = commitOf(pump(5_000));
    expect([commits.doubtful, commits.uncertain]).toEqual([false, true]);
    expect(refuse(first, "unreachable")).toEqual(failureOf("unreachable"));
    expect([commits.doubtful, commits.uncertain]).toEqual([false, false]);
    expect(refuse(commitOf(pump(10_000)), "no_answer")).toEqual(failureOf("no_answer"));
    expect([commits.doubtful, commits.uncertain]).toEqual([true, true]);
    commits.renew();
    expect([commits.doubtful, commits.uncertain]).toEqual([false, false]);
  });

  it("wait for no answer of the generation before", () => {
    const { requests, commits, count, pump } = begin();
    count(5);
    const ask = commitOf(pump(5_000));
    commits.renew();
    expect(requests.answered(ask)).toBeUndefined();
    commitOf(pump(10_000));
  });

  describe("at the end of a generation", () => {
    it("are done at once when nothing is left", () => {
      const { finish } = begin();
      expect(finish(100)).toEqual({ asked: [], done: true });
    });

    it("commit what is left at once, and are done when it is accepted", () => {
      const { commits, count, finish, answer } = begin();
      count(5);
      expect(finish(100)).toEqual({ asked: [], done: false });
      commits.hurry(100);
      const { asked, done } = finish(100);
      expect(done).toBe(false);
      expect(finish(150)).toEqual({ asked: [], done: false });
      answer(commitOf(asked));
      expect(finish(160)).toEqual({ asked: [], done: true });
    });

    it("try again every 200 ms while it fails", () => {
      const { requests, commits, count, finish, refuse } = begin();
      count(5);
      commits.hurry(100);
      refuse(commitOf(finish(100).asked), "other");
      expect(finish(150)).toEqual({ asked: [], done: false });
      expect(requests.wakeAt).toBe(300);
      commitOf(finish(300).asked);
    });

    it("are done when the group takes nothing any more", () => {
      const { commits, count, finish, answer } = begin();
      count(5);
      commits.hurry(100);
      answer(commitOf(finish(100).asked), "fenced");
      expect(finish(100)).toEqual({ asked: [], done: true });
    });

    it("wait for the round that is under way, and for the first to be read back", () => {
      const { ledger, commits, count, pump, finish, answer, giveBack } = begin(false);
      count(5);
      const ask = commitOf(pump(5_000));
      commits.hurry(5_010);
      expect(finish(5_010)).toEqual({ asked: [], done: false });
      answer(ask);
      const read = readOf(finish(5_020).asked);
      expect(read.partitions).toEqual(ask.entries);
      giveBack(read, 5_030, 5, ask.entries[0]?.metadata ?? "");
      expect(finish(5_030)).toEqual({ asked: [], done: true });
      expect(ledger.committedOffset).toBe(5);
    });
  });

  describe("of a new generation", () => {
    it("are read back, again every 200 ms, and commit nothing else until then", () => {
      const { requests, ledger, count, pump, answer, giveBack } = begin(false);
      count(5);
      const ask = commitOf(pump(5_000));
      answer(ask);
      giveBack(readOf(pump(5_010)), 5_020, -1, null);
      expect(pump(5_219)).toEqual([]);
      expect(requests.wakeAt).toBe(5_220);
      const again = readOf(pump(5_220));
      expect(pump(12_000)).toEqual([]);
      giveBack(again, 12_000, 5, ask.entries[0]?.metadata ?? "");
      expect(ledger.committedOffset).toBe(5);
      count(9);
      const next = commitOf(pump(12_010));
      answer(next);
      expect(pump(12_020)).toEqual([]);
      expect(ledger.committedOffset).toBe(9);
    });

    it("are lost when they are not there after 25 times, failures not counted", () => {
      const { commits, requests, count, pump, answer, giveBack } = begin(false);
      count(5);
      answer(commitOf(pump(5_000)));
      let now = 5_000;
      const read = () => {
        now += 200;
        return readOf(pump(now));
      };
      for (let time = 1; time < 25; time++) {
        giveBack(read(), now, 4, null);
        const failed = read();
        requests.answered(failed);
        commits.onReadBack({ ask: failed, failure: failureOf("no_coordinator") }, now);
      }
      expect(() => giveBack(read(), now, 4, null)).toThrow(LostSnapshotError);
    });

    it("count the times anew", () => {
      const { commits, count, pump, answer, giveBack } = begin(false);
      count(5);
      for (let round = 1; round <= 2; round++) {
        answer(commitOf(pump(round * 100_000)));
        for (let time = 1; time < 25; time++) {
          const now = round * 100_000 + time * 200;
          giveBack(readOf(pump(now)), now, 4, null);
        }
        commits.renew();
      }
    });
  });
});
