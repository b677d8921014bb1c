import fc from "fast-check";
import { AssignerProtocol } from "kafkajs";
import { describe, expect, it } from "vitest";
import type { Partitions } from "../../../src/kafka/group/asks.ts";
import * as apis from "../../../src/kafka/wire/group-apis.ts";
import {
  all,
  blob,
  foreignAnswer,
  foreignRequest,
  i16,
  i32,
  list,
  read,
  text,
  uvarint,
  written,
} from "./foreign.ts";

const member = { group: "g", memberId: "m1", generation: 7 };
const { MemberMetadata, MemberAssignment } = AssignerProtocol;

/** What a member says of itself, out of the join that we write. */
async function subscriptionIn(topics: readonly string[], round: number): Promise<Buffer> {
  const request = { group: "g", memberId: "m1", sessionTimeoutMs: 30_000, topics, round };
  const ours = written(apis.joinGroup, 5, request);
  // It is the last field, behind its size.
  const head = await foreignRequest("joinGroup", 5, {
    groupId: "g",
    sessionTimeout: 30_000,
    rebalanceTimeout: 15_000,
    memberId: "m1",
    protocolType: "consumer",
    groupProtocols: [{ name: "RoundRobinAssigner", metadata: Buffer.alloc(0) }],
  });
  const start = head.length;
  expect(ours.subarray(0, start - 4)).toEqual(head.subarray(0, start - 4));
  expect(ours.readInt32BE(start - 4)).toBe(ours.length - start);
  return ours.subarray(start);
}

/** What a member gets, out of the share that we write. */
function assignmentIn(share: Partitions): Buffer {
  const ours = written(apis.syncGroup, 1, { ...member, shares: new Map([["m1", share]]) });
  const start = all(text("g"), i32(7), text("m1"), i32(1), text("m1")).length;
  expect(ours.readInt32BE(start)).toBe(ours.length - start - 4);
  return ours.subarray(start + 4);
}

const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 20 }), { maxLength: 5 });

describe("JoinGroup", () => {
  it("says what kafkajs would, and what a member subscribed to so that kafkajs reads it", async () => {
    await fc.assert(
      fc.asyncProperty(names, fc.nat(2 ** 31 - 1), async (topics, round) => {
        const decoded = MemberMetadata.decode(await subscriptionIn(topics, round));
        expect(decoded).toMatchObject({ version: 0, topics });
        expect(decoded?.userData.readInt32BE()).toBe(round);
      }),
    );
  });

  it.each([
    { session: 30_001, rebalance: 15_001 },
    { session: 8_000, rebalance: 5_000 },
    { session: 4_000, rebalance: 4_000 },
  ])("has a rebalance take $rebalance ms of a session of $session", ({ session, rebalance }) => {
    const request = { group: "g", memberId: "", sessionTimeoutMs: session, topics: ["t"], round: 0 };
    const bytes = written(apis.joinGroup, 5, request);
    const at = text("g").length;
    expect([bytes.readInt32BE(at), bytes.readInt32BE(at + 4)]).toEqual([session, rebalance]);
  });

  it("is another with every round", async () => {
    expect(await subscriptionIn(["t"], 1)).not.toEqual(await subscriptionIn(["t"], 0));
    expect(await subscriptionIn(["t"], 1)).toEqual(await subscriptionIn(["t"], 1));
  });

  function joined(
    error: number,
    leader: string,
    members: readonly (readonly [string, Buffer | null])[],
  ): Buffer {
    const entries = members.map(([id, metadata]) => all(text(id), text(null), blob(metadata)));
    return all(
      i32(0),
      i16(error),
      i32(7),
      text("RoundRobinAssigner"),
      text(leader),
      text("m1"),
      list(...entries),
    );
  }

  it("tells the leader who subscribed to what, of other programs, too", async () => {
    const ours = await subscriptionIn(["t", "u"], 3);
    const bytes = joined(0, "m1", [
      ["m1", ours],
      ["m2", MemberMetadata.encode({ version: 0, topics: ["v"], userData: Buffer.alloc(0) })],
      // A later version has more behind the topics.
      ["m3", all(i16(3), list(text("w")), blob(null), list(), i32(-1), text("rack"))],
      ["m4", Buffer.from("?")],
      ["m5", null],
    ]);
    expect(read(apis.joinGroup, 5, bytes)).toEqual({
      failure: undefined,
      memberId: "m1",
      generation: 7,
      leader: true,
      members: [
        { memberId: "m1", topics: ["t", "u"] },
        { memberId: "m2", topics: ["v"] },
        { memberId: "m3", topics: ["w"] },
        { memberId: "m4", topics: [] },
        { memberId: "m5", topics: [] },
      ],
    });
    expect(await foreignAnswer("joinGroup", 5, bytes)).toMatchObject({ generationId: 7, leaderId: "m1" });
    expect(read(apis.joinGroup, 5, joined(0, "m2", []))).toMatchObject({ leader: false, members: [] });
  });

  it("gives the id to join with", () => {
    expect(read(apis.joinGroup, 5, joined(79, "", []))).toMatchObject({
      failure: { code: "member_id_required" },
      memberId: "m1",
    });
  });
});

