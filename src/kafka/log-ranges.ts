import type { LogRange } from "../ledger/partition-ledger.ts";
import type { Kafka } from "./client.ts";
import { partitionKey } from "./partition-id.ts";

export type Admin = ReturnType<Kafka["admin"]>;

/** Does some work with an admin client of its own: kafkajs 2.2.4 keeps to a leader that has refused. */
export async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    // Don't wait for an unreachable broker.
    admin.disconnect().catch(() => {});
  }
}

/** Each partition's current range of offsets, by `topic/partition`. */
export async function readLogRanges(admin: Admin, topics: readonly string[]): Promise<Map<string, LogRange>> {
  const ranges = new Map<string, LogRange>();
  for (const topic of topics) {
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      ranges.set(partitionKey({ topic, partition }), { low: Number(low), high: Number(high) });
    }
  }
  return ranges;
}
