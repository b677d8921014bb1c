import { describe, expect, it } from "vitest";
import type { Answer } from "../../../src/kafka/group/asks.ts";
import { Subscription } from "../../../src/kafka/group/subscription.ts";
import { failureOf, logbook, patternOf, planOf } from "./support.ts";

function begin(...said: readonly (string | RegExp)[]) {
  const { log, lines } = logbook();
  const plans = said.map((one) => (typeof one === "string" ? planOf(one) : patternOf(one)));
  const subscription = new Subscription(plans, log);
  /** Surveys a cluster with these topics. @returns those of interest */
  const survey = (topics: readonly string[], now = 0, others: readonly string[] = []) => {
    const view = new Map(topics.map((topic) => [topic, { id: undefined, leaders: [1] }]));
    const ask = { kind: "metadata", topics: [], all: true } as const;
    const answer: Answer<"metadata"> = {
      ask,
      result: { id: undefined, topics: view, troubled: new Map(), brokers: new Map() },
    };
    const seen = subscription.survey(answer, others, now);
    return seen.failure === undefined ? [...seen.result.topics.keys()] : [];
  };
  return { subscription, survey, lines };
}

describe("a subscription", () => {
  it("is what is named, where there is no pattern, and knows it from the start", () => {
    const { subscription, survey } = begin("b", "a");
    expect(subscription).toMatchObject({ isOpen: false, isKnown: true, topics: ["b", "a"], patterns: [] });
    expect(survey(["a", "sms.x"])).toEqual(["a", "sms.x"]);
    expect(subscription.topics).toEqual(["b", "a"]);
  });

  it("takes up what matches, behind what is named, and shows nothing else of the cluster", () => {
    const { subscription, survey } = begin("named", /sms\..*/);
    expect(subscription).toMatchObject({ isOpen: true, isKnown: false, topics: ["named"] });
    expect(survey(["sms.b", "voice.a", "sms.a", "of.another.member"], 0, ["of.another.member"])).toEqual([
      "sms.b",
      "sms.a",
      "of.another.member",
    ]);
    expect(subscription).toMatchObject({ isKnown: true, topics: ["named", "sms.a", "sms.b"] });
    expect(subscription.planOf("sms.a")?.topic).toBe("sms.a");
    expect(subscription.planOf("voice.a")).toBeUndefined();
  });

  it("has another list of topics when there are others, and the same one as long as there are not", () => {
    const { subscription, survey } = begin(/sms\..*/);
    survey(["sms.a"]);
    const { topics } = subscription;
    survey(["sms.a", "voice.b"]);
    expect(subscription.topics).toBe(topics);
    survey(["sms.a", "voice.b", "sms.c"]);
    expect(subscription.topics).toEqual(["sms.a", "sms.c"]);
  });

  it("is what its name says before any pattern, then what the first pattern says; the log tells of the second", () => {
    const { subscription, survey, lines } = begin(/sms\..*/, "sms.named", /sms\.c.*/);
    survey(["sms.named", "sms.cn", "sms.x"]);
    expect(subscription.topics).toEqual(["sms.named", "sms.cn", "sms.x"]);
    expect(lines).toHaveLength(2);
  });

  it("never has Kafka's own topics", () => {
    const { subscription, survey } = begin(/.*/);
    survey(["__consumer_offsets", "__transaction_state", "_schemas"]);
    expect(subscription.topics).toEqual(["_schemas"]);
  });

  it("gives a topic up that is gone for a minute, and takes it up again", () => {
    const { subscription, survey } = begin("named", /sms\..*/);
    survey(["sms.a"], 0);
    survey([], 1_000);
    survey([], 60_999);
    expect(subscription.topics).toEqual(["named", "sms.a"]);
    survey(["sms.a"], 61_000);
    survey([], 62_000);
    survey([], 121_999);
    expect(subscription.topics).toEqual(["named", "sms.a"]);
    survey([], 122_000);
    expect(subscription.topics).toEqual(["named"]);
    expect(subscription.planOf("sms.a")).toBeUndefined();
    survey(["sms.a"], 123_000);
    expect(subscription.topics).toEqual(["named", "sms.a"]);
  });

  it("keeps what it knows where nothing was answered", () => {
    const { subscription, survey } = begin(/sms\..*/);
    survey(["sms.a"]);
    const ask = { kind: "metadata", topics: [], all: true } as const;
    subscription.survey({ ask, failure: failureOf("unreachable") }, [], 1e9);
    expect(subscription.topics).toEqual(["sms.a"]);
  });
});
