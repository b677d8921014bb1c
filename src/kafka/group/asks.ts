import type { LogRecords } from "../../ledger/fold-records.ts";
import type { LogRange } from "../../ledger/partition-ledger.ts";
import type { Failure } from "../failure.ts";
import type { PartitionId } from "../partition-id.ts";

/** Partitions by topic, as assigned to a member. */
export type Partitions = Readonly<Record<string, readonly number[]>>;

/** A topic's metadata. */
export interface TopicView {
  /** Kafka's id of the topic, in hex; a recreated topic gets another. Absent before Kafka 2.8. */
  readonly id: string | undefined;
  /** The leader of each partition, by partition; -1 when it has none. */
  readonly leaders: readonly number[];
}

/** The cluster's latest metadata. A topic that does not exist is in neither map. */
export interface ClusterView {
  /** The cluster's id; undefined if its brokers have none. */
  readonly id: string | undefined;
  readonly topics: ReadonlyMap<string, TopicView>;
  /** Topics whose metadata is not available, with the broker's error: refused, or temporary. */
  readonly troubled: ReadonlyMap<string, Failure>;
  /** `host:port` of each broker, by its number. */
  readonly brokers: ReadonlyMap<number, string>;
}

/** A member's subscription, as the leader gets it. */
export interface MemberSubscription {
  readonly memberId: string;
  readonly topics: readonly string[];
}

export interface Joined {
  readonly memberId: string;
  readonly generation: number;
  readonly leader: boolean;
  /** All members, for the leader; empty for the others. */
  readonly members: readonly MemberSubscription[];
}

export interface CommitEntry extends PartitionId {
  readonly offset: number;
  readonly metadata: string;
}

export interface CommittedEntry extends PartitionId {
  /** -1 when nothing is committed. */
  readonly offset: number;
  readonly metadata: string | null;
  readonly failure: Failure | undefined;
}

export interface FetchFrom extends PartitionId {
  readonly offset: number;
  /** As in {@link TopicView}: the broker rejects the request if the topic has another id. */
  readonly topicId: string | undefined;
}

/** A partition's part of a fetch. */
export interface FetchedPartition extends PartitionId {
  readonly failure: Failure | undefined;
  readonly records: LogRecords;
  /** One past the last offset that the records cover; undefined when there are none. */
  readonly end: number | undefined;
  /** One past the log's last offset, open transactions included. */
  readonly logEnd: number;
}

/** A request of the member, which gets exactly one {@link Answer}. */
export type Ask =
  | {
      readonly kind: "metadata";
      readonly topics: readonly string[];
      /** Whether to include all other topics that this client may see. */
      readonly all: boolean;
    }
  | { readonly kind: "coordinator" }
  | {
      readonly kind: "join";
      readonly broker: number;
      readonly memberId: string;
      readonly topics: readonly string[];
      /** When this number changes, the group starts a new generation. */
      readonly round: number;
    }
  | {
      readonly kind: "sync";
      readonly broker: number;
      readonly memberId: string;
      readonly generation: number;
      /** The assignment of each member, from the leader; empty from the others. */
      readonly shares: ReadonlyMap<string, Partitions>;
    }
  | {
      readonly kind: "heartbeat";
      readonly broker: number;
      readonly memberId: string;
      readonly generation: number;
    }
  | { readonly kind: "leave"; readonly broker: number; readonly memberId: string }
  | { readonly kind: "owners"; readonly broker: number }
  | { readonly kind: "committed"; readonly broker: number; readonly partitions: readonly PartitionId[] }
  | {
      readonly kind: "commit";
      readonly broker: number;
      readonly memberId: string;
      readonly generation: number;
      readonly entries: readonly CommitEntry[];
    }
  | { readonly kind: "range"; readonly broker: number; readonly partitions: readonly PartitionId[] }
  | {
      readonly kind: "fetch";
      readonly broker: number;
      readonly partitions: readonly FetchFrom[];
      /** How long the broker may wait for more records before it returns few, in ms. */
      readonly waitMs: number;
    };

export type AskKind = Ask["kind"];
export type AskOf<K extends AskKind> = Extract<Ask, { kind: K }>;

/** The result of each request that was carried out. */
export interface Results {
  readonly metadata: ClusterView;
  readonly coordinator: number;
  readonly join: Joined;
  readonly sync: Partitions;
  readonly heartbeat: undefined;
  readonly leave: undefined;
  /** The partitions that the group's members own, all together; undefined during a rebalance. */
  readonly owners: Partitions | undefined;
  readonly committed: readonly CommittedEntry[];
  /** The result of each entry. */
  readonly commit: readonly (PartitionId & { readonly failure: Failure | undefined })[];
  readonly range: readonly (PartitionId & {
    readonly failure: Failure | undefined;
    readonly range: LogRange;
  })[];
  readonly fetch: readonly FetchedPartition[];
}

/** The one answer to a request. A join rejected for a missing member id contains the id to use. */
export type Answer<K extends AskKind = AskKind> = {
  [Kind in K]:
    | { readonly ask: AskOf<Kind>; readonly result: Results[Kind]; readonly failure?: undefined }
    | { readonly ask: AskOf<Kind>; readonly failure: Failure; readonly memberId?: string };
}[K];

/** Moves a member on: an answer, the passing of time, or the request to shut down. */
export type MemberEvent =
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "tick" }
  | { readonly kind: "stop" };
