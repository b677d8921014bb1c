import type { Logger } from "pino";
import type { ClientSettings } from "./client.ts";
import { Cluster, inNoGroup } from "./cluster.ts";
import { type FailureCode, KafkaFailure } from "./failure.ts";
import type { Answer } from "./group/asks.ts";
import { type PartitionId, partitionKey } from "./partition-id.ts";

/**
 * Finds the end of each partition's log, open transactions included. Records after the first open transaction can't
 * be read yet, and kafkajs only tells where that is.
 *
 * @returns one past the last offset, by `topic/partition`; a partition whose broker does not answer is left out
 * @throws KafkaFailure that names a partition without a leader, `no_leader` or `not_leader`
 */
export async function wholeLogEnds(
  client: ClientSettings,
  topics: readonly string[],
  log: Logger,
): Promise<Map<string, number>> {
  const cluster = new Cluster(client, inNoGroup, log);
  try {
    const view = (await cluster.perform({ kind: "metadata", topics, all: false })) as Answer<"metadata">;
    if (view.failure !== undefined) return new Map();
    const led = [...view.result.topics].flatMap(([topic, { leaders }]) =>
      leaders.map((broker, partition) => ({ broker, topic, partition })),
    );
    const byBroker = Map.groupBy(led, ({ broker }) => broker);
    const leaderless = byBroker.get(-1)?.[0];
    if (leaderless !== undefined) throw leaderMissing(leaderless, "no_leader");
    const ends = [...byBroker].map(([broker, partitions]) => endsOf(cluster, broker, partitions));
    return new Map((await Promise.all(ends)).flat());
  } finally {
    cluster.close();
  }
}

async function endsOf(
  cluster: Cluster,
  broker: number,
  partitions: readonly PartitionId[],
): Promise<[key: string, end: number][]> {
  const answer = (await cluster.perform({ kind: "range", broker, partitions })) as Answer<"range">;
  if (answer.failure !== undefined) return [];
  return answer.result.flatMap(({ failure, range, ...id }): [string, number][] => {
    if (failure?.code === "not_leader") throw leaderMissing(id, failure.code);
    return failure === undefined ? [[partitionKey(id), range.high]] : [];
  });
}

function leaderMissing({ topic, partition }: PartitionId, code: FailureCode): KafkaFailure {
  return new KafkaFailure(code, `partition ${partition} of topic ${topic} had no leader`);
}
