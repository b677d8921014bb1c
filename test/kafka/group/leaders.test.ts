import { describe, expect, it } from "vitest";
import type { ClusterView, TopicView } from "../../../src/kafka/group/asks.ts";
import { byLeader, isMissing, leaderOf, markOf } from "../../../src/kafka/group/leaders.ts";
import { OwnedPartition } from "../../../src/kafka/group/owned-partition.ts";
import { failureOf, ids, logbook, planOf } from "./support.ts";

const { log } = logbook();

function owned(topic: string, partition: number): OwnedPartition {
  return new OwnedPartition(planOf(topic), partition, undefined, 0, log);
}

function viewOf(topics: Readonly<Record<string, readonly number[]>>, ...troubled: string[]): ClusterView {
  const known = Object.entries(topics).map(([name, leaders]): [string, TopicView] => [
    name,
    { id: undefined, leaders },
  ]);
  return {
    topics: new Map(known),
    id: undefined,
    troubled: new Map(troubled.map((name) => [name, failureOf("unknown")])),
    brokers: new Map(),
  };
}

const view = viewOf({ a: [0, 2, -1], b: [2] }, "c");

describe("the leader of a partition", () => {
  const rows = [
    { name: "is the broker that was told, 0 too", id: ["a", 0], leader: 0 },
    { name: "is told for each partition", id: ["a", 1], leader: 2 },
    { name: "is nobody while none leads", id: ["a", 2], leader: undefined },
    { name: "is not known of a partition that is new", id: ["b", 1], leader: undefined },
    { name: "is not known of a topic in trouble", id: ["c", 0], leader: undefined },
  ] as const;
  it.each(rows)("$name", ({ id: [topic, partition], leader }) => {
    expect(leaderOf(owned(topic, partition), view)).toBe(leader);
  });

  it("is not known before the cluster was told", () => {
    expect(leaderOf(owned("a", 0), undefined)).toBeUndefined();
  });

  it("gets its partitions together, and those of nobody are left out", () => {
    const [first, second, none, other] = [owned("a", 0), owned("a", 1), owned("a", 2), owned("b", 0)];
    expect([...byLeader([first, second, none, other], view)]).toEqual([
      [0, [first]],
      [2, [second, other]],
    ]);
  });
});

describe("a topic is missing", () => {
  const rows = [
    { name: "when nothing is said of it", topic: "d", view, missing: true },
    { name: "not when it is there", topic: "a", view, missing: false },
    { name: "not when the broker can't say, or may not", topic: "c", view, missing: false },
    { name: "not before the cluster was told", topic: "d", view: undefined, missing: false },
  ];
  it.each(rows)("$name", ({ topic, view: told, missing }) => {
    expect(isMissing(topic, told)).toBe(missing);
  });
});

describe("the mark of a topic's id", () => {
  it("tells two topics of one name, and is a number that is exact", () => {
    const largest = markOf("f".repeat(32));
    expect(largest).toBe(2 ** 52 - 1);
    expect(Number.isSafeInteger(largest)).toBe(true);
    expect(markOf(ids.a)).not.toBe(markOf(ids.b));
  });

  it("is the same with hyphens and without", () => {
    expect(markOf("01234567-89ab-cdef-0123-456789abcdef")).toBe(0x0123456789abc);
    expect(markOf("0123456789abcdef0123456789abcdef")).toBe(0x0123456789abc);
  });

  it("is none where brokers know no ids", () => {
    expect(markOf(undefined)).toBeUndefined();
  });
});
