import { describe, expect, it } from "vitest";
import type { FailureCode } from "../../../src/kafka/failure.ts";
import { Brokers, fetched } from "./brokers.ts";
import { Driver } from "./driver.ts";
import { failureOf, ids } from "./support.ts";

/** A member that counts, of these topics. */
function counting(topics: Readonly<Record<string, readonly number[]>>, names = Object.keys(topics)): Driver {
  const driver = new Driver(new Brokers(topics), names, { metadataIntervalMs: 2_000 });
  return driver.start().run(6_000);
}

/** Has another lead the group, so that this one gets what it is told. */
function follow(driver: Driver, share: Readonly<Record<string, readonly number[]>>): Driver {
  driver.brokers.on.join = (ask) => {
    const reply = driver.brokers.join(ask);
    return "failure" in reply ? reply : { result: { ...reply.result, leader: false, members: [] } };
  };
  driver.brokers.on.sync = () => ({ result: share });
  return driver;
}

/** Has a fetch of these partitions fail, and the others go on. */
function failing(driver: Driver, code: FailureCode, ...keys: readonly string[]): Driver {
  driver.brokers.on.fetch = (ask) => {
    const reply = driver.brokers.fetch(ask);
    if (!("result" in reply)) return reply;
    const result = reply.result.map((part) =>
      keys.includes(`${part.topic}/${part.partition}`) ? fetched(part, { failure: failureOf(code) }) : part,
    );
    return { ...reply, result };
  };
  return driver;
}

const said = (driver: Driver) => ({ obstacle: driver.obstacle, remarks: driver.remarks });
const ready = { obstacle: undefined, remarks: [] };

describe("a member is ready", () => {
  it("when it counts, whether there is anything to count or not", () => {
    expect(said(counting({ t: [10, 0] }))).toEqual(ready);
  });

  it("when the group has more members than partitions, and this one has none", () => {
    const driver = follow(new Driver(new Brokers({ t: [5] })), {}).start();
    driver.brokers.on.owners = () => ({ result: { t: [0] } });
    expect(said(driver.run(60_000))).toEqual(ready);
  });

  it("although one of two topics does not exist, and says so", () => {
    expect(said(counting({ t: [10] }, ["t", "u"]))).toEqual({
      obstacle: undefined,
      remarks: ["topic u does not exist; it will be read as soon as it does"],
    });
  });

  it.each([
    ["topic_unauthorized", "can't be accessed: why topic_unauthorized"],
    ["other", "can't be read: why other"],
  ] as const)("although nothing can be said of one of two topics: %s", (code, words) => {
    const brokers = new Brokers({ t: [10] });
    brokers.troubled.set("u", failureOf(code));
    const driver = new Driver(brokers, ["t", "u"]).start();
    expect(said(driver)).toEqual({ obstacle: undefined, remarks: [`topic u ${words}`] });
  });

  it.each([
    ["corrupt", "can't be read: why corrupt"],
    ["topic_unauthorized", "can't be accessed: why topic_unauthorized"],
    ["unknown", "can't be read: why unknown"],
  ] as const)("although one of two partitions stands still, and says why: %s", (code, words) => {
    const driver = failing(counting({ t: [10, 10] }), code, "t/1").run(60_000);
    expect(said(driver)).toEqual({ obstacle: undefined, remarks: [`partition 1 of topic t ${words}`] });
  });

  it("although one of two partitions has no leader", () => {
    const driver = counting({ t: [10, 10] });
    driver.brokers.lead("t", [1, -1]);
    expect(said(driver.run(60_000))).toEqual({
      obstacle: undefined,
      remarks: ["partition 1 of topic t has no leader"],
    });
  });

  it("although partitions belong to nobody, which another member has to mend", () => {
    const driver = counting({ t: [10, 10, 10], u: [5] });
    driver.brokers.on.owners = () => ({ result: { t: [0], u: [0] } });
    driver.run(30_000);
    expect(said(driver)).toEqual({
      obstacle: undefined,
      remarks: ["2 partitions of topic t are not owned by any member of the group g"],
    });
    driver.brokers.on.owners = () => ({ result: { t: [0, 1], u: [0] } });
    expect(driver.run(30_000).remarks).toEqual([
      "1 partition of topic t is not owned by any member of the group g",
    ]);
  });
});

