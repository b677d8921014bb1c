import { brokerFailure, type Failure } from "../failure.ts";
import type { CommitEntry, CommittedEntry, MemberSubscription, Partitions } from "../group/asks.ts";
import type { PartitionId } from "../partition-id.ts";
import type { Api } from "./api.ts";
import { byTopic } from "./by-topic.ts";
import { Reader, Writer } from "./bytes.ts";

/** The protocol type and assignor that members of a group must share; also those of kafkajs, and of 0.1. */
const protocol = { type: "consumer", name: "RoundRobinAssigner" } as const;

/** A member of one generation. */
export interface MemberRequest {
  readonly group: string;
  readonly memberId: string;
  readonly generation: number;
}

interface JoinRequest {
  readonly group: string;
  readonly memberId: string;
  readonly sessionTimeoutMs: number;
  readonly topics: readonly string[];
  readonly round: number;
}

interface JoinResponse {
  readonly failure: Failure | undefined;
  readonly memberId: string;
  readonly generation: number;
  readonly leader: boolean;
  readonly members: readonly MemberSubscription[];
}

/** Asks to join the next generation; answered when all members have joined. */
export const joinGroup: Api<JoinRequest, JoinResponse> = {
  name: "JoinGroup",
  key: 11,
  versions: [
    {
      version: 5,
      flexible: false,
      write: ({ group, memberId, sessionTimeoutMs, topics, round }, writer) =>
        writer
          .string(group)
          .int32(sessionTimeoutMs)
          .int32(rebalanceTimeoutMs(sessionTimeoutMs))
          .string(memberId)
          .string(null)
          .string(protocol.type)
          .array([protocol.name], (name, to) => to.string(name).bytes(subscription(topics, round))),
      read: (reader) => {
        reader.int32();
        const failure = brokerFailure(reader.int16());
        const generation = reader.int32();
        reader.string(); // assignor
        const leader = reader.string();
        const memberId = reader.string() ?? "";
        const members = reader.array(() => {
          const member = reader.string() ?? "";
          reader.string(); // static member id
          return { memberId: member, topics: subscribedTopics(reader.bytes()) };
        });
        return { failure, memberId, generation, leader: leader === memberId, members };
      },
    },
  ],
};

/**
 * How long the group waits for its members to join, and then to sync. Each does so as soon as it hears of a rebalance
 * and has committed once more: a member that has not by then is dead, and all others wait for it.
 */
function rebalanceTimeoutMs(sessionTimeoutMs: number): number {
  return Math.min(sessionTimeoutMs, Math.max(5_000, Math.ceil(sessionTimeoutMs / 2)));
}

function subscription(topics: readonly string[], round: number): Buffer {
  const writer = new Writer().int16(0).array(topics, (topic, to) => to.string(topic));
  return writer.bytes(new Writer().int32(round).buffer).buffer;
}

/** The topics in a member's subscription; other programs append more, or write something else. */
function subscribedTopics(bytes: Buffer | null): string[] {
  try {
    const reader = new Reader(bytes ?? Buffer.alloc(0));
    reader.int16();
    return reader.array(() => reader.string() ?? "");
  } catch {
    return [];
  }
}

/** Gets a member's assignment; the leader sends everybody's. */
export const syncGroup: Api<
  MemberRequest & { readonly shares: ReadonlyMap<string, Partitions> },
  { readonly failure: Failure | undefined; readonly share: Partitions }
> = {
  name: "SyncGroup",
  key: 14,
  versions: [
    {
      version: 1,
      flexible: false,
      write: ({ group, generation, memberId, shares }, writer) =>
        writer
          .string(group)
          .int32(generation)
          .string(memberId)
          .array([...shares], ([member, share], to) => to.string(member).bytes(assignment(share))),
      read: (reader) => {
        reader.int32();
        return { failure: brokerFailure(reader.int16()), share: assignedPartitions(reader.bytes()) };
      },
    },
  ],
};

function assignment(share: Partitions): Buffer {
  return new Writer()
    .int16(0)
    .array(Object.entries(share), ([topic, partitions], to) =>
      to.string(topic).array(partitions, (partition, into) => into.int32(partition)),
    )
    .bytes(Buffer.alloc(0)).buffer;
}

