import { describe, expect, it } from "vitest";
import { Brokers } from "./brokers.ts";
import { Driver } from "./driver.ts";
import { failureOf, ids, sumOf } from "./support.ts";

describe("GroupMember on its way to counting", () => {
  it("asks for an id, joins, shares out, loads, reads, and commits", () => {
    const driver = new Driver(new Brokers({ t: [3, 2] }));
    const first = driver.step({ kind: "tick" });
    expect(first.map(({ kind }) => kind)).toEqual(["metadata", "coordinator"]);
    driver.run(50);
    expect(driver.path).toEqual(["joining", "assigning", "syncing", "counting"]);
    expect(driver.all("join").map(({ memberId }) => memberId)).toEqual(["", "m1"]);
    expect(driver.last("sync").shares).toEqual(new Map([["m1", { t: [0, 1] }]]));
    expect(driver.last("sync")).toMatchObject({ broker: 1, memberId: "m1", generation: 1 });
    // What the leader knew of the cluster may be old: it asks again before it shares out.
    expect(driver.asked.map(({ kind }) => kind)).toEqual([
      ...["metadata", "coordinator", "join", "join", "metadata", "sync"],
      ...["committed", "range", "fetch", "fetch"],
    ]);
    expect(driver.last("committed").partitions).toEqual([
      { topic: "t", partition: 0 },
      { topic: "t", partition: 1 },
    ]);
    expect(driver.ledger(0)).toMatchObject({ first: 0, next: 3, committedOffset: 0 });
    expect(sumOf(driver.ledger(0))).toBe(3);
    expect(driver.all("commit")).toEqual([]);
    driver.run(5_000);
    expect(driver.all("commit")).toHaveLength(1);
    expect(driver.last("commit")).toMatchObject({ broker: 1, memberId: "m1", generation: 1 });
    expect(driver.ledger(0).committedOffset).toBe(3);
    expect(driver.brokers.committed.get("t/1")?.offset).toBe(2);
    expect(driver.lines).toContain("info joined the group");
    expect(driver.member.rebalances).toBe(1);
  });

  it("goes straight to its share when another leads the group", () => {
    const driver = new Driver(new Brokers({ t: [3, 3] }));
    driver.brokers.on.join = (ask) => {
      const reply = driver.brokers.join(ask);
      return "failure" in reply ? reply : { result: { ...reply.result, leader: false, members: [] } };
    };
    driver.brokers.on.sync = () => ({ result: { t: [1], other: [0] } });
    driver.start();
    expect(driver.path).toEqual(["joining", "syncing", "counting"]);
    expect(driver.last("sync").shares.size).toBe(0);
    // A topic that it did not subscribe to is not its own, whatever the leader says.
    expect([...driver.member.holdings.partitions].map(({ key }) => key)).toEqual(["t/1"]);
    expect(driver.ledger(1).next).toBe(3);
  });

  it("says in every phase why it does not count yet", () => {
    const driver = new Driver(new Brokers());
    const { on } = driver.brokers;
    const working = { ...on };
    driver.hang("metadata", "coordinator", "join", "sync", "committed").start();
    const told = [`${driver.phase}: ${driver.obstacle}`];
    const next = (kind: "metadata" | "coordinator" | "join" | "sync" | "committed") => {
      // Only this one is answered; those that come after it hang again.
      driver.reply(driver.last(kind) as never, working[kind](driver.last(kind) as never) as never);
      told.push(`${driver.phase}: ${driver.obstacle}`);
    };
    next("metadata");
    next("coordinator");
    next("join");
    next("join");
    next("metadata");
    next("sync");
    next("committed");
    expect(told).toEqual([
      "joining: connecting to the brokers",
      "joining: connecting to the brokers",
      "joining: joining the group",
      "joining: joining the group",
      "assigning: joining the group",
      "syncing: joining the group",
      "counting: loading the committed counts",
      "counting: undefined",
    ]);
  });

  it("shares out what was known before when the cluster does not answer", () => {
    const driver = new Driver(new Brokers({ t: [3] }));
    let asked = 0;
    driver.brokers.on.metadata = () => {
      if (asked++ === 0) return { result: driver.brokers.view() };
      return { failure: failureOf("no_answer"), afterMs: 200 };
    };
    driver.start().run(8_000);
    expect(driver.phase).toBe("assigning");
    expect(asked).toBeGreaterThan(3);
    driver.run(2_000);
    expect(driver.phase).toBe("counting");
    expect(driver.ledger().next).toBe(3);
  });

  it("forgets its id when the group does, and joins again at once", () => {
    const driver = new Driver();
    driver.brokers.on.join = (ask) =>
      ask.memberId === "m1" && driver.all("join").length === 2
        ? { failure: failureOf("unknown_member") }
        : driver.brokers.join(ask);
    driver.start();
    expect(driver.all("join").map(({ memberId }) => memberId)).toEqual(["", "m1", "", "m1"]);
    expect(driver.phase).toBe("counting");
  });

  it("joins ever more slowly while it is refused, and says why", () => {
    const driver = new Driver();
    driver.brokers.on.join = () => ({ failure: failureOf("group_unauthorized") });
    driver.start().run(30_000);
    expect(driver.phase).toBe("joining");
    expect(driver.obstacle).toBe("the broker returned an error: why group_unauthorized");
    // After 0.2, 0.4, 0.8, 1.6, 3.2 and then every 5 seconds.
    expect(driver.all("join")).toHaveLength(10);
    driver.brokers.on.join = (ask) => driver.brokers.join(ask);
    driver.run(5_000);
    expect([driver.phase, driver.obstacle]).toEqual(["counting", undefined]);
  });

  it("ends with an error when the credentials are wrong from the start, and waits when they are later", () => {
    const wrong = new Driver();
    wrong.brokers.on.metadata = () => ({ failure: failureOf("login_refused") });
    wrong.start();
    expect(wrong.member.phase).toEqual({ name: "failed", error: new Error("why login_refused") });
    expect(wrong.obstacle).toBe("why login_refused");
    const expired = new Driver().start();
    expired.brokers.on.metadata = () => ({ failure: failureOf("login_refused") });
    expired.run(60_000);
    expect(expired.phase).toBe("counting");
    expect(expired.member.surroundings.trouble?.code).toBe("login_refused");
  });

  it("ends with an error when counts are committed that it can't read", () => {
    const driver = new Driver();
    driver.brokers.committed.set("t/0", { topic: "t", partition: 0, offset: 5, metadata: "dlr9:x" });
    driver.start();
    expect(driver.phase).toBe("failed");
    expect(driver.obstacle).toContain(
      "the counts committed for partition 0 of topic t can't be read: it has snapshot format 9",
    );
    expect(driver.all("commit")).toEqual([]);
  });

  it("leads the group into a rebalance when there are more partitions than were shared out", () => {
    const driver = new Driver(new Brokers({ t: [4] })).start();
    driver.brokers.make("t", ids.a, [4, 7]);
    driver.run(30_000);
    expect(driver.path.slice(4)).toEqual(["joining", "assigning", "syncing", "counting"]);
    expect(driver.ledger(1).next).toBe(7);
    expect(driver.lines).toContain("info topics or partitions have changed: rebalancing the group");
    // It is the leader's matter alone.
    const follower = new Driver(new Brokers({ t: [4] }));
    follower.brokers.on.join = (ask) => {
      const reply = follower.brokers.join(ask);
      return "failure" in reply ? reply : { result: { ...reply.result, leader: false, members: [] } };
    };
    follower.brokers.on.sync = () => ({ result: { t: [0] } });
    follower.start().brokers.make("t", ids.a, [4, 7]);
    expect(follower.run(60_000).path.slice(3)).toEqual([]);
  });
});