describe("a member is not ready, and says", () => {
  it.each([
    ["unreachable", "no broker can be reached: why unreachable"],
    ["no_answer", "no broker can be reached: why no_answer"],
    ["unsupported_version", "the broker returned an error: why unsupported_version"],
  ] as const)("why the cluster can't be asked: %s", (code, sentence) => {
    const driver = new Driver();
    driver.brokers.on.metadata = () => ({ failure: failureOf(code) });
    driver.hang("coordinator");
    expect(said(driver.start())).toEqual({ obstacle: sentence, remarks: [] });
  });

  it.each([
    ["login_refused", "the login is rejected: why login_refused"],
    ["group_unauthorized", "the broker returned an error: why group_unauthorized"],
  ] as const)("why the coordinator can't be asked: %s", (code, sentence) => {
    const driver = new Driver();
    driver.brokers.on.coordinator = () => ({ failure: failureOf(code) });
    expect(said(driver.start())).toEqual({ obstacle: sentence, remarks: [] });
  });

  it("that the group is another program's", () => {
    const driver = new Driver();
    driver.brokers.on.join = () => ({ failure: failureOf("foreign_group") });
    expect(driver.start().obstacle).toBe("the group g has members of another program; use another group");
  });

  it("that nothing is known of the cluster, though the group has given it its share", () => {
    const driver = follow(new Driver(), { t: [0] }).hang("metadata");
    expect(driver.start().phase).toBe("counting");
    expect(driver.run(3_000).obstacle).toBe("connecting to the brokers");
    driver.answer("metadata", { failure: failureOf("unreachable") });
    expect(driver.obstacle).toBe("no broker can be reached: why unreachable");
  });

  it("that it loads what is committed", () => {
    const driver = new Driver().hang("committed").start();
    expect(said(driver)).toEqual({ obstacle: "loading the committed counts", remarks: [] });
  });

  it("that its topics do not exist yet", () => {
    expect(said(counting({}, ["t", "u"]))).toEqual({
      obstacle: "none of the topics exists yet: t, u",
      remarks: [],
    });
  });

  it("that it may not see any of its topics", () => {
    const brokers = new Brokers({});
    for (const topic of ["t", "u"]) brokers.troubled.set(topic, failureOf("topic_unauthorized"));
    expect(said(new Driver(brokers, ["t", "u"]).start())).toEqual({
      obstacle: "no partition can be read: topic t can't be accessed: why topic_unauthorized",
      remarks: ["topic u can't be accessed: why topic_unauthorized"],
    });
    brokers.troubled.delete("t");
    expect(said(new Driver(brokers, ["t", "u"]).start())).toEqual({
      obstacle: "no partition can be read: topic u can't be accessed: why topic_unauthorized",
      remarks: ["topic t does not exist; it will be read as soon as it does"],
    });
  });

  it("what stops all of its partitions, and of the others what stops them", () => {
    const driver = failing(counting({ t: [10, 10] }), "topic_unauthorized", "t/0");
    driver.brokers.lead("t", [1, -1]);
    driver.run(20_000);
    expect(said(driver)).toEqual({
      obstacle: "no partition can be read: partition 0 of topic t can't be accessed: why topic_unauthorized",
      remarks: ["partition 1 of topic t has no leader"],
    });
  });

  it("for how long the group has not been reached", () => {
    const driver = counting({ t: [10] });
    driver.hang("heartbeat").run(32_000);
    const sentence = /^no heartbeat for 3\d s$/;
    expect(driver.obstacle).toMatch(sentence);
    driver.brokers.on.coordinator = () => ({ failure: failureOf("unreachable") });
    driver.answer("heartbeat", { failure: failureOf("no_answer") });
    driver.run(300);
    expect(driver.obstacle).toMatch(/ for 3\d s: no broker can be reached: why unreachable$/);
  });

  it("that the group refuses it", () => {
    const driver = counting({ t: [10] });
    driver.brokers.on.heartbeat = () => ({ failure: failureOf("group_unauthorized") });
    driver.run(3_000);
    expect(driver.obstacle).toBe("the broker returned an error: why group_unauthorized");
  });

  it("for how long counts have waited for a commit, and why", () => {
    const driver = counting({ t: [10] });
    driver.brokers.log("t", 0).high = 20;
    driver.hang("commit").until(() => driver.all("commit").length === 2);
    expect(driver.run(14_900).obstacle).toBeUndefined();
    driver.run(200);
    expect(driver.obstacle).toMatch(/^counts have not been committed for 1\d s: no answer yet$/);
    driver.answer("commit", {
      result: [{ topic: "t", partition: 0, failure: failureOf("request_too_large") }],
    });
    expect(driver.obstacle).toMatch(/ for 1\d s: why request_too_large$/);
  });

  it("waits three intervals for a commit where those are long", () => {
    const driver = new Driver(new Brokers({ t: [10] }), ["t"], { commitIntervalMs: 60_000 }).start();
    driver.hang("commit").run(60_000 + 170_000);
    expect(driver.obstacle).toBeUndefined();
    driver.run(20_000);
    expect(driver.obstacle).toMatch(/^counts have not been committed for 1[89]\d s/);
  });

  it("waits 15 seconds for a commit where intervals are short", () => {
    const driver = new Driver(new Brokers({ t: [10] }), ["t"], { commitIntervalMs: 100 })
      .hang("commit")
      .start();
    expect(driver.run(14_000).obstacle).toBeUndefined();
    expect(driver.run(2_000).obstacle).toMatch(/^counts have not been committed for 1[67] s/);
  });

  it("what stands in its own way alone, while it does not count", () => {
    const driver = counting({ t: [10] }, ["t", "u"]);
    expect(driver.remarks).toHaveLength(1);
    driver.brokers.rebalancing = true;
    driver.hang("join").run(4_000);
    expect(said(driver)).toEqual({ obstacle: "the group is rebalancing", remarks: [] });
  });

  it("which broker answers no fetch, for how long, and why", () => {
    const driver = counting({ t: [10, 10, 10] });
    driver.brokers.lead("t", [1, 2, 2]);
    driver.brokers.on.fetch = (ask) => (ask.broker === 2 ? undefined : driver.brokers.fetch(ask));
    driver.until(() => driver.last("fetch").broker === 2);
    expect(driver.run(14_000).obstacle).toBeUndefined();
    driver.run(1_500);
    expect(driver.obstacle).toMatch(
      /^broker 2 \(two:9092\) has not answered a fetch for 1\d s; 2 partitions wait for it: no answer$/,
    );
    driver.answer("fetch", { failure: failureOf("no_answer") });
    expect(driver.obstacle).toMatch(/; 2 partitions wait for it: why no_answer$/);
    driver.brokers.lead("t", [1, 2, 1]);
    driver.run(3_000);
    expect(driver.obstacle).toMatch(/; 1 partition waits for it: why no_answer$/);
    driver.brokers.on.fetch = (ask) => driver.brokers.fetch(ask);
    driver.answer("fetch", driver.brokers.fetch(driver.last("fetch")));
    expect(driver.run(3_000).obstacle).toBeUndefined();
  });

  it("that what a slow link brings is old", () => {
    const driver = counting({ t: [10, 10] });
    driver.brokers.lead("t", [1, 2]);
    const slow = { afterMs: 20_000 };
    driver.brokers.on.fetch = (ask) => ({ ...driver.brokers.fetch(ask), ...(ask.broker === 2 ? slow : {}) });
    driver.until(() => driver.last("fetch").broker === 2);
    driver.run(60_000);
    for (let second = 0; second < 40; second++) {
      expect(driver.run(1_000).obstacle).toMatch(
        /^broker 2 \(two:9092\) has not answered a fetch for [1-4]\d s; 1/,
      );
    }
    driver.brokers.on.fetch = (ask) => driver.brokers.fetch(ask);
    expect(driver.run(21_000).obstacle).toBeUndefined();
  });

  it("that a broker can't be read from, though what it said last was something else", () => {
    const driver = counting({ t: [10, 10] });
    driver.brokers.lead("t", [1, 2]);
    driver.until(() => driver.last("fetch").broker === 2);
    // It has just lost a partition, and is then away for good.
    failing(driver, "not_leader", "t/1").run(1_000);
    // That a leader moves is no news.
    expect(said(driver)).toMatchObject({ obstacle: undefined, remarks: [] });
    const { fetch } = driver.brokers.on;
    driver.brokers.on.fetch = (ask) =>
      ask.broker === 2 ? { failure: failureOf("unreachable") } : fetch(ask);
    driver.run(14_000);
    expect(driver.obstacle).toBeUndefined();
    driver.run(8_000);
    expect(driver.obstacle).toMatch(/^broker 2 \(two:9092\) has not answered a fetch for \d+ s; 1 partition/);
  });

  it("that a partition which is damaged rests, and its broker is well", () => {
    const driver = failing(counting({ t: [10, 10] }), "corrupt", "t/0", "t/1").run(60_000);
    expect(driver.obstacle).toBe(
      "no partition can be read: partition 0 of topic t can't be read: why corrupt (and 1 more)",
    );
  });

  it("nothing of topics that were made anew in between", () => {
    const driver = counting({ t: [10] });
    driver.brokers.make("t", ids.b, [4]);
    expect(said(driver.run(3_000))).toEqual(ready);
  });
});
