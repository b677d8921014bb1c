import type { LogRecords } from "../../ledger/fold-records.ts";
import type { LogRange } from "../../ledger/partition-ledger.ts";
import type { Failure } from "../failure.ts";
import type { PartitionId } from "../partition-id.ts";

/** Partitions by topic: what a member of the group was given. */
export type Partitions = Readonly<Record<string, readonly number[]>>;

/** What the brokers say of one topic. */
export interface TopicView {
  /** Kafka's id of this very topic, in hex: one that is deleted and made anew gets another. Absent before Kafka 2.8. */
  readonly id: string | undefined;
  /** The broker that leads each partition, by partition; -1 when none does. */
  readonly leaders: readonly number[];
}

/** The cluster as it was told last. A topic that does not exist is in none of the two. */
export interface ClusterView {
  readonly topics: ReadonlyMap<string, TopicView>;
  /** Topics of which nothing can be said, with the broker's error: refused, or in passing. */
  readonly troubled: ReadonlyMap<string, Failure>;
  /** `host:port` of each broker, by its number. */
  readonly brokers: ReadonlyMap<number, string>;
}

/** One member of the group as its leader sees it. */
export interface MemberSubscription {
  readonly memberId: string;
  readonly topics: readonly string[];
}

export interface Joined {
  readonly memberId: string;
  readonly generation: number;
  readonly leader: boolean;
  /** Everybody, for the leader; nobody for the others. */
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
  /** As in {@link TopicView}: the broker refuses when the topic is another by now. */
  readonly topicId: string | undefined;
}

/** What a fetch gave of one partition. */
export interface FetchedPartition extends PartitionId {
  readonly failure: Failure | undefined;
  readonly records: LogRecords;
  /** One more than the last offset that the records cover; undefined when nothing came. */
  readonly end: number | undefined;
  /** One more than the last offset of the log, open transactions included. */
  readonly logEnd: number;
}

/** A request of the member, which gets exactly one {@link Answer}. */
export type Ask =
  | {
      readonly kind: "metadata";
      readonly topics: readonly string[];
      /** Whether to tell of all other topics too that this client may see. */
      readonly all: boolean;
    }
  | { readonly kind: "coordinator" }
  | {
      readonly kind: "join";
      readonly broker: number;
      readonly memberId: string;
      readonly topics: readonly string[];
      /** A number that makes the group begin a new generation when it is not the one before. */
      readonly round: number;
    }
  | {
      readonly kind: "sync";
      readonly broker: number;
      readonly memberId: string;
      readonly generation: number;
      /** What each member gets, from the leader; empty from the others. */
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
      /** How long the broker may wait for more records before it answers with few, in ms. */
      readonly waitMs: number;
    };

export type AskKind = Ask["kind"];
export type AskOf<K extends AskKind> = Extract<Ask, { kind: K }>;

/** What each request gives when the broker has carried it out. */
export interface Results {
  readonly metadata: ClusterView;
  readonly coordinator: number;
  readonly join: Joined;
  readonly sync: Partitions;
  readonly heartbeat: undefined;
  readonly leave: undefined;
  /** The partitions that the group's members own, all together; undefined while the group is moving. */
  readonly owners: Partitions | undefined;
  readonly committed: readonly CommittedEntry[];
  /** What became of each entry. */
  readonly commit: readonly (PartitionId & { readonly failure: Failure | undefined })[];
  readonly range: readonly (PartitionId & {
    readonly failure: Failure | undefined;
    readonly range: LogRange;
  })[];
  readonly fetch: readonly FetchedPartition[];
}

/** The one answer to a request. A join that is refused for want of a member id says which to take. */
export type Answer<K extends AskKind = AskKind> = {
  [Kind in K]:
    | { readonly ask: AskOf<Kind>; readonly result: Results[Kind]; readonly failure?: undefined }
    | { readonly ask: AskOf<Kind>; readonly failure: Failure; readonly memberId?: string };
}[K];

/** What moves a member: an answer, the passing of time, or the wish to end. */
export type MemberEvent =
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "tick" }
  | { readonly kind: "stop" };
