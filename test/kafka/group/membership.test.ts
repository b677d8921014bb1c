import { describe, expect, it } from "vitest";
import type { FailureCode } from "../../../src/kafka/failure.ts";
import type { Answer, Ask } from "../../../src/kafka/group/asks.ts";
import { Membership } from "../../../src/kafka/group/membership.ts";
import { Requests } from "../../../src/kafka/group/requests.ts";
import { failureOf } from "./support.ts";

const sessionTimeoutMs = 30_000;

/** A member of no group yet, at moment 0, and what it asks when something is done. */
function newcomer() {
  const requests = new Requests();
  const membership = new Membership({ topics: ["t"], isKnown: true }, sessionTimeoutMs, requests, 0);
  const asksOf = (now: number, act: () => void): readonly Ask[] => {
    requests.begin(now);
    act();
    const made = requests.end();
    for (const ask of made) requests.answered(ask);
    return made;
  };
  const join = (now: number) => asksOf(now, () => membership.join(1));
  return { membership, requests, asksOf, join };
}

const ask = { kind: "join", broker: 1, memberId: "", topics: ["t"], round: 0 } as const;

function taken(memberId: string): Answer<"join"> {
  return { ask, result: { memberId, generation: 3, leader: false, members: [] } };
}

function refused(code: FailureCode, memberId?: string): Answer<"join"> {
  return { ask, failure: failureOf(code), ...(memberId === undefined ? {} : { memberId }) };
}

describe("a member joins", () => {
  it("without an id at first, then with the one that it was told to take, at once", () => {
    const { membership, join } = newcomer();
    expect(join(0)).toEqual([ask]);
    expect(membership.onJoin(refused("member_id_required", "m-1"), 10)).toBeUndefined();
    expect(join(10)).toEqual([{ ...ask, memberId: "m-1" }]);
  });

  it("with its id again, and without when the group has forgotten it", () => {
    const { membership, join } = newcomer();
    expect(membership.onJoin(taken("m-1"), 0)).toBeUndefined();
    expect(membership.credentials(2, 3)).toEqual({ broker: 2, memberId: "m-1", generation: 3 });
    expect(join(10)).toEqual([{ ...ask, memberId: "m-1" }]);
    expect(membership.onJoin(refused("unknown_member"), 10)).toBeUndefined();
    expect(join(10)).toEqual([ask]);
    membership.onJoin(taken("m-2"), 20);
    membership.forgotten();
    expect(join(20)).toEqual([ask]);
  });

  it("later after a refusal, ever later, and at once when it was taken in between", () => {
    const { membership, join } = newcomer();
    const failure = failureOf("other");
    expect(membership.onJoin(refused(failure.code), 1_000)).toEqual(failure);
    expect(join(1_199)).toEqual([]);
    expect(join(1_200)).toHaveLength(1);
    membership.onJoin(refused(failure.code), 1_200);
    expect(join(1_599)).toEqual([]);
    membership.onJoin(taken("m"), 1_599);
    expect(join(1_599)).toHaveLength(1);
  });

  it("with another round than before when the group is to begin anew", () => {
    const { membership, join } = newcomer();
    membership.beginAnew();
    expect(join(0)).toEqual([{ ...ask, round: 1 }]);
  });

  it("neither before it knows whom to ask, nor while an answer is waited for", () => {
    const { membership, requests, join, asksOf } = newcomer();
    expect(asksOf(0, () => membership.join(undefined))).toEqual([]);
    requests.make("membership", ask);
    requests.end();
    expect(join(0)).toEqual([]);
    membership.drop();
    expect(join(0)).toHaveLength(1);
  });
});

describe("a member is heard of", () => {
  it("ten times in each session timeout from when it has its share, one heartbeat at a time", () => {
    const { membership, requests } = newcomer();
    const by = { broker: 1, memberId: "m", generation: 3 };
    membership.settled(1_000);
    expect(membership.heardAt).toBe(1_000);
    const beat = (now: number) => {
      requests.begin(now);
      membership.heartbeat(by, now);
      return requests.end();
    };
    expect(beat(3_999)).toEqual([]);
    expect(requests.wakeAt).toBe(4_000);
    const [first] = beat(4_000);
    expect(first).toEqual({ kind: "heartbeat", ...by });
    expect(beat(7_000)).toEqual([]);
    if (first !== undefined) requests.answered(first);
    const [second] = beat(7_000);
    expect(second).toEqual(first);
    if (second !== undefined) requests.answered(second);
    expect(beat(9_999)).toEqual([]);
    expect(beat(10_000)).toHaveLength(1);
  });
});

describe("a member leaves", () => {
  it("the group that knows it, and no other", () => {
    const { membership, asksOf } = newcomer();
    const left: boolean[] = [];
    const leave = (broker: number | undefined) => asksOf(0, () => left.push(membership.leave(broker)));
    expect(leave(1)).toEqual([]);
    membership.onJoin(taken("m"), 0);
    expect(leave(undefined)).toEqual([]);
    expect(leave(1)).toEqual([{ kind: "leave", broker: 1, memberId: "m" }]);
    expect(left).toEqual([false, false, true]);
  });
});
