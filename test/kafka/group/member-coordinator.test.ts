import { describe, expect, it } from "vitest";
import { Brokers } from "./brokers.ts";
import { Driver } from "./driver.ts";
import { failureOf, ids, sumOf } from "./support.ts";

describe("GroupMember, when its group's coordinator", () => {
  it("does not answer a heartbeat, looks for it again and goes on with the same", () => {
    const driver = new Driver(new Brokers({ t: [10] })).start();
    const searches = driver.all("coordinator").length;
    driver.hang("heartbeat").run(3_000);
    driver.brokers.on.heartbeat = () => ({ result: undefined });
    driver.answer("heartbeat", { failure: failureOf("no_answer") });
    expect(driver.member.surroundings.coordinator).toBeUndefined();
    driver.brokers.log("t", 0).high = 20;
    driver.run(10_000);
    expect(driver.all("coordinator")).toHaveLength(searches + 1);
    expect(driver.path).toEqual(["joining", "assigning", "syncing", "counting"]);
    expect(driver.ledger()).toMatchObject({ next: 20, committedOffset: 20 });
    expect(driver.obstacle).toBeUndefined();
  });

  it.each(["no_answer", "unreachable", "no_coordinator"] as const)(
    "answers a heartbeat with %s and has moved, goes on with the other",
    (code) => {
      const driver = new Driver(new Brokers({ t: [10] })).start();
      driver.brokers.coordinator = 2;
      const { heartbeat } = driver.brokers.on;
      driver.brokers.on.heartbeat = (ask) =>
        ask.broker === 1 ? { failure: failureOf(code) } : heartbeat(ask);
      driver.run(9_000);
      expect(driver.path).toEqual(["joining", "assigning", "syncing", "counting"]);
      expect(driver.all("heartbeat").map(({ broker }) => broker)).toEqual([1, 2, 2]);
      expect(driver.last("commit")).toMatchObject({ broker: 2, generation: 1 });
      expect(driver.ledger().committedOffset).toBe(10);
      expect(driver.member.surroundings.trouble).toBeUndefined();
    },
  );

  it("refuses its commits because it has moved, goes on with the other", () => {
    const driver = new Driver(new Brokers({ t: [10] })).start();
    driver.brokers.coordinator = 2;
    const { commit } = driver.brokers.on;
    driver.brokers.on.commit = (ask) => {
      const failure = failureOf("no_coordinator");
      return ask.broker === 1 ? { result: [{ topic: "t", partition: 0, failure }] } : commit(ask);
    };
    driver.run(10_000);
    expect(driver.all("commit").map(({ broker }) => broker)).toEqual([1, 2]);
    expect(driver.ledger().committedOffset).toBe(10);
    expect(driver.path.at(-1)).toBe("counting");
  });

  it("can't be found, looks ever more slowly, counts on, and says so when the session has run out", () => {
    const driver = new Driver(new Brokers({ t: [10] })).start();
    const before = driver.all("coordinator").length;
    driver.brokers.on.heartbeat = () => ({ failure: failureOf("unreachable") });
    driver.brokers.on.coordinator = () => ({ failure: failureOf("no_coordinator") });
    driver.brokers.log("t", 0).high = 20;
    driver.run(29_000);
    expect(driver.obstacle).toBeUndefined();
    expect(driver.ledger()).toMatchObject({ next: 20, committedOffset: 0 });
    driver.run(11_000);
    expect(driver.obstacle).toBe("no heartbeat for 41 s: the broker returned an error: why no_coordinator");
    // After 0.1, 0.2, 0.4, 0.8 and then every second.
    expect(driver.all("coordinator").length - before).toBeGreaterThan(35);
    expect(driver.all("coordinator").length - before).toBeLessThan(45);
  });

  it("lets a join wait, is looked for every 3 seconds, whatever else happens", () => {
    const driver = new Driver();
    driver.hang("join").step({ kind: "tick" });
    driver.run(2_900);
    expect(driver.all("coordinator")).toHaveLength(1);
    driver.run(200);
    expect(driver.all("coordinator")).toHaveLength(2);
    driver.run(3_000);
    expect(driver.all("coordinator")).toHaveLength(3);
    expect(driver.all("join")).toHaveLength(1);
  });

  it.each(["join", "sync"] as const)("is another while a %s waits, joins there", (kind) => {
    const driver = new Driver(new Brokers({ t: [10] }));
    driver.hang(kind).step({ kind: "tick" });
    driver.run(100);
    const [joins, late] = [driver.all("join").length, driver.last(kind)];
    driver.brokers.coordinator = 2;
    driver.brokers.on.join = (ask) => driver.brokers.join(ask);
    driver.brokers.on.sync = (ask) => driver.brokers.sync(ask);
    driver.run(4_000);
    expect(driver.all("join")[joins]).toMatchObject({ broker: 2 });
    expect(driver.phase).toBe("counting");
    const { generation } = driver.last("sync");
    const ledger = driver.ledger();
    // The one that was asked before answers after all.
    if (late.kind === "join")
      driver.reply(late, { result: { memberId: "m9", generation: 9, leader: false, members: [] } });
    else driver.reply(late, { result: {} });
    driver.run(10_000);
    expect(driver.last("heartbeat")).toMatchObject({ broker: 2, memberId: "m1", generation });
    expect(driver.ledger()).toBe(ledger);
    expect(sumOf(ledger)).toBe(10);
  });

  it("gives no share, looks for another, and joins a little later", () => {
    const driver = new Driver(new Brokers({ t: [10] }));
    driver.brokers.on.sync = (ask) =>
      ask.broker === 1 ? { failure: failureOf("no_answer") } : driver.brokers.sync(ask);
    driver.hang("coordinator").step({ kind: "tick" });
    driver.answer("coordinator", { result: 1 });
    driver.run(1_000);
    expect([driver.phase, driver.all("join").length]).toEqual(["joining", 2]);
    expect(driver.obstacle).toBe("no broker can be reached: why no_answer");
    driver.answer("coordinator", { result: 2 });
    driver.run(100);
    expect(driver.last("join").broker).toBe(2);
    expect(driver.phase).toBe("counting");
  });

  it("refuses a share, is asked for another a little later", () => {
    const driver = new Driver();
    driver.brokers.on.sync = () => ({ failure: failureOf("unknown") });
    driver.start().run(1_000);
    // After 0.2 s; a successful join starts over.
    expect(driver.all("sync").length).toBeGreaterThan(5);
    expect(driver.all("sync").length).toBeLessThan(12);
  });

  it("takes it in after all, has nothing more to complain of", () => {
    const driver = new Driver();
    driver.brokers.on.join = () => ({ failure: failureOf("group_unauthorized") });
    driver.hang("sync").start().run(20_000);
    expect(driver.obstacle).toBe("the broker returned an error: why group_unauthorized");
    driver.brokers.on.join = (ask) => driver.brokers.join(ask);
    driver.until(() => driver.phase === "syncing");
    expect(driver.obstacle).toBe("joining the group");
    // Nor does it wait longer the next time for having been refused before.
    driver.brokers.on.join = (ask) =>
      driver.last("join") === ask && driver.all("join").length === joins + 1
        ? { failure: failureOf("group_unauthorized") }
        : driver.brokers.join(ask);
    const joins = driver.all("join").length;
    driver.answer("sync", { failure: failureOf("fenced") });
    driver.run(300);
    expect(driver.all("join").length).toBe(joins + 2);
  });

  it("loads the group, asks it again a little later", () => {
    const driver = new Driver(new Brokers({ t: [10] }));
    driver.brokers.on.join = (ask) => {
      if (driver.all("join").length <= 3) return { failure: failureOf("other") };
      return driver.brokers.join(ask);
    };
    driver.start().run(1_000);
    expect(driver.phase).toBe("counting");
    // It is the right one: nobody else is looked for.
    expect(driver.all("coordinator")).toHaveLength(1);
  });

  it("refuses to say what is committed, asks again, and looks for another where that may help", () => {
    const driver = new Driver(new Brokers({ t: [10] }));
    driver.brokers.on.committed = () => ({ failure: failureOf("no_coordinator") });
    driver.start();
    expect(driver.phase).toBe("counting");
    expect(driver.obstacle).not.toBeUndefined();
    expect(driver.all("coordinator").length).toBeGreaterThan(1);
    driver.brokers.on.committed = (ask) => ({ result: driver.brokers.read(ask.partitions) });
    driver.run(2_000);
    expect(driver.ledger().next).toBe(10);
    expect([driver.obstacle, driver.remarks]).toEqual([undefined, []]);
  });
});

