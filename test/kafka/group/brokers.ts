import type { Failure, FailureCode } from "../../../src/kafka/failure.ts";
import type {
  AskKind,
  AskOf,
  ClusterView,
  CommitEntry,
  FetchedPartition,
  FetchFrom,
  Partitions,
  Results,
  TopicView,
} from "../../../src/kafka/group/asks.ts";
import type { PartitionId } from "../../../src/kafka/partition-id.ts";
import { partitionKey } from "../../../src/kafka/partition-id.ts";
import { failureOf, range, recordsAt } from "./support.ts";

/** What the brokers say to a request, and how long they take for it, in ms; 1 unless told. */
export type Reply<K extends AskKind> =
  | { readonly result: Results[K]; readonly afterMs?: number }
  | { readonly failure: Failure; readonly memberId?: string; readonly afterMs?: number };

/** What answers each kind of request; undefined when nothing ever does. */
export type Handlers = { [K in AskKind]: (ask: AskOf<K>) => Reply<K> | undefined };

/** The log of one partition. */
export interface Log {
  low: number;
  high: number;
  /** Where the first open transaction begins: nothing from here on is given; undefined when none is open. */
  open?: number;
}

/** One partition's answer to a fetch, with nothing in it unless told. */
export function fetched(id: PartitionId, what: Partial<FetchedPartition> = {}): FetchedPartition {
  const { topic, partition } = id;
  return { topic, partition, failure: undefined, records: recordsAt([]), end: undefined, logEnd: 0, ...what };
}

/**
 * Brokers as far as a member can tell: a group of one member, topics, logs and committed offsets. A test says what is
 * otherwise by taking the place of a handler.
 */
export class Brokers {
  readonly topics = new Map<string, TopicView>();
  readonly troubled = new Map<string, Failure>();
  readonly addresses = new Map([
    [1, "one:9092"],
    [2, "two:9092"],
  ]);
  readonly logs = new Map<string, Log>();
  readonly committed = new Map<string, CommitEntry>();
  coordinator = 1;
  generation = 0;
  /** Who is in the group; undefined when nobody is. */
  memberId: string | undefined;
  /** What the member got. */
  shared: Partitions = {};
  /** Whether the members have to join again. */
  rebalancing = false;
  readonly on: Handlers = {
    metadata: () => ({ result: this.view() }),
    coordinator: () => ({ result: this.coordinator }),
    join: (ask) => this.join(ask),
    sync: (ask) => this.sync(ask),
    heartbeat: ({ memberId, generation }) => this.#check(memberId, generation) ?? { result: undefined },
    leave: () => ({ result: undefined }),
    owners: () => ({ result: this.shared }),
    committed: (ask) => ({ result: this.read(ask.partitions) }),
    commit: (ask) => this.commit(ask),
    range: ({ partitions }) => ({
      result: partitions.map(({ topic, partition }) => {
        const log = this.logs.get(partitionKey({ topic, partition }));
        return {
          topic,
          partition,
          failure: log === undefined ? failureOf("unknown_topic") : undefined,
          range: { low: log?.low ?? -1, high: log?.high ?? -1 },
        };
      }),
    }),
    fetch: (ask) => this.fetch(ask),
  };

  /** @param topics how many records each partition holds, by topic; broker 1 leads them all */
  constructor(topics: Readonly<Record<string, readonly number[]>> = { t: [0] }) {
    for (const [topic, highs] of Object.entries(topics)) this.make(topic, "0a".repeat(16), highs);
  }

  /** Makes a topic, in the place of one with that name. */
  make(topic: string, id: string | undefined, highs: readonly number[]): void {
    this.topics.set(topic, { id, leaders: highs.map(() => 1) });
    for (const [partition, high] of highs.entries())
      this.logs.set(partitionKey({ topic, partition }), { low: 0, high });
  }