describe("SyncGroup", () => {
  const shares = fc
    // kafkajs can't hold a topic of this name.
    .array(
      fc.tuple(
        fc.string({ minLength: 1, maxLength: 20 }).filter((name) => name !== "__proto__"),
        fc.array(fc.nat(1_000), { maxLength: 20 }),
      ),
    )
    .map((entries) => Object.fromEntries(entries));

  it("gives everybody what kafkajs reads, and reads what kafkajs gives", () => {
    fc.assert(
      fc.property(shares, (share) => {
        expect(MemberAssignment.decode(assignmentIn(share))).toMatchObject({ version: 0, assignment: share });
        const assignment = { ...share } as Record<string, number[]>;
        const theirs = MemberAssignment.encode({ version: 0, assignment, userData: Buffer.alloc(0) });
        const answer = read(apis.syncGroup, 1, all(i32(0), i16(0), blob(theirs)));
        expect(answer).toEqual({ failure: undefined, share });
      }),
    );
  });

  it("says what kafkajs would", async () => {
    const given = new Map<string, Partitions>([
      ["m1", { t: [0, 2] }],
      ["m2", {}],
    ]);
    const encode = (assignment: Record<string, number[]>) =>
      MemberAssignment.encode({ version: 0, assignment, userData: Buffer.alloc(0) });
    const groupAssignment = [
      { memberId: "m1", memberAssignment: encode({ t: [0, 2] }) },
      { memberId: "m2", memberAssignment: encode({}) },
    ];
    const options = { groupId: "g", generationId: 7, memberId: "m1", groupAssignment };
    expect(written(apis.syncGroup, 1, { ...member, shares: given })).toEqual(
      await foreignRequest("syncGroup", 1, options),
    );
  });

  it("gives nothing where nothing is said, and what the broker refuses", () => {
    for (const bytes of [blob(null), blob(Buffer.alloc(0))]) {
      expect(read(apis.syncGroup, 1, all(i32(0), i16(0), bytes)).share).toEqual({});
    }
    const refused = all(i32(0), i16(27), blob(Buffer.alloc(0)));
    expect(read(apis.syncGroup, 1, refused).failure?.code).toBe("rebalancing");
    const unreadable = all(i32(0), i16(0), blob(all(i16(0), uvarint(3))));
    expect(() => read(apis.syncGroup, 1, unreadable)).toThrow(RangeError);
  });
});

describe("Heartbeat and LeaveGroup", () => {
  it("say what kafkajs would, and take the broker's word", async () => {
    const options = { groupId: "g", groupGenerationId: 7, memberId: "m1" };
    expect(written(apis.heartbeat, 1, member)).toEqual(await foreignRequest("heartbeat", 1, options));
    expect(written(apis.leaveGroup, 1, member)).toEqual(await foreignRequest("leaveGroup", 1, options));
    for (const api of [apis.heartbeat, apis.leaveGroup]) {
      const heard = (error: number) => read<never, unknown>(api, 1, all(i32(100), i16(error)));
      expect(heard(0)).toEqual({ failure: undefined });
      expect(heard(25)).toMatchObject({ failure: { code: "unknown_member" } });
    }
  });
});

describe("DescribeGroups", () => {
  it("tells who owns what", async () => {
    expect(written(apis.describeGroup, 1, "g")).toEqual(
      await foreignRequest("describeGroups", 1, { groupIds: ["g"] }),
    );
    const owner = (id: string, assignment: Buffer | null) =>
      all(text(id), text("client"), text("/host"), blob(Buffer.from("subscription")), blob(assignment));
    const group = (error: number, state: string, ...members: readonly Buffer[]) =>
      all(
        i32(0),
        list(all(i16(error), text("g"), text(state), text("consumer"), text("x"), list(...members))),
      );
    const stable = group(0, "Stable", owner("m1", assignmentIn({ t: [1, 2] })), owner("m2", null));
    expect(read(apis.describeGroup, 1, stable)).toEqual({
      failure: undefined,
      state: "Stable",
      owned: [{ t: [1, 2] }, {}],
    });
    expect(await foreignAnswer("describeGroups", 1, stable)).toMatchObject({
      groups: [{ state: "Stable", members: [{ memberId: "m1" }, { memberId: "m2" }] }],
    });
    expect(read(apis.describeGroup, 1, group(16, "")).failure?.code).toBe("no_coordinator");
    expect(read(apis.describeGroup, 1, all(i32(0), list())).failure?.code).toBe("unknown");
  });
});
