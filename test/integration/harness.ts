import { randomBytes } from "node:crypto";
import kafkajs, { type Admin, type Kafka, type Producer } from "kafkajs";
import { registerCodecs } from "../../src/kafka/wire/codecs.ts";
import { repairKafkajs } from "../../src/kafka/wire/repairs.ts";
import { registerPackers } from "../lab/packers.ts";
import { freePorts } from "../lab/ports.ts";
import { waitFor } from "../lab/wait-for.ts";

export { type ExporterProcess, startExporter } from "../lab/exporter.ts";
export { parseMetrics, type Sample, sumBy } from "../lab/scrape.ts";
export { waitFor };

/** A record to send: its value, or all that Kafka lets it have. */
export type TestRecord =
  | string
  | Buffer
  | null
  | {
      readonly value: string | Buffer | null;
      readonly key?: string;
      readonly partition?: number;
      readonly headers?: Record<string, string>;
    };

/** A name that no other test has, for a topic or a group. */
export function randomName(prefix: string): string {
  return `${prefix}.${randomBytes(5).toString("hex")}`;
}

/** A free TCP port, for what must come back on the same one. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

/** A Kafka client for tests, silent and patient. */
export function connect(brokers: readonly string[]): Kafka {
  repairKafkajs();
  registerCodecs();
  registerPackers();
  const retry = { initialRetryTime: 200, maxRetryTime: 5_000, retries: 10 };
  const logLevel = kafkajs.logLevel.NOTHING;
  return new kafkajs.Kafka({ clientId: "dlr-exporter-test", brokers: [...brokers], retry, logLevel });
}

/** Runs a piece of administration on a connection of its own. */
export async function withAdmin<T>(
  brokers: readonly string[],
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = connect(brokers).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/**
 * Creates a topic, with one copy of each partition.
 *
 * @param config topic settings by Kafka's names, such as `cleanup.policy`
 */
export async function createTopic(
  brokers: readonly string[],
  topic: string,
  partitions: number,
  config: Readonly<Record<string, string>> = {},
): Promise<void> {
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
  await withAdmin(brokers, async (admin) => {
    await admin.createTopics({
      topics: [{ topic, numPartitions: partitions, replicationFactor: 1, configEntries }],
      // kafkajs takes a topic that is not known everywhere yet for a failure.
      waitForLeaders: false,
    });
    await waitFor(
      async () => {
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
        if (topics[0]?.partitions.filter(({ leader }) => leader >= 0).length !== partitions) return false;
        // Until every leader serves its partition, a producer that one of them refuses sends the others' records twice.
        return (await admin.fetchTopicOffsets(topic)).length === partitions;
      },
      { what: `topic ${topic} with ${partitions} partitions` },
    );
  });
}

/**
 * A connected producer. It is idempotent: what it sends again, after an answer that came late or never, stands in the
 * log once, and a test may expect as many receipts as it sent.
 */
export async function connectProducer(brokers: readonly string[]): Promise<Producer> {
  const producer = connect(brokers).producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  return producer;
}

/** Sends records, in order within a partition, and waits until the broker has them all. */
export async function produce(
  brokers: readonly string[],
  topic: string,
  records: readonly TestRecord[],
): Promise<void> {
  const producer = await connectProducer(brokers);
  try {
    const chunk = 10_000;
    for (let start = 0; start < records.length; start += chunk) {
      const messages = records
        .slice(start, start + chunk)
        .map((record) =>
          record === null || typeof record === "string" || Buffer.isBuffer(record)
            ? { value: record }
            : record,
        );
      await producer.send({ topic, messages });
    }
  } finally {
    await producer.disconnect();
  }
}

/**
 * Reads a topic from its start until it has `count` records.
 *
 * @returns the values as UTF-8 text, in the order of arrival
 */
export async function consume(brokers: readonly string[], topic: string, count: number): Promise<string[]> {
  const consumer = connect(brokers).consumer({ groupId: randomName("reader"), maxWaitTimeInMs: 200 });
  const values: string[] = [];
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message }) => void values.push(message.value?.toString() ?? ""),
    });
    await waitFor(() => values.length >= count, { what: `${count} records of ${topic}` });
    return values;
  } finally {
    await consumer.disconnect();
  }
}
