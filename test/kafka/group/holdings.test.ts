import { describe, expect, it } from "vitest";
import { partitionKey } from "../../../src/kafka/partition-id.ts";
import { Brokers, fetched } from "./brokers.ts";
import { Driver } from "./driver.ts";
import { failureOf, ids, range, recordsAt, skippedIn, sumOf } from "./support.ts";

describe("Holdings load", () => {
  it("what is committed, of all partitions at once, and read nothing before", () => {
    const driver = new Driver(new Brokers({ t: [5, 5], u: [5] }), ["t", "u"]);
    driver.hang("committed").start();
    expect(driver.all("committed")).toHaveLength(1);
    expect(driver.last("committed").partitions.map(partitionKey)).toEqual(["t/0", "t/1", "u/0"]);
    expect([...driver.all("range"), ...driver.all("fetch")]).toEqual([]);
    expect([...driver.member.holdings.ledgers]).toEqual([]);
  });

  it("each partition for itself: one that is refused rests, the others are read", () => {
    const driver = new Driver(new Brokers({ t: [5, 5] }));
    driver.brokers.on.committed = ({ partitions }) => ({
      result: driver.brokers.read(partitions).map((entry) => ({
        ...entry,
        failure: entry.partition === 1 ? failureOf("topic_unauthorized") : undefined,
      })),
    });
    driver.start();
    expect(driver.ledger(0).next).toBe(5);
    expect(driver.partition(1)).toMatchObject({ standing: { name: "loading" }, ledger: undefined });
    const words = "can't be accessed: why topic_unauthorized";
    expect([driver.obstacle, driver.remarks]).toEqual([undefined, [`partition 1 of topic t ${words}`]]);
    driver.brokers.on.committed = ({ partitions }) => ({ result: driver.brokers.read(partitions) });
    driver.run(3_000);
    expect(driver.partition(1).standing.name).toBe("loading");
    // What was said of it is over when it is loaded, before anything is read.
    driver.hang("range").run(2_000);
    expect([driver.partition(1).standing.name, driver.remarks]).toEqual(["locating", []]);
  });

  it("a partition of which nothing is committed at once", () => {
    const driver = new Driver(new Brokers({ t: [5] }));
    driver.step({ kind: "tick" });
    driver.run(20);
    expect(driver.all("committed")).toHaveLength(1);
    expect(driver.ledger().next).toBe(5);
  });

  it("again while they are given less than they know to be committed, and believe it in the end", () => {
    const driver = new Driver(new Brokers({ t: [10] })).start().run(5_000);
    expect(driver.ledger().committedOffset).toBe(10);
    let older: readonly unknown[] = [];
    driver.brokers.on.committed = ({ partitions }) => {
      const result = driver.brokers
        .read(partitions)
        .map((entry) => ({ ...entry, offset: 4, metadata: null }));
      older = [...older, result];
      return { result };
    };
    driver.brokers.rebalancing = true;
    driver.until(() => older.length > 2);
    expect(driver.phase).toBe("counting");
    expect(driver.partition().standing.name).toBe("loading");
    // What it showed before it goes on showing, and nothing is counted in it.
    expect(driver.ledger()).toMatchObject({ next: 10, committedOffset: 10 });
    const { committed } = driver.brokers;
    driver.brokers.on.committed = ({ partitions }) => ({ result: driver.brokers.read(partitions) });
    driver.run(500);
    expect(driver.ledger()).toMatchObject({ origin: "snapshot", next: 10 });

    // Somebody has reset the offsets, with the group's consent.
    committed.set("t/0", { topic: "t", partition: 0, offset: 4, metadata: "" });
    const before = driver.all("committed").length;
    driver.brokers.rebalancing = true;
    driver.until(() => driver.ledger().origin === "offset_only");
    expect(driver.ledger().first).toBe(4);
    expect(driver.all("committed").length - before).toBe(11);
  });

  it("nothing where Kafka has deleted the offsets with the topic, and go on with what they counted", () => {
    const driver = new Driver(new Brokers({ t: [10] })).start().run(5_000);
    driver.brokers.remove("t");
    driver.brokers.make("t", ids.b, [4]);
    driver.brokers.rebalancing = true;
    driver.run(10_000);
    expect(driver.member.rebalances).toBe(2);
    const ledger = driver.ledger();
    expect([sumOf(ledger), ledger.next - ledger.first, ledger.next]).toEqual([14, 14, 4]);
    expect(ledger.committedOffset).toBe(4);
  });

  it("no counts of before when somebody else may have counted in between", () => {
    const driver = new Driver(new Brokers({ t: [10] })).start().run(5_000);
    const before = driver.ledger();
    driver.brokers.committed.clear();
    driver.brokers.generation += 3;
    driver.run(10_000);
    expect(driver.ledger()).toMatchObject({ origin: "new", first: 0, next: 10 });
    expect(driver.ledger()).not.toBe(before);
    expect(sumOf(driver.ledger())).toBe(10);
  });
});

