import { describe, expect, it } from "vitest";
import { Brokers, fetched } from "./brokers.ts";
import { Driver } from "./driver.ts";
import { ids, recordsAt, skippedIn, sumOf } from "./support.ts";

/** A member that has counted so much of each partition, and committed it. */
function counted(topics: Readonly<Record<string, readonly number[]>>, names = Object.keys(topics)): Driver {
  return new Driver(new Brokers(topics), names).start().run(5_000);
}

/** That it is all counted, and nothing twice. */
function expectExact(driver: Driver, records: number, partition = 0, topic = "t"): void {
  const ledger = driver.ledger(partition, topic);
  expect([sumOf(ledger), ledger.next - ledger.first]).toEqual([records, records]);
}

describe("Holdings, when the log is not what it was", () => {
  it("pass over what retention has deleted", () => {
    const driver = counted({ t: [10, 10] });
    Object.assign(driver.brokers.log("t", 0), { low: 40, high: 50 });
    driver.run(6_000);
    expect(driver.ledger()).toMatchObject({ first: 0, next: 50, committedOffset: 50 });
    expect(skippedIn(driver.ledger())).toBe(30);
    expectExact(driver, 50);
    expectExact(driver, 10, 1);
  });

  it("wait where it ends too early, ask the cluster and once more, then go on at its end", () => {
    const driver = counted({ t: [50, 10] });
    const [ranges, metadata] = [driver.all("range").length, driver.all("metadata").length];
    driver.brokers.log("t", 0).high = 30;
    driver.until(() => driver.all("range").length > ranges).run(400);
    expect(driver.all("range")).toHaveLength(ranges + 1);
    expect(driver.all("metadata")).toHaveLength(metadata + 1);
    const [partition] = driver.member.holdings.partitions;
    expect(partition?.obstacle?.words).toBe("ends at 30, before the offset counted so far");
    driver.brokers.log("t", 0).high = 33;
    driver.run(110);
    expect(driver.all("range")).toHaveLength(ranges + 2);
    driver.brokers.log("t", 0).high = 40;
    driver.run(6_000);
    expect(driver.ledger()).toMatchObject({ next: 40, committedOffset: 40 });
    expectExact(driver, 57);
    expect(driver.remarks).toEqual([]);
  });

  it("wait for a leader that did not know yet how far it goes", () => {
    const driver = counted({ t: [50] });
    driver.brokers.log("t", 0).high = 30;
    const ranges = driver.all("range").length;
    driver.until(() => driver.all("range").length > ranges).run(100);
    driver.brokers.log("t", 0).high = 60;
    driver.run(1_000);
    expect(driver.ledger().next).toBe(60);
    expectExact(driver, 60);
  });

  it("go on at the start of a log that ends too early where topics have no id", () => {
    const brokers = new Brokers();
    brokers.make("t", undefined, [50]);
    const driver = new Driver(brokers).start().run(5_000);
    Object.assign(driver.brokers.log("t", 0), { low: 2, high: 6 });
    driver.run(6_000);
    expect(driver.ledger()).toMatchObject({ next: 6, committedOffset: 6 });
    expectExact(driver, 54);
  });

  it.each(["by its id", "by its name"])(
    "count a topic that was made anew from its start, fetched %s",
    (how) => {
      const driver = counted({ t: [50] });
      if (how === "by its name") {
        // A broker before 3.1 knows of ids, and fetches without.
        driver.brokers.on.fetch = (ask) => {
          const partitions = ask.partitions.map((from) => ({ ...from, topicId: undefined }));
          return driver.brokers.fetch({ ...ask, partitions });
        };
      }
      driver.brokers.remove("t");
      driver.brokers.make("t", ids.b, [4]);
      driver.run(7_000);
      expectExact(driver, 54);
      expect(driver.ledger()).toMatchObject({ next: 4, committedOffset: 4 });
      driver.brokers.log("t", 0).high = 6;
      driver.run(6_000);
      expectExact(driver, 56);
      // Another instance goes on from there.
      const next = new Driver(driver.brokers).start();
      expectExact(next, 56);
      expect(next.partition().standing.name).toBe("reading");
    },
  );

  it("take no records of the log before for those of the new one", () => {
    const driver = new Driver(new Brokers({ t: [0] }), ["t"], { metadataIntervalMs: 2_000 }).start();
    driver.hang("fetch").run(600);
    const late = driver.last("fetch");
    driver.brokers.make("t", ids.b, [3]);
    driver.until(() => driver.all("range").length === 2).run(10);
    expect(driver.partition().standing).toMatchObject({ name: "reading" });
    // At the same offset, of the topic that is gone.
    const [from] = late.partitions;
    expect(from).toMatchObject({ topicId: ids.a, offset: 0 });
    driver.reply(late, {
      result: [fetched(from ?? expect.fail(), { records: recordsAt([0, 1]), end: 2, logEnd: 2 })],
    });
    expect(driver.ledger().next).toBe(0);
    driver.brokers.on.fetch = (ask) => driver.brokers.fetch(ask);
    driver.answer("fetch", driver.brokers.fetch(driver.last("fetch")));
    expectExact(driver, 3);
  });

  it("take no range of the log before for that of the new one", () => {
    const driver = counted({ t: [10] });
    Object.assign(driver.brokers.log("t", 0), { low: 40, high: 50 });
    const before = driver.all("range").length;
    driver.hang("range").until(() => driver.all("range").length > before);
    const late = driver.last("range");
    driver.brokers.make("t", ids.b, [3]);
    driver.until(() => driver.all("range").length > before + 1);
    driver.reply(late, {
      result: [{ topic: "t", partition: 0, failure: undefined, range: { low: 40, high: 50 } }],
    });
    expect(driver.ledger().next).toBe(10);
    driver.answer("range", {
      result: [{ topic: "t", partition: 0, failure: undefined, range: { low: 0, high: 3 } }],
    });
    driver.run(1_000);
    expectExact(driver, 13);
    expect(skippedIn(driver.ledger())).toBe(0);
  });

  it("pass over the records of a leader that was deposed, behind the end of the log that there is", () => {
    const driver = counted({ t: [50] });
    driver.hang("fetch").run(600);
    const late = driver.last("fetch");
    driver.brokers.on.fetch = (ask) => driver.brokers.fetch(ask);
    driver.brokers.lead("t", [2]);
    driver.brokers.log("t", 0).high = 30;
    driver.until(() => driver.ledger().next === 30);
    const { broker, partitions } = late;
    expect([broker, partitions[0]?.offset]).toEqual([1, 50]);
    const stray = { records: recordsAt([50, 51]), end: 52, logEnd: 52 };
    driver.reply(late, { result: partitions.map((from) => fetched(from, stray)) });
    driver.brokers.log("t", 0).high = 33;
    driver.run(1_000);
    expect(driver.ledger().next).toBe(33);
    expect(skippedIn(driver.ledger())).toBe(0);
    expectExact(driver, 53);
  });

  it("find out by what is committed that a topic was made anew while nobody counted", () => {
    const before = counted({ t: [10] })
      .stop()
      .run(1_000);
    before.brokers.make("t", ids.b, [20]);
    before.brokers.generation++;
    const driver = new Driver(before.brokers);
    driver.hang("range").start();
    // Nothing is read of it at the offset where the other log was left.
    expect(driver.all("fetch")).toEqual([]);
    driver.answer("range", {
      result: [{ topic: "t", partition: 0, failure: undefined, range: { low: 0, high: 20 } }],
    });
    driver.run(1_000);
    expectExact(driver, 30);
  });

  it("go on with a topic that comes back", () => {
    const driver = counted({ t: [10], u: [10] });
    const before = driver.ledger(0, "u");
    driver.brokers.remove("u");
    driver.brokers.log("t", 0).high = 20;
    driver.run(60_000);
    expectExact(driver, 20);
    expect(driver.ledger().committedOffset).toBe(20);
    expect(driver.ledger(0, "u")).toBe(before);
    expect([driver.obstacle, driver.remarks]).toEqual([
      undefined,
      ["topic u does not exist; it will be read as soon as it does"],
    ]);
    driver.brokers.make("u", ids.b, [3]);
    driver.run(10_000);
    expectExact(driver, 13, 0, "u");
    expect(driver.brokers.committed.get("u/0")?.offset).toBe(3);
  });

  it("do not hold the others up by counts of a deleted topic, which nobody takes", () => {
    const driver = counted({ t: [10], u: [10] });
    for (const topic of ["t", "u"]) driver.brokers.log(topic, 0).high = 20;
    driver.run(1_100);
    expect(driver.ledger(0, "u")).toMatchObject({ next: 20, committedOffset: 10 });
    driver.brokers.remove("u");
    driver.run(60_000);
    expect(driver.obstacle).toBeUndefined();
    expect(driver.ledger().committedOffset).toBe(20);
    const { failures } = driver.member.commits.checkpointer;
    expect(failures.broker).toBe(0);
    // They are still there, and said to be.
    expect(driver.member.holdings.uncommitted).toBe(10);
    const commits = driver.all("commit").length;
    driver.stop().run(100);
    expect(driver.phase).toBe("left");
    expect(driver.all("commit")).toHaveLength(commits);
    expect(driver.member.holdings.uncommitted).toBe(10);
  });
});