  /** Deletes a topic, and what is committed of it. */
  remove(topic: string): void {
    const partitions = this.topics.get(topic)?.leaders.keys() ?? [];
    for (const key of [...partitions].map((partition) => partitionKey({ topic, partition }))) {
      this.logs.delete(key);
      this.committed.delete(key);
    }
    this.topics.delete(topic);
  }

  /** Has another broker lead these partitions, by partition; -1 for none. */
  lead(topic: string, leaders: readonly number[]): void {
    this.topics.set(topic, { id: this.topics.get(topic)?.id, leaders });
  }

  log(topic: string, partition: number): Log {
    const log = this.logs.get(partitionKey({ topic, partition }));
    if (log === undefined) throw new Error(`there is no partition ${partition} of topic ${topic}`);
    return log;
  }

  view(): ClusterView {
    return {
      topics: new Map(this.topics),
      id: undefined,
      troubled: new Map(this.troubled),
      brokers: this.addresses,
    };
  }

  join({ memberId, topics }: AskOf<"join">): Reply<"join"> {
    if (memberId === "") return { failure: failureOf("member_id_required"), memberId: "m1" };
    this.memberId = memberId;
    this.rebalancing = false;
    this.generation++;
    const members = [{ memberId, topics }];
    return { result: { memberId, generation: this.generation, leader: true, members } };
  }

  sync({ memberId, generation, shares }: AskOf<"sync">): Reply<"sync"> {
    const failure = this.#check(memberId, generation);
    if (failure !== undefined) return failure;
    this.shared = shares.get(memberId) ?? {};
    return { result: this.shared };
  }

  commit({ memberId, generation, entries }: AskOf<"commit">): Reply<"commit"> {
    // While the group rebalances, the generation before may commit.
    const fenced = this.#check(memberId, generation, false)?.failure;
    const result = entries.map((entry) => {
      const gone = this.topics.has(entry.topic) ? undefined : failureOf("unknown_topic");
      const failure = fenced ?? gone;
      if (failure === undefined) this.committed.set(partitionKey(entry), entry);
      return { topic: entry.topic, partition: entry.partition, failure };
    });
    return { result };
  }

  read(partitions: readonly PartitionId[]): Results["committed"] {
    return partitions.map(({ topic, partition }) => {
      const { offset, metadata } = this.committed.get(partitionKey({ topic, partition })) ?? {
        offset: -1,
        metadata: "",
      };
      return { topic, partition, offset, metadata, failure: undefined };
    });
  }

  fetch({ broker, partitions, waitMs }: AskOf<"fetch">): Reply<"fetch"> {
    const result = partitions.map((from) => this.#fetchOne(from, broker));
    const quiet = result.every(({ failure, end }) => failure === undefined && end === undefined);
    return { result, afterMs: quiet ? Math.max(1, waitMs) : 1 };
  }

  #fetchOne(from: FetchFrom, broker: number): FetchedPartition {
    const view = this.topics.get(from.topic);
    const refuse = (code: FailureCode) => fetched(from, { failure: failureOf(code), logEnd: -1 });
    if (view === undefined || (from.topicId !== undefined && from.topicId !== view.id))
      return refuse("wrong_topic_id");
    if (view.leaders[from.partition] !== broker) return refuse("not_leader");
    const { low, high, open } = this.log(from.topic, from.partition);
    if (from.offset < low || from.offset > high) return refuse("offset_out_of_range");
    const end = Math.min(open ?? high, from.offset + 500);
    const logEnd = high;
    if (end <= from.offset) return fetched(from, { logEnd });
    return fetched(from, { records: recordsAt(range(from.offset, end)), end, logEnd });
  }

  #check(memberId: string, generation: number, moving = true): { readonly failure: Failure } | undefined {
    if (memberId !== this.memberId) return { failure: failureOf("unknown_member") };
    if (generation !== this.generation) return { failure: failureOf("fenced") };
    return moving && this.rebalancing ? { failure: failureOf("rebalancing") } : undefined;
  }
}
