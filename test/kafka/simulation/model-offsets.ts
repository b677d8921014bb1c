import type { FailureCode } from "../../../src/kafka/failure.ts";
import type { AskOf, CommitEntry, Results } from "../../../src/kafka/group/asks.ts";
import { type PartitionId, partitionKey } from "../../../src/kafka/partition-id.ts";
import { failureOf, type Reply } from "./outcome.ts";
import type { Timeline } from "./timeline.ts";

/** A commit that was taken and that is not on enough brokers yet. */
interface Written {
  readonly entries: readonly CommitEntry[];
  readonly reply: Reply<"commit">;
  /** When the last broker that it needs has it. */
  readonly at: number;
}

/** What one OffsetCommit may take, in characters: the brokers' `message.max.bytes`. */
const largestCommit = 1_048_576;

/** What the group has committed. A commit is seen, and answered, when enough brokers have it. */
export class ModelOffsets {
  readonly #timeline: Timeline;
  readonly #committed = new Map<string, CommitEntry>();
  /** In the order of the log in which they are written. */
  #written: Written[] = [];
  /** What a broker says of a partition that may not be committed; undefined when it may. */
  readonly #objection: (id: PartitionId) => FailureCode | undefined;
  readonly #onCommitted: (entry: CommitEntry) => void;

  /** @param onCommitted told of each entry when it takes effect */
  constructor(
    timeline: Timeline,
    objection: (id: PartitionId) => FailureCode | undefined,
    onCommitted: (entry: CommitEntry) => void,
  ) {
    this.#timeline = timeline;
    this.#objection = objection;
    this.#onCommitted = onCommitted;
  }

  /** @param replicationMs how long it takes until enough brokers have it */
  write(entries: readonly CommitEntry[], replicationMs: number, reply: Reply<"commit">): void {
    const size = entries.reduce((sum, { topic, metadata }) => sum + topic.length + metadata.length, 0);
    if (size > largestCommit) {
      reply({ result: answered(entries, () => "request_too_large") });
      return;
    }
    const last = this.#written.at(-1)?.at ?? 0;
    const written = { entries, reply, at: Math.max(last, this.#timeline.now + replicationMs) };
    this.#written.push(written);
    this.#timeline.at(written.at, () => {
      if (this.#written[0] !== written) return;
      this.#written.shift();
      const result = this.#apply(entries);
      reply({ result });
    });
  }

  read(partitions: readonly PartitionId[]): Results["committed"] {
    return partitions.map(({ topic, partition }) => {
      const objection = this.#objection({ topic, partition });
      const entry = this.#committed.get(partitionKey({ topic, partition }));
      const refused = objection === "topic_unauthorized";
      return {
        topic,
        partition,
        offset: refused ? -1 : (entry?.offset ?? -1),
        metadata: refused ? null : (entry?.metadata ?? ""),
        failure: refused ? failureOf(objection) : undefined,
      };
    });
  }

  get(id: PartitionId): CommitEntry | undefined {
    return this.#committed.get(partitionKey(id));
  }

  /** Kafka deletes what is committed for a topic together with the topic. */
  forget(topic: string): void {
    for (const key of [...this.#committed.keys()])
      if (key.startsWith(`${topic}/`)) this.#committed.delete(key);
  }

  /**
   * Another broker takes over.
   *
   * @param kept how many of the commits that are on too few brokers are on the one that takes over: they take effect,
   *   although their sender is told that they did not
   */
  handOver(kept: number): void {
    const written = this.#written;
    this.#written = [];
    for (const { entries } of written.slice(0, kept)) this.#apply(entries);
    for (const { entries, reply } of written) reply({ result: answered(entries, () => "no_coordinator") });
  }

  /** How many commits are on too few brokers. */
  get underway(): number {
    return this.#written.length;
  }

  #apply(entries: readonly CommitEntry[]): Results["commit"] {
    return answered(entries, (entry) => {
      const objection = this.#objection(entry);
      if (objection !== undefined) return objection;
      this.#committed.set(partitionKey(entry), entry);
      this.#onCommitted(entry);
      return undefined;
    });
  }
}

/** The answer to a commit, which says something of each entry. */
export function answered(
  entries: AskOf<"commit">["entries"],
  code: (entry: CommitEntry) => FailureCode | undefined,
): Results["commit"] {
  return entries.map((entry) => {
    const said = code(entry);
    const { topic, partition } = entry;
    return { topic, partition, failure: said === undefined ? undefined : failureOf(said) };
  });
}
