import { describe, expect, it } from "vitest";
import type { Answer, ClusterView, Partitions } from "../../../src/kafka/group/asks.ts";
import { Neighbours } from "../../../src/kafka/group/neighbours.ts";
import { Requests } from "../../../src/kafka/group/requests.ts";
import { failureOf, logbook } from "./support.ts";

function begin(...own: readonly string[]) {
  const requests = new Requests();
  const { log, lines } = logbook();
  const neighbours = new Neighbours({ topics: own }, requests, log);
  const survey = (counts: Readonly<Record<string, number>>) => {
    const topics = Object.entries(counts).map(
      ([topic, count]) =>
        [topic, { id: undefined, leaders: Array.from({ length: count }, () => 1) }] as const,
    );
    const view: ClusterView = {
      id: undefined,
      topics: new Map(topics),
      troubled: new Map(),
      brokers: new Map(),
    };
    neighbours.survey(view);
  };
  const asked = (now: number) => {
    requests.begin(now);
    neighbours.pump(1, now);
    return requests.end().length;
  };
  const tell = (owners: Partitions | undefined, now: number) => {
    requests.drop("owners");
    const answer: Answer<"owners"> = { ask: { kind: "owners", broker: 1 }, result: owners };
    neighbours.onOwners(answer, now);
  };
  return { requests, neighbours, survey, asked, tell, lines };
}

describe("Neighbours", () => {
  it("know of every topic that a member subscribed to, for the one that leads", () => {
    const { neighbours, survey } = begin("t");
    expect(neighbours.topics).toEqual(["t"]);
    neighbours.joined([
      { memberId: "a", topics: ["t"] },
      { memberId: "b", topics: ["v", "t"] },
    ]);
    expect(neighbours.topics).toEqual(["t", "v"]);
    survey({ t: 2, v: 1, other: 9 });
    expect(neighbours.share()).toEqual(
      new Map([
        ["t", 2],
        ["v", 1],
      ]),
    );
    neighbours.joined([]);
    expect(neighbours.topics).toEqual(["t"]);
  });

  it("find that there are other partitions than were shared out", () => {
    const { neighbours, survey } = begin("t", "u");
    survey({ t: 2 });
    expect(neighbours.grown).toBe(false);
    neighbours.joined([{ memberId: "a", topics: ["t", "u"] }]);
    neighbours.share();
    expect(neighbours.grown).toBe(false);
    survey({ t: 2, other: 5 });
    expect(neighbours.grown).toBe(false);
    survey({ t: 2, u: 1 });
    expect(neighbours.grown).toBe(true);
    neighbours.share();
    expect(neighbours.grown).toBe(false);
    // A topic that is away may come back: to share out without it would only make for two rebalances.
    survey({ t: 2 });
    expect(neighbours.grown).toBe(false);
    survey({ t: 0, u: 1 });
    expect(neighbours.grown).toBe(false);
    survey({ t: 1, u: 1 });
    expect(neighbours.grown).toBe(true);
    // Another leads the group now.
    neighbours.joined([]);
    expect(neighbours.grown).toBe(false);
  });

  it("ask who owns what 2 seconds after a share was received, and every 30 seconds", () => {
    const { requests, neighbours, survey, asked, tell } = begin("t");
    survey({ t: 2 });
    neighbours.settled(1_000);
    expect(asked(2_999)).toBe(0);
    expect(requests.wakeAt).toBe(3_000);
    expect(asked(3_000)).toBe(1);
    expect(asked(40_000)).toBe(0);
    // The group is moving: that is known soon.
    tell(undefined, 40_000);
    expect(neighbours.unowned).toBeUndefined();
    expect(asked(41_999)).toBe(0);
    expect(asked(42_000)).toBe(1);
    tell({ t: [0, 1] }, 42_010);
    expect(neighbours.unowned).toEqual(new Map([["t", 0]]));
    expect(asked(71_999)).toBe(0);
    expect(asked(72_000)).toBe(1);
    requests.drop("owners");
    neighbours.onOwners({ ask: { kind: "owners", broker: 1 }, failure: failureOf("unknown") }, 72_010);
    expect(neighbours.unowned).toEqual(new Map([["t", 0]]));
    expect(asked(101_999)).toBe(0);
  });

  it("count the partitions that nobody owns, of its own topics alone", () => {
    const { neighbours, survey, tell, lines } = begin("t", "u", "constructor");
    survey({ t: 3, u: 2, constructor: 1, other: 4 });
    tell({ t: [1], u: [0, 1] }, 0);
    expect(neighbours.unowned).toEqual(
      new Map([
        ["t", 2],
        ["u", 0],
        ["constructor", 1],
      ]),
    );
    expect(
      lines.filter((line) => line.startsWith("warn no member of the group owns these partitions")),
    ).toHaveLength(2);
  });
});
