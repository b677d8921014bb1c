import { describe, expect, it } from "vitest";
import { Brokers } from "./brokers.ts";
import { Driver } from "./driver.ts";
import { failureOf } from "./support.ts";

/** A member that waits for these requests. */
function waitingFor(...kinds: readonly ("coordinator" | "join" | "metadata" | "sync" | "commit")[]): Driver {
  const driver = new Driver(new Brokers({ t: [10] }));
  driver.hang(...kinds).start();
  return driver;
}

describe("GroupMember, told to stop", () => {
  it("ends at once before it is anybody to the group", () => {
    for (const driver of [waitingFor("coordinator"), waitingFor("join")]) {
      driver.stop();
      expect(driver.phase).toBe("left");
      expect(driver.all("leave")).toEqual([]);
      expect(driver.obstacle).toBe("shutting down");
    }
  });

  it.each([
    [
      "joining",
      () => {
        const driver = new Driver(new Brokers({ t: [10] }));
        driver.brokers.on.join = (ask) => (ask.memberId === "" ? driver.brokers.join(ask) : undefined);
        return driver.start();
      },
    ],
    [
      "assigning",
      () => {
        const driver = new Driver(new Brokers({ t: [10] }));
        driver.brokers.on.metadata = () => undefined;
        return driver.start();
      },
    ],
    ["syncing", () => waitingFor("sync")],
  ])("leaves the group without a commit while it is %s", (phase, begin) => {
    const driver = begin();
    expect(driver.phase).toBe(phase);
    const late = driver.hung.findLast(({ kind }) => kind === "join" || kind === "sync");
    driver.hang("leave").stop();
    expect(driver.phase).toBe("leaving");
    expect(driver.last("leave")).toEqual({ kind: "leave", broker: 1, memberId: "m1" });
    // Whatever it is given now is nobody's.
    if (late?.kind === "join")
      driver.reply(late, { result: { memberId: "m1", generation: 5, leader: false, members: [] } });
    if (late?.kind === "sync") driver.reply(late, { result: { t: [0] } });
    expect(driver.phase).toBe("leaving");
    driver.answer("leave", { result: undefined });
    expect(driver.phase).toBe("left");
    expect(driver.all("commit")).toEqual([]);
    expect([...driver.member.holdings.ledgers]).toEqual([]);
  });

  it("commits what is left, reads it back, leaves, and goes on showing its counts", () => {
    const driver = waitingFor();
    driver.stop().run(1_000);
    expect(driver.path.slice(3)).toEqual(["counting", "closing", "leaving", "left"]);
    expect(driver.asked.slice(-3).map(({ kind }) => kind)).toEqual(["commit", "committed", "leave"]);
    expect(driver.brokers.committed.get("t/0")?.offset).toBe(10);
    expect(driver.member.holdings.uncommitted).toBe(0);
    expect(driver.ledger()).toMatchObject({ next: 10, committedOffset: 10 });
    expect([...driver.member.holdings.ledgers]).toHaveLength(1);
    expect(driver.member.wakeAt).toBe(Number.POSITIVE_INFINITY);
  });

  it("leaves at once when nothing is left to commit", () => {
    const driver = waitingFor().run(5_000);
    const commits = driver.all("commit").length;
    driver.hang("leave").stop();
    expect(driver.phase).toBe("leaving");
    expect(driver.all("commit")).toHaveLength(commits);
  });

  it("waits for the commit that is under way, then commits the rest", () => {
    const driver = waitingFor().run(5_000);
    driver.brokers.log("t", 0).high = 20;
    driver.hang("commit").run(4_500);
    driver.brokers.log("t", 0).high = 30;
    driver.run(600);
    expect(driver.last("commit").entries).toMatchObject([{ offset: 20 }]);
    driver.stop();
    expect(driver.phase).toBe("closing");
    driver.brokers.on.commit = (ask) => driver.brokers.commit(ask);
    driver.answer("commit", driver.brokers.commit(driver.last("commit")));
    driver.run(1_000);
    expect(driver.brokers.committed.get("t/0")?.offset).toBe(30);
    expect([driver.phase, driver.member.holdings.uncommitted]).toEqual(["left", 0]);
  });

  it("gives up a commit without an answer after 5 seconds, and knows what was not committed", () => {
    const driver = waitingFor("commit").stop();
    driver.run(4_900);
    expect(driver.phase).toBe("closing");
    driver.run(200);
    expect([driver.phase, driver.member.holdings.uncommitted]).toEqual(["left", 10]);
    expect(driver.all("leave")).toHaveLength(1);
  });

  it("tries a commit that fails again until then, and says why", () => {
    const driver = waitingFor();
    driver.brokers.on.commit = () => ({ failure: failureOf("other") });
    driver.stop().run(6_000);
    expect([driver.phase, driver.member.holdings.uncommitted]).toEqual(["left", 10]);
    expect(driver.all("commit").length).toBeGreaterThan(20);
    expect(driver.member.commits.checkpointer.lastFailure).toBe("why other");
  });

  it.each(["no_answer", "unknown_member", "fenced", "rebalancing"] as const)(
    "commits nothing more after %s",
    (code) => {
      const driver = waitingFor();
      const failure = failureOf(code);
      driver.brokers.on.commit =
        code === "no_answer"
          ? () => ({ failure })
          : () => ({ result: [{ topic: "t", partition: 0, failure }] });
      driver.stop().run(100);
      expect(driver.phase).toBe("left");
      expect(driver.all("commit")).toHaveLength(1);
      expect(driver.member.holdings.uncommitted).toBe(10);
      // One that the group has forgotten has nothing to leave; one without an answer may not find the group.
      expect(driver.all("leave")).toHaveLength(["no_answer", "unknown_member"].includes(code) ? 0 : 1);
    },
  );

  it("waits for the coordinator while something is left to commit, and for nothing else", () => {
    const driver = waitingFor();
    driver.brokers.on.heartbeat = () => ({ failure: failureOf("unreachable") });
    driver.hang("coordinator").run(2_500);
    driver.stop();
    expect(driver.phase).toBe("closing");
    driver.answer("coordinator", { result: 2 });
    driver.run(1_000);
    expect(driver.last("commit").broker).toBe(2);
    expect([driver.phase, driver.member.holdings.uncommitted]).toEqual(["left", 0]);

    const committed = waitingFor().run(5_000);
    committed.brokers.on.heartbeat = () => ({ failure: failureOf("unreachable") });
    committed.hang("coordinator").run(2_000);
    expect(committed.stop().phase).toBe("left");
  });

  it("ends while it moves, with the generation that it had", () => {
    const driver = waitingFor();
    driver.brokers.rebalancing = true;
    driver.hang("commit").run(2_500);
    expect(driver.phase).toBe("moving");
    driver.stop();
    expect(driver.phase).toBe("closing");
    driver.answer("commit", driver.brokers.commit(driver.last("commit")));
    driver.run(100);
    expect(driver.path.slice(4)).toEqual(["moving", "closing", "leaving", "left"]);
    expect(driver.member.holdings.uncommitted).toBe(0);
    expect(driver.all("join")).toHaveLength(2);
  });

  it.each([
    ["is refused", { failure: failureOf("unknown_member") }],
    ["works", { result: undefined }],
  ])("has ended when leaving %s", (_, reply) => {
    const driver = waitingFor();
    driver.hang("leave").stop().run(500);
    expect(driver.phase).toBe("leaving");
    driver.answer("leave", reply);
    expect(driver.phase).toBe("left");
  });

  it("waits 1.5 seconds for an answer to its leaving", () => {
    const driver = waitingFor();
    driver.hang("leave").stop().run(1_400);
    expect(driver.phase).toBe("leaving");
    driver.run(200);
    expect(driver.phase).toBe("left");
    const asked = driver.asked.length;
    driver.run(60_000);
    driver.stop();
    driver.step({ kind: "tick" });
    expect([driver.phase, driver.asked.length]).toEqual(["left", asked]);
  });

  it("asks for nothing in the moment in which it ends", () => {
    const driver = waitingFor();
    driver.hang("leave").stop().run(100);
    // A pause of the whole process: everything is due.
    driver.now += 100_000;
    expect(driver.step({ kind: "tick" })).toEqual([]);
    expect(driver.phase).toBe("left");
  });

  it("stays ended, whatever is answered late", () => {
    const driver = waitingFor();
    driver.hang("committed").stop().run(10_000);
    expect(driver.phase).toBe("left");
    // The broker does not give back what it took: nobody is there any more who could go on or not.
    driver.answer("committed", {
      result: [{ topic: "t", partition: 0, offset: 10, metadata: null, failure: undefined }],
    });
    expect(driver.phase).toBe("left");
    expect(driver.obstacle).toBe("shutting down");
  });

  it("is told twice, ends once", () => {
    const driver = waitingFor();
    driver.stop().stop();
    driver.run(1_000).stop();
    expect(driver.path.slice(4)).toEqual(["closing", "leaving", "left"]);
    expect(driver.all("leave")).toHaveLength(1);
  });
});
