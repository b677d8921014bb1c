import type { Logger } from "pino";
import type { ClientSettings } from "./client.ts";
import { Cluster } from "./cluster.ts";
import type { Answer } from "./group/asks.ts";
import { type PartitionId, partitionKey } from "./partition-id.ts";

/** How long a broker may take, in ms: three times what it gets for one answer. */
const sessionTimeoutMs = 15_000;

/**
 * Finds where each partition's log ends, open transactions included. What lies behind the first of those can't be read yet,
 * and kafkajs knows the end before it alone.
 *
 * @returns one more than the last offset, by `topic/partition`; nothing of a partition whose broker does not say
 */
export async function wholeLogEnds(
  client: ClientSettings,
  topics: readonly string[],
  log: Logger,
): Promise<Map<string, number>> {
  const cluster = new Cluster(client, { group: "", sessionTimeoutMs }, log);
  try {
    const view = (await cluster.perform({ kind: "metadata", topics, all: false })) as Answer<"metadata">;
    if (view.failure !== undefined) return new Map();
    const led = [...view.result.topics].flatMap(([topic, { leaders }]) =>
      leaders.map((broker, partition) => ({ broker, topic, partition })),
    );
    const byBroker = Map.groupBy(led, ({ broker }) => broker);
    byBroker.delete(-1);
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
  return answer.result.flatMap(({ failure, range, ...id }) =>
    failure === undefined ? [[partitionKey(id), range.high] as [string, number]] : [],
  );
}
