import { describe, expect, it } from "vitest";
import { Brokers } from "./brokers.ts";
import { Driver } from "./driver.ts";
import { failureOf, sumOf } from "./support.ts";

describe("GroupMember, when nobody knows what became of a commit", () => {
  it("has a new generation begun before it commits anything else", () => {
    const driver = new Driver(new Brokers({ t: [10, 10] })).start().run(5_000);
    driver.brokers.log("t", 0).high = 30;
    driver.hang("commit").run(5_000);
    const doubtful = driver.last("commit");
    const before = driver.asked.length;
    driver.brokers.on.commit = (ask) => driver.brokers.commit(ask);
    driver.answer("commit", { failure: failureOf("no_answer") });
    driver.run(1_000);
    const order = driver.asked.slice(before).filter(({ kind }) => ["join", "commit"].includes(kind));
    expect(order[0]).toMatchObject({ kind: "join", memberId: "m1", round: 1 });
    expect(driver.path.slice(4)).toEqual(["joining", "assigning", "syncing", "counting"]);
    expect(driver.lines.join("\n")).toContain("a commit timed out: rejoining the group");
    driver.run(5_000);
    expect(driver.last("commit").generation).toBe(doubtful.generation + 1);
    expect(driver.ledger()).toMatchObject({ first: 0, next: 30, committedOffset: 30 });
    expect(sumOf(driver.ledger())).toBe(30);
    // Should the broker carry it out now, it is refused.
    expect(driver.brokers.commit(doubtful)).toMatchObject({
      result: [{ failure: { code: "fenced" } }],
    });
  });

  it("counts on and commits nothing while the coordinator is looked for, then has a new generation begun", () => {
    const driver = new Driver(new Brokers({ t: [10] })).start();
    driver.brokers.on.commit = () => ({ failure: failureOf("no_answer") });
    driver.hang("coordinator").run(5_000);
    driver.brokers.log("t", 0).high = 20;
    driver.run(20_000);
    expect(driver.phase).toBe("counting");
    expect(driver.all("commit")).toHaveLength(1);
    expect(driver.ledger()).toMatchObject({ next: 20, committedOffset: 0 });
    driver.brokers.on.commit = (ask) => driver.brokers.commit(ask);
    driver.answer("coordinator", { result: 2 });
    expect(driver.last("join")).toMatchObject({ broker: 2, round: 1 });
    driver.run(10_000);
    expect(driver.ledger()).toMatchObject({ next: 20, committedOffset: 20 });
  });

  it("has a new generation begun after a rebalance, too, where a commit was in doubt", () => {
    const driver = new Driver(new Brokers({ t: [10] })).start();
    driver.brokers.rebalancing = true;
    driver.brokers.on.commit = () => ({ failure: failureOf("no_answer") });
    driver.run(2_400);
    expect(driver.path.slice(4, 6)).toEqual(["moving", "joining"]);
    const rounds = ({ asked }: Driver) => asked.flatMap((ask) => (ask.kind === "join" ? [ask.round] : []));
    expect(rounds(driver).slice(0, 3)).toEqual([0, 0, 1]);

    const hanging = new Driver(new Brokers({ t: [10] })).start();
    hanging.brokers.rebalancing = true;
    hanging.hang("commit").run(6_000);
    expect(rounds(hanging)).toEqual([0, 0, 1]);
  });

  it("joins as ever after one that was certainly not carried out", () => {
    const driver = new Driver(new Brokers({ t: [10] })).start();
    let tries = 0;
    driver.brokers.on.commit = (ask) =>
      ++tries === 1 ? { failure: failureOf("unreachable") } : driver.brokers.commit(ask);
    driver.run(12_000);
    expect(driver.path.at(-1)).toBe("counting");
    expect(driver.all("join")).toHaveLength(2);
    expect(driver.ledger().committedOffset).toBe(10);
  });
});

describe("GroupMember on a quiet topic", () => {
  it("commits that a scrape has seen the zeros, and stays ready", () => {
    const driver = new Driver(new Brokers({ t: [0] })).start();
    for (let minute = 0; minute < 10; minute++) {
      driver.run(60_000);
      expect([driver.obstacle, driver.remarks]).toEqual([undefined, []]);
      if (minute === 0) {
        // Which log it is, and where it is read from.
        expect(driver.all("commit")).toHaveLength(1);
        driver.ledger().expose().seen();
      }
    }
    // Once more; then there is nothing to commit any more.
    expect(driver.all("commit")).toHaveLength(2);
    expect(driver.brokers.committed.get("t/0")).toMatchObject({ offset: 0 });
    expect(driver.ledger().dirty).toBe(false);
    // Of a second each, and the last before a round of commits a little shorter.
    expect(driver.all("fetch").length).toBeGreaterThan(600);
    expect(driver.all("fetch").length).toBeLessThan(620);
    expect(driver.asked.length - driver.all("fetch").length).toBeLessThan(300);
    const next = new Driver(driver.brokers).start();
    expect(next.ledger().origin).toBe("snapshot");
    next.ledger().expose().seen();
    expect(next.ledger().dirty).toBe(false);
  });

  it("knows how far the log goes behind an open transaction", () => {
    const driver = new Driver(new Brokers({ t: [5] }));
    driver.brokers.log("t", 0).open = 2;
    driver.start().run(60_000);
    expect(driver.ledger()).toMatchObject({ next: 2, committedOffset: 2 });
    expect(driver.partition().logEnd).toBe(5);
    driver.brokers.log("t", 0).high = 9;
    driver.run(2_000);
    expect(driver.partition().logEnd).toBe(9);
    expect(driver.now - driver.partition().answeredAt).toBeLessThanOrEqual(2_000);
    expect([driver.obstacle, driver.remarks]).toEqual([undefined, []]);
    delete driver.brokers.log("t", 0).open;
    driver.run(10_000);
    expect(driver.ledger()).toMatchObject({ next: 9, committedOffset: 9 });
  });
});

