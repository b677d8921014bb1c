import type { Cluster } from "./cluster.ts";
import { KafkaFailure } from "./failure.ts";
import type { ClusterView } from "./group/asks.ts";
import { byLeader, moved } from "./group/leaders.ts";
import { type PartitionId, partitionKey } from "./partition-id.ts";

/** An offset of each partition, by `topic/partition`; partitions that have none are left out. */
export type Offsets = ReadonlyMap<string, number>;

/** Asks the leaders of topics for offsets of all their partitions. */
export class LogOffsets {
  readonly partitions: readonly PartitionId[];
  readonly #cluster: Pick<Cluster, "offsets">;
  readonly #leaders: ReadonlyMap<number, readonly PartitionId[]>;

  /** @throws KafkaFailure that names a partition without a leader */
  constructor(cluster: Pick<Cluster, "offsets">, view: ClusterView, topics: readonly string[]) {
    this.#cluster = cluster;
    this.partitions = topics.flatMap((topic) =>
      [...(view.topics.get(topic)?.leaders.keys() ?? [])].map((partition) => ({ topic, partition })),
    );
    this.#leaders = byLeader(this.partitions, view);
    const led = new Set([...this.#leaders.values()].flat());
    const headless = this.partitions.find((partition) => !led.has(partition));
    if (headless !== undefined) throw new KafkaFailure("no_leader", withoutLeader(headless));
  }

  /**
   * @param time in ms since the epoch: the first record at or after it; or an end of the log
   * @param decided whether a log ends before its first open transaction
   * @throws KafkaFailure that names what can't be asked
   */
  async at(time: number, { decided } = { decided: false }): Promise<Offsets> {
    const found = [...this.#leaders].map(([broker, partitions]) =>
      this.#cluster.offsets(broker, { partitions, at: time, decided }).catch((error: KafkaFailure) => {
        if (error.code !== "unreachable") throw error;
        throw new KafkaFailure("unreachable", `broker ${broker} could not be reached (${error.message})`);
      }),
    );
    const offsets = new Map<string, number>();
    for (const { topic, partition, failure, offset } of (await Promise.all(found)).flat()) {
      // Just created or about to move: the metadata name another broker soon.
      if (failure !== undefined && moved.has(failure.code))
        throw new KafkaFailure("not_leader", withoutLeader({ topic, partition }));
      if (failure !== undefined) {
        const words = `the offsets of partition ${partition} of topic ${topic} could not be read (${failure.message})`;
        throw new KafkaFailure(failure.code, words);
      }
      if (offset >= 0) offsets.set(partitionKey({ topic, partition }), offset);
    }
    return offsets;
  }
}

function withoutLeader({ topic, partition }: PartitionId): string {
  return `partition ${partition} of topic ${topic} had no leader`;
}