describe("GroupMember, when a broker answers late", () => {
  it("loads nothing that was asked for in the generation before", () => {
    const driver = new Driver(new Brokers({ t: [30, 30] }));
    driver.hang("committed").start();
    const late = driver.last("committed");
    driver.brokers.rebalancing = true;
    driver.run(3_000);
    expect([driver.phase, driver.all("committed").length]).toEqual(["counting", 2]);
    // Another has counted it in between.
    const read = (offset: number) => ({
      result: [0, 1].map((partition) => ({
        topic: "t",
        partition,
        offset,
        metadata: null,
        failure: undefined,
      })),
    });
    driver.reply(late, read(10));
    expect([...driver.member.holdings.ledgers]).toEqual([]);
    driver.answer("committed", read(20));
    expect(driver.ledger()).toMatchObject({ first: 20, next: 20 });
  });

  it("begins nowhere that was asked for in the generation before", () => {
    const driver = new Driver(new Brokers({ t: [30] }));
    driver.hang("range").start();
    const late = driver.last("range");
    driver.brokers.rebalancing = true;
    driver.run(3_000);
    const range = (low: number) => ({
      result: [{ topic: "t", partition: 0, failure: undefined, range: { low, high: 30 } }],
    });
    driver.reply(late, range(10));
    expect([...driver.member.holdings.ledgers]).toEqual([]);
    driver.answer("range", range(20));
    expect(driver.ledger()).toMatchObject({ first: 20, next: 20 });
  });

  it("takes nothing of the generation before while it joins the next", () => {
    const driver = new Driver(new Brokers({ t: [10] }), ["t"], { commitIntervalMs: 3_000 })
      .start()
      .run(3_000);
    driver.brokers.log("t", 0).high = 20;
    driver.hang("heartbeat", "commit", "owners", "join").run(3_500);
    const [heartbeat, commit] = [driver.last("heartbeat"), driver.last("commit")];
    const { entries } = commit;
    expect(entries).toMatchObject([{ offset: 20 }]);
    // Its metadata shows it: the group has a new assignment.
    driver.brokers.make("t", ids.a, [20, 5]);
    driver.run(30_000);
    expect(driver.phase).toBe("joining");
    const state = () => [driver.ledger().committedOffset, driver.member.commits.checkpointer.commits];
    const before = state();
    driver.reply(commit, { result: entries.map((entry) => ({ ...entry, failure: undefined })) });
    driver.reply(heartbeat, { failure: failureOf("unknown_member") });
    expect(state()).toEqual(before);
    driver.brokers.on.join = (ask) => driver.brokers.join(ask);
    const joins = driver.all("join").length;
    driver.answer("join", { failure: failureOf("other") });
    driver.run(1_000);
    // It is who it was.
    expect(driver.all("join")[joins]?.memberId).toBe("m1");
    expect(driver.phase).toBe("counting");
    const heartbeats = driver.all("heartbeat").length;
    driver.brokers.on.heartbeat = () => ({ result: undefined });
    expect(driver.run(3_500).all("heartbeat").length).toBe(heartbeats + 1);
  });

  it("changes nothing by the answers of an earlier generation", () => {
    const driver = new Driver(new Brokers({ t: [10, 10] })).start();
    driver.hang("heartbeat", "commit", "fetch", "owners").run(5_000);
    driver.brokers.on.commit = (ask) => driver.brokers.commit(ask);
    const { fetch, heartbeat, commit } = {
      fetch: driver.last("fetch"),
      heartbeat: driver.last("heartbeat"),
      commit: driver.last("commit"),
    };
    const owners = driver.last("owners");
    // Another member has joined, and the broker no longer knows this one.
    driver.brokers.generation = 7;
    driver.brokers.on.heartbeat = () => ({ result: undefined });
    driver.answer("heartbeat", { failure: failureOf("fenced") });
    driver.run(100);
    expect([driver.phase, driver.last("sync").generation]).toEqual(["counting", 8]);
    const state = () => {
      const { phase, rebalances, commits } = driver.member;
      const { known, lastFailure, failures, busy } = commits.checkpointer;
      const ledgers = [0, 1].map((partition) => {
        const { next, committedOffset } = driver.ledger(partition);
        return { next, committedOffset, standing: driver.partition(partition).standing };
      });
      const unowned = driver.member.neighbours.unowned;
      return structuredClone({ phase, rebalances, known, lastFailure, failures, busy, ledgers, unowned });
    };
    const before = state();
    const asks = [
      driver.reply(heartbeat, { failure: failureOf("unknown_member") }),
      driver.reply(commit, {
        result: commit.entries.map((entry) => ({ ...entry, failure: undefined })),
      }),
      driver.reply(commit, { failure: failureOf("no_answer") }),
      driver.reply(fetch, driver.brokers.fetch(fetch)),
      driver.reply(owners, { result: {} }),
      driver.reply(driver.all("sync")[0] ?? driver.last("sync"), { result: { t: [1] } }),
      driver.reply(driver.all("committed")[0] ?? driver.last("committed"), {
        result: [{ topic: "t", partition: 0, offset: 3, metadata: null, failure: undefined }],
      }),
    ];
    expect(state()).toEqual(before);
    expect(asks.flat()).toEqual([]);
  });
});
