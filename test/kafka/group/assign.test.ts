import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MemberSubscription, Partitions } from "../../../src/kafka/group/asks.ts";
import { assign } from "../../../src/kafka/group/assign.ts";

function sizeOf(share: Partitions | undefined): number {
  return Object.values(share ?? {}).reduce((sum, partitions) => sum + partitions.length, 0);
}

describe("assign", () => {
  it("shares the partitions out evenly, each once", () => {
    const members = ["b", "a"].map((memberId) => ({ memberId, topics: ["t", "u"] }));
    const counts = new Map([
      ["u", 2],
      ["t", 3],
    ]);
    expect(assign(members, counts)).toEqual(
      new Map([
        ["a", { t: [0, 2], u: [1] }],
        ["b", { t: [1], u: [0] }],
      ]),
    );
  });

  it("gives a topic to those that subscribed to it, and each of them what evens the others' topics out", () => {
    const members = [
      { memberId: "a", topics: ["t"] },
      { memberId: "b", topics: ["t", "u"] },
    ];
    const counts = new Map([
      ["t", 3],
      ["u", 1],
    ]);
    expect(assign(members, counts)).toEqual(
      new Map([
        ["a", { t: [0, 2] }],
        ["b", { t: [1], u: [0] }],
      ]),
    );
  });

  it("gives a member with no topic, a topic with no subscriber and one that does not exist nothing", () => {
    const members = [
      { memberId: "a", topics: ["t", "missing"] },
      { memberId: "b", topics: [] },
    ];
    const counts = new Map([
      ["t", 1],
      ["nobody's", 5],
      ["empty", 0],
    ]);
    expect(assign(members, counts)).toEqual(
      new Map([
        ["a", { t: [0] }],
        ["b", {}],
      ]),
    );
    expect(assign([], counts)).toEqual(new Map());
  });

  it("takes any name of a topic for one", () => {
    for (const topic of ["constructor", "toString", "__proto__"]) {
      const shares = assign([{ memberId: "a", topics: [topic] }], new Map([[topic, 2]]));
      expect(Object.entries(shares.get("a") ?? {})).toEqual([[topic, [0, 1]]]);
    }
  });

  /** Names that collide often, so that subscriptions overlap. */
  const topic = fc.constantFrom("t", "u", "v", "w", "constructor", "__proto__");
  const counts = fc.array(fc.tuple(topic, fc.nat(12))).map((entries) => new Map(entries));
  const members = fc
    .uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { maxLength: 6 })
    .chain((names) =>
      fc.tuple(...names.map((memberId) => fc.uniqueArray(topic).map((topics) => ({ memberId, topics })))),
    );

  it("gives every partition of a topic that somebody subscribed to, to one of those, and nothing else", () => {
    fc.assert(
      fc.property(members, counts, (all: readonly MemberSubscription[], sizes) => {
        const shares = assign(all, sizes);
        expect([...shares.keys()].sort()).toEqual(all.map(({ memberId }) => memberId).sort());
        const given = [...shares].flatMap(([memberId, share]) =>
          Object.entries(share).flatMap(([name, partitions]) => {
            expect(all.find((member) => member.memberId === memberId)?.topics).toContain(name);
            return partitions.map((partition) => `${name}/${partition}`);
          }),
        );
        const wanted = [...sizes].flatMap(([name, size]) =>
          all.some(({ topics }) => topics.includes(name))
            ? Array.from({ length: size }, (_, partition) => `${name}/${partition}`)
            : [],
        );
        expect(given.sort()).toEqual(wanted.sort());
      }),
    );
  });

  it("gives nobody two more than another with the same topics", () => {
    fc.assert(
      fc.property(members, counts, (all, sizes) => {
        const topics = ["t", "u", "v"];
        const equal = all.map(({ memberId }) => ({ memberId, topics }));
        const shares = [...assign(equal, sizes).values()].map(sizeOf);
        expect(Math.max(0, ...shares) - Math.min(...shares, Number.POSITIVE_INFINITY)).toBeLessThanOrEqual(1);
        // Also beside members with others.
        const mixed = assign(
          [...all, { memberId: "same one", topics }, { memberId: "same two", topics }],
          sizes,
        );
        const [one, two] = [sizeOf(mixed.get("same one")), sizeOf(mixed.get("same two"))];
        expect(Math.abs(one - two)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("gives the same whatever the order in which members and topics are told", () => {
    fc.assert(
      fc.property(members, counts, fc.boolean(), (all, sizes, flip) => {
        const others = flip ? [...all].reverse() : [...all].sort((a, b) => a.topics.length - b.topics.length);
        const shuffled = new Map([...sizes].reverse());
        expect(assign(others, shuffled)).toEqual(assign(all, sizes));
        expect([...assign(others, shuffled).keys()]).toEqual([...assign(all, sizes).keys()]);
      }),
    );
  });
});
