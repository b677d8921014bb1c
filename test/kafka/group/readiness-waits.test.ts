import { describe, expect, it } from "vitest";
import { absentTopics, waitOf } from "../../../src/kafka/group/readiness.ts";
import { Brokers, fetched } from "./brokers.ts";
import { Driver } from "./driver.ts";
import { failureOf } from "./support.ts";

/** What each owned partition waits for; those that are read are left out. */
function waits({ member, now }: Driver): Record<string, string> {
  const all = [...member.holdings.partitions].map((one) => [one.key, waitOf(one, member, now)] as const);
  return Object.fromEntries(all.flatMap(([key, why]) => (why === undefined ? [] : [[key, why]])));
}

function counting(topics: Readonly<Record<string, readonly number[]>>): Driver {
  return new Driver(new Brokers(topics), Object.keys(topics), { metadataIntervalMs: 2_000 })
    .start()
    .run(6_000);
}

describe("an owned partition", () => {
  it("waits for nothing while it is read", () => {
    expect(waits(counting({ t: [10, 0] }))).toEqual({});
  });

  it("waits for a leader", () => {
    const driver = counting({ t: [10, 10] });
    driver.brokers.lead("t", [1, -1]);
    expect(waits(driver.run(60_000))).toEqual({ "t/1": "has no leader" });
  });

  it("waits for what it has committed", () => {
    const driver = new Driver(new Brokers({ t: [10] }), ["t"]);
    driver.brokers.on.committed = () => ({ failure: failureOf("no_answer") });
    expect(waits(driver.start().run(6_000))).toEqual({ "t/0": "is loading its committed counts" });
  });

  it("waits for a broker that does not answer, and says since when and why", () => {
    const driver = counting({ t: [10] });
    driver.brokers.on.fetch = () => ({ failure: failureOf("no_answer") });
    const [why = ""] = Object.values(waits(driver.run(60_000)));
    expect(why).toMatch(/^has waited for broker 1 for \d\d s: why no_answer$/);
  });

  it("waits for records that can be read", () => {
    const driver = counting({ t: [10] });
    driver.brokers.on.fetch = (ask) => {
      const reply = driver.brokers.fetch(ask);
      if (!("result" in reply)) return reply;
      return {
        ...reply,
        result: reply.result.map((part) => fetched(part, { failure: failureOf("corrupt") })),
      };
    };
    expect(waits(driver.run(60_000))).toEqual({ "t/0": "can't be read: why corrupt" });
  });
});

it("a topic that does not exist, or of which nothing can be said, is told with its reason", () => {
  const brokers = new Brokers({ t: [10] });
  brokers.troubled.set("u", failureOf("topic_unauthorized"));
  const driver = new Driver(brokers, ["t", "u", "v"]).start();
  expect(absentTopics(driver.member).map(({ topic, words }) => [topic, words])).toEqual([
    ["u", "topic u can't be accessed: why topic_unauthorized"],
    ["v", "topic v does not exist; it will be read as soon as it does"],
  ]);
});