describe("GroupMember, for the first commit of a generation", () => {
  it("shows nothing of it before it was read back", () => {
    const driver = new Driver(new Brokers({ t: [10] })).start();
    driver.ledger().expose().seen();
    driver.hang("committed").run(5_000);
    expect(driver.brokers.committed.get("t/0")?.offset).toBe(10);
    expect(driver.ledger().committedOffset).toBe(0);
    expect(driver.ledger().expose().view?.next).toBe(0);
    expect(driver.last("committed").partitions).toMatchObject([{ topic: "t", partition: 0 }]);
    driver.answer("committed", { result: driver.brokers.read(driver.last("committed").partitions) });
    expect(driver.ledger().committedOffset).toBe(10);
    expect(driver.ledger().expose().view?.next).toBe(10);
    // From now on the broker is believed.
    driver.brokers.log("t", 0).high = 20;
    driver.run(10_000);
    expect(driver.ledger().committedOffset).toBe(20);
    expect(driver.all("committed")).toHaveLength(2);
  });

  it.each([
    ["cut", (metadata: string) => metadata.slice(0, 20), /returned 20 of \d+ characters: it does not store/],
    ["gone", () => null, /returned 0 of \d+ characters: it does not store/],
  ])("fails when the metadata is %s", (_, change, sentence) => {
    const driver = new Driver(new Brokers({ t: [10] })).start();
    driver.brokers.on.committed = (ask) => ({
      result: driver.brokers
        .read(ask.partitions)
        .map((entry) => ({ ...entry, metadata: change(entry.metadata ?? "") })),
    });
    driver.run(5_000);
    expect(driver.phase).toBe("failed");
    expect(driver.obstacle).toMatch(sentence);
    expect(driver.obstacle).toContain("the broker accepted the counts of partition 0 of topic t");
    expect(driver.ledger().committedOffset).toBe(0);
    expect(driver.stop().phase).toBe("failed");
  });

  it("reads it again for 5 seconds when an older offset is given at first", () => {
    const driver = new Driver(new Brokers({ t: [10] })).start();
    const older = (metadata: string | null) => ({
      result: [{ topic: "t", partition: 0, offset: 3, metadata, failure: undefined }],
    });
    driver.brokers.on.committed = () => older(null);
    driver.run(7_000);
    expect([driver.phase, driver.ledger().committedOffset]).toEqual(["counting", 0]);
    driver.brokers.on.committed = (ask) => ({ result: driver.brokers.read(ask.partitions) });
    driver.run(500);
    expect([driver.phase, driver.ledger().committedOffset]).toEqual(["counting", 10]);

    const never = new Driver(new Brokers({ t: [10] })).start();
    never.brokers.on.committed = () => older("dlr1:x");
    never.run(8_500);
    expect(never.phase).toBe("counting");
    never.run(1_000);
    expect(never.phase).toBe("failed");
    expect(never.obstacle).toContain("returned another offset");
  });

  it("proves nothing by what is read back late, for the generation before", () => {
    const driver = new Driver(new Brokers({ t: [10] })).start();
    driver.hang("committed").run(5_000);
    const late = driver.last("committed");
    driver.brokers.on.committed = (ask) => ({ result: driver.brokers.read(ask.partitions) });
    driver.brokers.generation = 7;
    driver.until(() => driver.member.rebalances === 2).run(10);
    driver.reply(late, { result: driver.brokers.read(late.partitions) });
    driver.brokers.log("t", 0).high = 20;
    const reads = driver.all("committed").length;
    driver.hang("committed").run(6_000);
    expect(driver.brokers.committed.get("t/0")?.offset).toBe(20);
    expect(driver.all("committed").length).toBe(reads + 1);
    expect(driver.ledger().committedOffset).toBe(10);
  });

  it("reads it again when that fails, however often", () => {
    const driver = new Driver(new Brokers({ t: [10] })).start();
    driver.brokers.on.committed = () => ({ failure: failureOf("other") });
    driver.run(15_000);
    expect([driver.phase, driver.ledger().committedOffset]).toEqual(["counting", 0]);
    driver.brokers.on.committed = (ask) => ({ result: driver.brokers.read(ask.partitions) });
    driver.run(500);
    expect(driver.ledger().committedOffset).toBe(10);
  });
});
