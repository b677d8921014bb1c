import kafkajs from "kafkajs";
import { connect, createTopic, randomName, withAdmin } from "../integration/harness.ts";
import { type Codec, Receipts, type Workload } from "./workload.ts";

/** A topic that holds a workload. */
export interface BenchTopic {
  readonly name: string;
  readonly brokers: readonly string[];
  readonly workload: Workload;
  readonly records: number;
  /** How many receipts each code has. */
  readonly expected: ReadonlyMap<string, number>;
}

const { CompressionTypes } = kafkajs;
const compression: Readonly<Record<Codec, number>> = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
};

/** A batch stays below the broker's `max.message.bytes`, about 1 MB. */
const receiptsInBatch = 1_000;

/** So many batches are on their way at once: the next is made while the broker writes one. */
const inFlight = 4;

/** Creates a topic with a random name and sends it the workload; takes a few seconds a million receipts. */
export async function createBenchTopic(brokers: readonly string[], workload: Workload): Promise<BenchTopic> {
  const { messages, partitions, perRecord } = workload;
  const name = randomName("dlr.bench");
  await createTopic(brokers, name, partitions, { "retention.ms": "-1" });
  const records = Math.ceil(messages / perRecord);
  const inBatch = Math.min(Math.floor(receiptsInBatch / perRecord), Math.ceil(records / partitions));
  const receipts = new Receipts(workload);
  const producer = connect(brokers).producer();
  await producer.connect();
  try {
    for (let batches = 0; batches * inBatch < records; batches += inFlight) {
      const sending = Array.from({ length: inFlight }, (_, i) => {
        const partition = (batches + i) % partitions;
        const batch = receipts.take(inBatch).map(({ value, recordedAt }) => ({
          value,
          partition,
          timestamp: String(recordedAt),
        }));
        if (batch.length === 0) return undefined;
        return producer.send({ topic: name, compression: compression[workload.codec], messages: batch });
      });
      await Promise.all(sending);
    }
  } finally {
    await producer.disconnect();
  }
  return { name, brokers, workload, records, expected: receipts.sent };
}

/** Deletes the topic. */
export async function removeBenchTopic({ brokers, name }: BenchTopic): Promise<void> {
  await withAdmin(brokers, (admin) => admin.deleteTopics({ topics: [name] }));
}