function assignedPartitions(bytes: Buffer | null): Partitions {
  if (bytes === null || bytes.length === 0) return {};
  const reader = new Reader(bytes);
  reader.int16();
  return Object.fromEntries(reader.array(() => [reader.string() ?? "", reader.array(() => reader.int32())]));
}

type Acknowledged = { readonly failure: Failure | undefined };

const acknowledged = (reader: Reader): Acknowledged => {
  reader.int32();
  return { failure: brokerFailure(reader.int16()) };
};

export const heartbeat: Api<MemberRequest, Acknowledged> = {
  name: "Heartbeat",
  key: 12,
  versions: [
    {
      version: 1,
      flexible: false,
      write: ({ group, generation, memberId }, writer) =>
        writer.string(group).int32(generation).string(memberId),
      read: acknowledged,
    },
  ],
};

export const leaveGroup: Api<{ readonly group: string; readonly memberId: string }, Acknowledged> = {
  name: "LeaveGroup",
  key: 13,
  versions: [
    {
      version: 1,
      flexible: false,
      write: ({ group, memberId }, writer) => writer.string(group).string(memberId),
      read: acknowledged,
    },
  ],
};

interface GroupDescription {
  readonly failure: Failure | undefined;
  readonly state: string;
  readonly owned: readonly Partitions[];
}

/** The members and their partitions. */
export const describeGroup: Api<string, GroupDescription> = {
  name: "DescribeGroups",
  key: 15,
  versions: [
    {
      version: 1,
      flexible: false,
      write: (group, writer) => writer.array([group], (name, to) => to.string(name)),
      read: (reader) => {
        reader.int32();
        const [group] = reader.array((): GroupDescription => {
          const failure = brokerFailure(reader.int16());
          reader.string();
          const state = reader.string() ?? "";
          reader.string();
          reader.string();
          const owned = reader.array(() => {
            for (let text = 0; text < 3; text++) reader.string(); // id, client, host
            reader.bytes(); // subscription
            return assignedPartitions(reader.bytes());
          });
          return { failure, state, owned };
        });
        return group ?? { failure: brokerFailure(-1), state: "", owned: [] };
      },
    },
  ],
};

/** Commits offsets, each with its metadata. */
export const offsetCommit: Api<
  MemberRequest & { readonly entries: readonly CommitEntry[] },
  readonly (PartitionId & { readonly failure: Failure | undefined })[]
> = {
  name: "OffsetCommit",
  key: 8,
  versions: [
    {
      version: 5,
      flexible: false,
      write: ({ group, generation, memberId, entries }, writer) =>
        writer
          .string(group)
          .int32(generation)
          .string(memberId)
          .array(byTopic(entries), ([topic, parts], to) =>
            to
              .string(topic)
              .array(parts, ({ partition, offset, metadata }, into) =>
                into.int32(partition).int64(offset).string(metadata),
              ),
          ),
      read: (reader) => {
        reader.int32();
        return reader
          .array(() => {
            const topic = reader.string() ?? "";
            return reader.array(() => ({
              topic,
              partition: reader.int32(),
              failure: brokerFailure(reader.int16()),
            }));
          })
          .flat();
      },
    },
  ],
};

/** Reads committed offsets. */
export const offsetFetch: Api<
  { readonly group: string; readonly partitions: readonly PartitionId[] },
  { readonly failure: Failure | undefined; readonly committed: readonly CommittedEntry[] }
> = {
  name: "OffsetFetch",
  key: 9,
  versions: [
    {
      version: 3,
      flexible: false,
      write: ({ group, partitions }, writer) =>
        writer
          .string(group)
          .array(byTopic(partitions), ([topic, parts], to) =>
            to.string(topic).array(parts, ({ partition }, into) => into.int32(partition)),
          ),
      read: (reader) => {
        reader.int32();
        const committed = reader
          .array(() => {
            const topic = reader.string() ?? "";
            return reader.array(() => ({
              topic,
              partition: reader.int32(),
              offset: reader.int64(),
              metadata: reader.string(),
              failure: brokerFailure(reader.int16()),
            }));
          })
          .flat();
        return { failure: brokerFailure(reader.int16()), committed };
      },
    },
  ],
};
