import kafkajs from "kafkajs";
import { connect } from "../integration/harness.ts";
import type { Codec, Target } from "../lab/producers.ts";
import type { BenchRecord } from "./workload.ts";

const { CompressionTypes } = kafkajs;
const compression: Readonly<Record<Codec, number>> = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
};

/** So many batches are on their way at once: the next is made while the broker writes one. */
const inFlight = 4;

/** What a record has in a batch beside its value, about. */
const recordOverhead = 12;

/**
 * Sends records by kafkajs, a batch to each partition in turn.
 *
 * @throws KafkaJSError when the broker refuses them
 */
export async function sendByKafkajs(
  { brokers, topic, codec, batchBytes }: Target,
  partitions: number,
  records: Iterable<BenchRecord>,
): Promise<void> {
  const producer = connect(brokers).producer();
  await producer.connect();
  try {
    const sending: Promise<unknown>[] = [];
    let batches = 0;
    for (const batch of inBatches(records, batchBytes)) {
      const partition = batches++ % partitions;
      const messages = batch.map(({ value, recordedAt }) => ({
        ...{ value, partition, timestamp: String(recordedAt) },
      }));
      sending.push(producer.send({ topic, compression: compression[codec], messages }));
      if (sending.length === inFlight) await Promise.all(sending.splice(0));
    }
    await Promise.all(sending);
  } finally {
    await producer.disconnect();
  }
}

function* inBatches(records: Iterable<BenchRecord>, batchBytes: number): Generator<BenchRecord[]> {
  let batch: BenchRecord[] = [];
  let size = 0;
  for (const record of records) {
    const added = Buffer.byteLength(record.value) + recordOverhead;
    if (batch.length > 0 && size + added > batchBytes) {
      yield batch;
      batch = [];
      size = 0;
    }
    batch.push(record);
    size += added;
  }
  if (batch.length > 0) yield batch;
}
