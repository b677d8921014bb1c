import { describe, expect, it } from "vitest";
import type { AskOf } from "../../../src/kafka/group/asks.ts";
import { LostSnapshotError } from "../../../src/kafka/group/checkpointer.ts";
import { Commits } from "../../../src/kafka/group/commits.ts";
import { Requests } from "../../../src/kafka/group/requests.ts";
import { PartitionLedger } from "../../../src/ledger/partition-ledger.ts";
import { receipt } from "../../ledger/support.ts";
import { failureOf, logbook, planOf, settings } from "./support.ts";

const by = { broker: 1, memberId: "m1", generation: 3 };

function begin(proved = true) {
  const requests = new Requests();
  const commits = new Commits(settings, requests, logbook().log, 0);
  if (proved) commits.checkpointer.prove([], false);
  const ledger = new PartitionLedger("t", 0, planOf("t").openLedger(), { offset: -1, metadata: null }, 0, 0);
  const ledgers = () => [ledger];
  const count = (next: number) => {
    ledger.ledger.skip(next - ledger.next);
    ledger.next = next;
  };
  const step = (now: number, act: () => void) => {
    requests.begin(now);
    act();
    return requests.end();
  };
  /** What is asked at a moment, while all is well. */
  const pump = (now: number) => step(now, () => commits.pump(ledgers, by, now));
  /** The same at the end of a generation, and whether that has come. */
  const finish = (now: number) => {
    let done = false;
    const asked = step(now, () => {
      done = commits.finish(ledgers, by, now);
    });
    return { asked, done };
  };
  const answer = (ask: AskOf<"commit">, code?: string) => {
    requests.answered(ask);
    const failure = code === undefined ? undefined : failureOf(code);
    const result = ask.entries.map(({ topic, partition }) => ({ topic, partition, failure }));
    return commits.onCommit({ ask, result });
  };
  const refuse = (ask: AskOf<"commit">, code: string) => {
    requests.answered(ask);
    return commits.onCommit({ ask, failure: failureOf(code) });
  };
  const giveBack = (ask: AskOf<"committed">, now: number, offset: number, metadata: string | null) => {
    requests.answered(ask);
    commits.onReadBack(
      { ask, result: [{ topic: "t", partition: 0, offset, metadata, failure: undefined }] },
      now,
    );
  };
  return { requests, commits, ledger, count, step, pump, finish, answer, refuse, giveBack };
}

function commitOf(asks: readonly unknown[]): AskOf<"commit"> {
  expect(asks).toHaveLength(1);
  expect(asks[0]).toMatchObject({ kind: "commit", ...by });
  return asks[0] as AskOf<"commit">;
}

function readOf(asks: readonly unknown[]): AskOf<"committed"> {
  expect(asks).toHaveLength(1);
  expect(asks[0]).toMatchObject({ kind: "committed", broker: 1 });
  return asks[0] as AskOf<"committed">;
}

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

  describe("right after a scrape", () => {
    const scraped = () => {
      const begun = begin();
      const scrape = () => begun.ledger.expose().seen();
      begun.count(5);
      scrape();
      begun.answer(commitOf(begun.pump(5_000)));
      begun.count(9);
      return { ...begun, scrape };
    };

    it("come once a third of the interval is over, and then a whole one later", () => {
      const { count, pump, answer, scrape } = scraped();
      scrape();
      answer(commitOf(pump(6_667)));
      count(12);
      expect(pump(11_666)).toEqual([]);
      commitOf(pump(11_667));
    });

    it("come no sooner, nor when that scrape is past", () => {
      const { pump, scrape } = scraped();
      scrape();
      expect(pump(6_666)).toEqual([]);
      expect(pump(6_667)).toEqual([]);
      commitOf(pump(10_000));
    });

    it("have the zeros of what they commit behind them, so that the next scrape shows all of it", () => {
      const { ledger, pump, answer, scrape } = scraped();
      ledger.count([receipt("006")], undefined, Number.NaN);
      ledger.next++;
      scrape();
      answer(commitOf(pump(7_000)));
      expect(ledger.expose().view?.next).toBe(10);
    });

    it("are not tried again before their time when they were refused", () => {
      const { pump, refuse, scrape } = scraped();
      scrape();
      refuse(commitOf(pump(7_000)), "UNREACHABLE");
      scrape();
      expect(pump(9_000)).toEqual([]);
      commitOf(pump(12_000));
    });
  });

  describe("of zeros that a scrape has seen", () => {
    const held = () => {
      const begun = begin();
      begun.ledger.count([receipt("006")], undefined, Number.NaN);
      begun.ledger.next++;
      begun.answer(commitOf(begun.pump(5_000)));
      const { view, seen } = begun.ledger.expose();
      expect(view?.next).toBe(0);
      seen();
      return begun;
    };

    it("come before their time when they hold values back, so that the next scrape shows these", () => {
      const { ledger, pump, answer } = held();
      answer(commitOf(pump(5_001)));
      expect(ledger.expose().view?.next).toBe(1);
      expect(pump(5_002)).toEqual([]);
    });

    it("are not tried again before their time when the topic alone was refused", () => {
      const { pump, answer } = held();
      answer(commitOf(pump(5_001)), "TOPIC_AUTHORIZATION_FAILED");
      expect(pump(5_002)).toEqual([]);
      commitOf(pump(10_001));
    });

    it("are not tried again before their time when they were refused", () => {
      const { pump, refuse } = held();
      refuse(commitOf(pump(5_001)), "UNREACHABLE");
      expect(pump(5_002)).toEqual([]);
      commitOf(pump(10_001));
    });
  });

  it.each([
    "REBALANCE_IN_PROGRESS",
    "ILLEGAL_GENERATION",
    "UNKNOWN_MEMBER_ID",
    "FENCED_INSTANCE_ID",
    "NOT_COORDINATOR",
    "COORDINATOR_NOT_AVAILABLE",
    "GROUP_AUTHORIZATION_FAILED",
  ])("take %s of an entry for what it says of the group", (code) => {
    const { count, pump, answer } = begin();
    count(5);
    expect(answer(commitOf(pump(5_000)), code)).toEqual(failureOf(code));
  });

  it.each(["TOPIC_AUTHORIZATION_FAILED", "OFFSET_METADATA_TOO_LARGE", "UNKNOWN_TOPIC_OR_PARTITION"])(
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
    expect(refuse(first, "UNREACHABLE")).toEqual(failureOf("UNREACHABLE"));
    expect([commits.doubtful, commits.uncertain]).toEqual([false, false]);
    expect(refuse(commitOf(pump(10_000)), "NO_ANSWER")).toEqual(failureOf("NO_ANSWER"));
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
      refuse(commitOf(finish(100).asked), "REQUEST_TIMED_OUT");
      expect(finish(150)).toEqual({ asked: [], done: false });
      expect(requests.wakeAt).toBe(300);
      commitOf(finish(300).asked);
    });

    it("are done when the group takes nothing any more", () => {
      const { commits, count, finish, answer } = begin();
      count(5);
      commits.hurry(100);
      answer(commitOf(finish(100).asked), "ILLEGAL_GENERATION");
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
        commits.onReadBack({ ask: failed, failure: failureOf("NOT_COORDINATOR") }, now);
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
