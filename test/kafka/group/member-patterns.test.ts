import { describe, expect, it } from "vitest";
import { Brokers } from "./brokers.ts";
import { Driver } from "./driver.ts";
import { ids } from "./support.ts";

/** The subscription in each join except the first, which asks for a member id. */
function joinsOf(driver: Driver): readonly (readonly string[])[] {
  return driver.all("join").flatMap(({ memberId, topics }) => (memberId === "" ? [] : [topics]));
}

describe("GroupMember with patterns of topics", () => {
  it("joins with what matches, once it knows that", () => {
    const driver = new Driver(new Brokers({ "sms.a": [4], voice: [9] }), [/sms\..*/]).start();
    expect(driver.all("metadata").every(({ all }) => all)).toBe(true);
    expect(joinsOf(driver)).toEqual([["sms.a"]]);
    expect([...driver.member.holdings.ledgers].map(({ topic, next }) => [topic, next])).toEqual([
      ["sms.a", 4],
    ]);
    expect(driver.obstacle).toBeUndefined();
  });

  it("asks for named topics alone where there is no pattern", () => {
    const driver = new Driver().start();
    expect(driver.all("metadata").every(({ all }) => !all)).toBe(true);
  });

  it("takes a new topic up within the interval, from its first record, and counts on in the others", () => {
    const driver = new Driver(new Brokers({ "sms.a": [4] }), [/sms\..*/]).start();
    driver.brokers.make("sms.b", ids.b, [7, 2]);
    driver.run(driver.member.settings.metadataIntervalMs);
    driver.run(1_000);
    expect(joinsOf(driver)).toEqual([["sms.a"], ["sms.a", "sms.b"]]);
    const counted = [...driver.member.holdings.ledgers].map(({ topic, partition, next }) => [
      `${topic}/${partition}`,
      next,
    ]);
    expect(Object.fromEntries(counted)).toEqual({ "sms.a/0": 4, "sms.b/0": 7, "sms.b/1": 2 });
  });

  it("waits for a topic that matches, says so, and takes the first one up", () => {
    const driver = new Driver(new Brokers({ voice: [9] }), [/sms\..*/, /mms/]).start();
    expect(driver.obstacle).toBe("waiting for topics that match sms\\..*, mms");
    expect(driver.phase).toBe("counting");
    driver.brokers.make("mms", ids.a, [3]);
    driver.run(driver.member.settings.metadataIntervalMs + 1_000);
    expect(driver.obstacle).toBeUndefined();
    expect([...driver.member.holdings.ledgers].map(({ topic, next }) => [topic, next])).toEqual([["mms", 3]]);
  });

  it("says of a topic that is gone that it does not exist, and forgets it after a minute", () => {
    const driver = new Driver(new Brokers({ "sms.a": [4], "sms.b": [1] }), [/sms\..*/]).start();
    driver.brokers.remove("sms.b");
    driver.run(40_000);
    expect(driver.remarks).toContain("topic sms.b does not exist; it will be read as soon as it does");
    driver.run(120_000);
    expect(driver.remarks).toEqual([]);
    expect([...driver.member.holdings.ledgers].map(({ topic }) => topic)).toEqual(["sms.a"]);
    expect(driver.all("join").at(-1)?.topics).toEqual(["sms.a"]);
  });

  it("tells the group of a topic that appears while it joins", () => {
    const driver = new Driver(new Brokers({ "sms.a": [4] }), [/sms\..*/]);
    driver.brokers.on.join = (ask) => {
      if (!driver.brokers.topics.has("sms.b")) driver.brokers.make("sms.b", ids.b, [7]);
      return driver.brokers.join(ask);
    };
    driver.start().run(5_000);
    expect(driver.all("join").at(-1)?.topics).toEqual(["sms.a", "sms.b"]);
    expect([...driver.member.holdings.ledgers].map(({ next }) => next)).toEqual([4, 7]);
  });
});
