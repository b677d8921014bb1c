import { createTopic, randomName, withAdmin } from "../integration/harness.ts";
import { findProducer } from "../lab/producers.ts";
import { sendByKafkajs } from "./own-producer.ts";
import { shapes } from "./shapes.ts";
import { type BenchRecord, Receipts, type Workload } from "./workload.ts";

/** A topic that holds a workload. */
export interface BenchTopic {
  readonly name: string;
  readonly brokers: readonly string[];
  readonly workload: Workload;
  readonly records: number;
  /** Of all values, without what Kafka puts around them. */
  readonly bytes: number;
  /** How many receipts each code has. */
  readonly expected: ReadonlyMap<string, number>;
}

/**
 * Creates a topic with a random name and sends it the workload; takes a few seconds a million receipts.
 *
 * @throws Error when the workload's producer can't be run here, or fails
 */
export async function createBenchTopic(brokers: readonly string[], workload: Workload): Promise<BenchTopic> {
  const { messages, partitions, shape, producer, codec, batchBytes } = workload;
  const name = randomName("dlr.bench");
  // a codec may make a batch larger than it was
  const largest = String(4 * Math.max(batchBytes, 1 << 20));
  await createTopic(brokers, name, partitions, { "retention.ms": "-1", "max.message.bytes": largest });
  const receipts = new Receipts(workload);
  const target = { brokers, topic: name, codec, batchBytes };
  if (producer === "kafkajs") {
    await sendByKafkajs(target, partitions, receipts.records());
  } else {
    const found = await findProducer(producer);
    if (typeof found === "string") throw new Error(`${producer} can't send: ${found}`);
    await found.send(target, valuesOf(receipts.records()));
  }
  const records = Math.ceil(messages / shapes[shape].perRecord);
  return { name, brokers, workload, records, bytes: receipts.bytes, expected: receipts.sent };
}

function* valuesOf(records: Iterable<BenchRecord>): Generator<string> {
  for (const { value } of records) yield value;
}

/** Deletes the topic. */
export async function removeBenchTopic({ brokers, name }: BenchTopic): Promise<void> {
  await withAdmin(brokers, (admin) => admin.deleteTopics({ topics: [name] }));
}

/** Has topics made for the time of some work, one after the other. */
export async function withTopics<T>(
  brokers: readonly string[],
  workloads: readonly Workload[],
  work: (topics: readonly BenchTopic[]) => Promise<T>,
): Promise<T> {
  const topics: BenchTopic[] = [];
  try {
    for (const workload of workloads) topics.push(await createBenchTopic(brokers, workload));
    return await work(topics);
  } finally {
    for (const topic of topics) await removeBenchTopic(topic);
  }
}