describe("Holdings read", () => {
  it("what has a leader, and ask soon for the others", () => {
    const driver = new Driver(new Brokers({ t: [5, 5] }));
    driver.brokers.lead("t", [1, -1]);
    driver.start().run(10_000);
    expect(driver.ledger(0)).toMatchObject({ next: 5, committedOffset: 5 });
    expect([driver.obstacle, driver.remarks]).toEqual([undefined, ["partition 1 of topic t has no leader"]]);
    expect(driver.all("metadata").length).toBeGreaterThan(9);
    driver.brokers.lead("t", [1, 2]);
    driver.run(1_500);
    expect(driver.ledger(1).next).toBe(5);
    expect(driver.remarks).toEqual([]);
  });

  it("from another broker at once when the leader moves while it hangs, and pass over what comes late", () => {
    const driver = new Driver(new Brokers({ t: [5, 5] }), ["t"], { metadataIntervalMs: 2_000 }).start();
    driver.brokers.on.fetch = (ask) => (ask.broker === 1 ? undefined : driver.brokers.fetch(ask));
    driver.run(600);
    const late = driver.last("fetch");
    expect(late).toMatchObject({ broker: 1, partitions: [{ offset: 5 }, { offset: 5 }] });
    driver.brokers.lead("t", [1, 2]);
    driver.brokers.log("t", 1).high = 8;
    driver.run(1_500);
    expect(driver.last("fetch")).toMatchObject({ broker: 2, partitions: [{ partition: 1 }] });
    expect(driver.ledger(1).next).toBe(8);
    driver.reply(late, {
      result: late.partitions.map((from) => fetched(from, { records: recordsAt([5, 6]), end: 7, logEnd: 7 })),
    });
    const [stays, moved] = [driver.ledger(0), driver.ledger(1)];
    expect([stays.next, sumOf(stays), moved.next, sumOf(moved)]).toEqual([7, 7, 8, 8]);
  });

  it("in turn, so that the first of a broker does not fill every answer", () => {
    const driver = new Driver(new Brokers({ t: [0, 0, 0] })).start().run(2_000);
    const firsts = driver.all("fetch").map(({ partitions }) => partitions[0]?.partition);
    expect(new Set(firsts)).toEqual(new Set([0, 1, 2]));
    expect(driver.last("fetch").partitions).toHaveLength(3);
    expect(driver.last("fetch").partitions[0]).toMatchObject({ topicId: ids.a });
  });

  it("from the other brokers while one does not answer, and try that ever more slowly", () => {
    const brokers = new Brokers({ t: [5, 5] });
    brokers.lead("t", [1, 2]);
    const driver = new Driver(brokers).start();
    brokers.on.fetch = (ask) =>
      ask.broker === 2 ? { failure: failureOf("unreachable") } : brokers.fetch(ask);
    const before = driver.all("fetch").length;
    brokers.log("t", 0).high = 9;
    driver.run(20_000);
    expect(driver.ledger(0).committedOffset).toBe(9);
    const tries = driver
      .all("fetch")
      .slice(before)
      .filter(({ broker }) => broker === 2).length;
    // After 0.1, 0.2 … 1.6 and then every 2 seconds.
    expect(tries).toBeGreaterThan(10);
    expect(tries).toBeLessThan(17);
    expect(driver.all("metadata").length).toBeGreaterThan(9);
    expect(driver.member.holdings.silenceOf(2)).toBe("why unreachable");
    brokers.on.fetch = (ask) => brokers.fetch(ask);
    brokers.log("t", 1).high = 9;
    driver.run(3_000);
    expect(driver.ledger(1).next).toBe(9);
    expect(driver.member.holdings.silenceOf(2)).toBeUndefined();
    // It has answered, so that the next failure is its first.
    let failed = false;
    brokers.on.fetch = (ask) => {
      if (ask.broker === 1 || failed) return brokers.fetch(ask);
      failed = true;
      return { failure: failureOf("unreachable") };
    };
    brokers.log("t", 1).high = 12;
    driver.run(700);
    expect(driver.ledger(1).next).toBe(12);
  });

  it.each([
    ["topic_unauthorized", 5_000, "can't be accessed: why topic_unauthorized"],
    ["corrupt", 5_000, "can't be read: why corrupt"],
    ["not_leader", 500, "can't be read: why not_leader"],
    ["unknown", 500, "can't be read: why unknown"],
  ] as const)("the others while one answers %s, which rests for %i ms and goes on", (code, ms, words) => {
    const driver = new Driver(new Brokers({ t: [5, 5] })).start();
    const tries: number[] = [];
    let failing = true;
    driver.brokers.on.fetch = (ask) => {
      const reply = driver.brokers.fetch(ask);
      if (!("result" in reply) || !failing) return reply;
      const result = reply.result.map((part) => {
        if (part.partition !== 1) return part;
        tries.push(driver.now);
        return fetched(part, { failure: failureOf(code) });
      });
      return { ...reply, result };
    };
    for (const partition of [0, 1]) driver.brokers.log("t", partition).high = 9;
    driver.run(11_000);
    expect(driver.ledger(0).committedOffset).toBe(9);
    expect(driver.ledger(1).next).toBe(5);
    expect([driver.obstacle, driver.remarks]).toEqual([undefined, [`partition 1 of topic t ${words}`]]);
    expect(driver.partition(1).unreadable).toBe(code === "corrupt" ? tries.length : 0);
    const [first = 0, second = 0] = tries;
    expect(second - first).toBeGreaterThanOrEqual(ms);
    expect(second - first).toBeLessThan(ms + 1_100);
    failing = false;
    driver.run(ms + 1_100);
    expect([driver.ledger(1).next, driver.remarks]).toEqual([9, []]);
  });

  it("the others while one holds damaged records, and count what lies before", () => {
    const driver = new Driver(new Brokers({ t: [5, 5] })).start();
    driver.brokers.on.fetch = (ask) => {
      const reply = driver.brokers.fetch(ask);
      if (!("result" in reply)) return reply;
      const damaged = (from: number) =>
        recordsAt(range(from, 7), "a record's length does not match its fields");
      const result = reply.result.map((part) => {
        if (part.partition !== 1 || part.end === undefined) return part;
        return { ...part, records: damaged(driver.ledger(1).next) };
      });
      return { ...reply, result };
    };
    for (const partition of [0, 1]) driver.brokers.log("t", partition).high = 9;
    driver.run(12_000);
    expect(driver.ledger(0).committedOffset).toBe(9);
    expect(driver.ledger(1)).toMatchObject({ next: 7, committedOffset: 7 });
    expect(driver.partition(1).unreadable).toBe(3);
    expect(driver.remarks).toEqual([
      "partition 1 of topic t can't be read: a record's length does not match its fields",
    ]);
    driver.brokers.on.fetch = (ask) => driver.brokers.fetch(ask);
    driver.run(6_100);
    expect([driver.ledger(1).next, sumOf(driver.ledger(1)), driver.remarks]).toEqual([9, 9, []]);
    expect(skippedIn(driver.ledger(1))).toBe(0);
  });

  it("in several fetches where one takes too long, each partition from where it stands", () => {
    const driver = new Driver(new Brokers({ t: [5, 5] })).start();
    const asked: string[] = [];
    driver.brokers.on.fetch = ({ partitions }) => {
      asked.push(partitions.map(({ partition, offset }) => `${partition}@${offset}`).join(" "));
      // What is first in an answer takes a turn of two records, and nothing is left of it for the other.
      const result = partitions.map((from, place) => {
        const records = recordsAt(range(from.offset, 9), undefined, "012", place === 0 ? 2 : 0);
        return fetched(from, from.offset === 9 ? { logEnd: 9 } : { records, end: 9, logEnd: 9 });
      });
      return { result, afterMs: 100 };
    };
    driver.until(() => [0, 1].every((partition) => driver.ledger(partition).next === 9));
    expect(asked.filter((one) => one.startsWith("0")).slice(0, 2)).toEqual(["0@5 1@5", "0@7 1@7"]);
    expect([0, 1].map((partition) => sumOf(driver.ledger(partition)))).toEqual([9, 9]);
    expect([0, 1].map((partition) => skippedIn(driver.ledger(partition)))).toEqual([0, 0]);
  });
});