describe("GroupMember in a rebalance", () => {
  it("commits for the last time, then joins, and says that it rebalances in every phase", () => {
    const driver = new Driver(new Brokers({ t: [10] })).start();
    const told = new Set<string>();
    driver.witness = ({ kind }) => {
      if (["commit", "join", "metadata", "sync", "committed"].includes(kind))
        told.add(`${driver.phase}: ${driver.obstacle}`);
    };
    driver.brokers.rebalancing = true;
    const before = driver.asked.length;
    driver.run(2_500);
    expect(driver.path.slice(4)).toEqual(["moving", "joining", "assigning", "syncing", "counting"]);
    expect([...told]).toEqual([
      "moving: the group is rebalancing",
      "joining: the group is rebalancing",
      "assigning: the group is rebalancing",
      "syncing: the group is rebalancing",
      "counting: loading the committed counts",
    ]);
    const order = driver.asked.slice(before).map(({ kind }) => kind);
    expect(order.filter((kind) => kind !== "fetch" && kind !== "owners")).toEqual([
      ...["heartbeat", "commit", "committed", "join", "metadata", "sync", "committed"],
    ]);
    // The first since it began: the regular one would have come three seconds later.
    expect(driver.all("commit")).toHaveLength(1);
    expect(driver.last("commit")).toMatchObject({ memberId: "m1", generation: 1 });
    expect(driver.last("join").memberId).toBe("m1");
    expect(driver.last("join").round).toBe(0);
    expect(driver.ledger()).toMatchObject({ origin: "snapshot", next: 10, committedOffset: 10 });
    expect(sumOf(driver.ledger())).toBe(10);
    expect(driver.member.rebalances).toBe(2);
  });

  it("counts nothing more once it moves", () => {
    const driver = new Driver(new Brokers({ t: [10] })).start();
    const late = driver.hang("fetch").last("fetch");
    driver.brokers.rebalancing = true;
    driver.hang("commit").run(3_000);
    expect(driver.phase).toBe("moving");
    driver.brokers.log("t", 0).high = 20;
    driver.reply(late, driver.brokers.fetch(late));
    expect(driver.ledger().next).toBe(10);
  });

  it("does not wait for its last commit longer than 3 seconds", () => {
    const driver = new Driver(new Brokers({ t: [10] })).start();
    driver.brokers.rebalancing = true;
    driver.hang("commit").run(2_100);
    expect(driver.phase).toBe("moving");
    driver.run(2_800);
    expect(driver.phase).toBe("moving");
    driver.run(200);
    expect(driver.phase).toBe("counting");
    // Nobody has heard of the commit: it is counted again from what is committed.
    expect(driver.ledger()).toMatchObject({ origin: "new", next: 10, committedOffset: 0 });
    expect(sumOf(driver.ledger())).toBe(10);
  });

  it("tries the last commit again while it fails", () => {
    const driver = new Driver(new Brokers({ t: [10] })).start();
    driver.brokers.rebalancing = true;
    let tries = 0;
    driver.brokers.on.commit = (ask) =>
      ++tries < 4 ? { failure: failureOf("other") } : driver.brokers.commit(ask);
    driver.run(4_000);
    expect(driver.brokers.committed.get("t/0")?.offset).toBe(10);
    expect(driver.member.commits.checkpointer.failures.broker).toBe(3);
    expect(driver.ledger().origin).toBe("snapshot");
  });

  it.each([
    ["unknown_member", ["", "m1"]],
    ["fenced", ["m1"]],
  ] as const)("commits nothing after %s, joins at once, and loads what is committed", (code, joins) => {
    const driver = new Driver(new Brokers({ t: [10] })).start().run(5_000);
    driver.brokers.log("t", 0).high = 15;
    driver.run(1_100);
    expect(driver.ledger()).toMatchObject({ next: 15, committedOffset: 10 });
    const before = { commits: driver.all("commit").length, joins: driver.all("join").length };
    const { heartbeat } = driver.brokers.on;
    driver.brokers.on.heartbeat = () => {
      driver.brokers.on.heartbeat = heartbeat;
      return { failure: failureOf(code) };
    };
    driver.run(2_800);
    expect(driver.path.slice(4)).toEqual(["joining", "assigning", "syncing", "counting"]);
    expect(driver.all("commit")).toHaveLength(before.commits);
    expect(
      driver
        .all("join")
        .slice(before.joins)
        .map(({ memberId }) => memberId),
    ).toEqual(joins);
    expect(driver.ledger()).toMatchObject({ origin: "snapshot", first: 0, next: 15, committedOffset: 10 });
    expect(sumOf(driver.ledger())).toBe(15);
  });

  it.each(["unknown_member", "fenced", "rebalancing"] as const)(
    "takes %s from its share's answer, and joins again at once",
    (code) => {
      const driver = new Driver(new Brokers({ t: [10] }));
      driver.brokers.on.sync = () => {
        driver.brokers.on.sync = (ask) => driver.brokers.sync(ask);
        return { failure: failureOf(code) };
      };
      driver.start();
      expect(driver.path).toEqual([
        ...["joining", "assigning", "syncing", "joining", "assigning", "syncing", "counting"],
      ]);
      const again = driver.all("join")[2]?.memberId;
      expect(again).toBe(code === "unknown_member" ? "" : "m1");
      // Nothing was refused for good, so nothing is waited for.
      expect(driver.since("join", 2)).toBeLessThan(20);
    },
  );
});
