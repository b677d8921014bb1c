import type { LogRange } from "../ledger/partition-ledger.ts";
import type { Kafka } from "./client.ts";
import { partitionKey } from "./partition-id.ts";

export type Admin = ReturnType<Kafka["admin"]>;

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
