import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import kafkajs, { type Message } from "kafkajs";
import { pino } from "pino";
import { beforeAll, expect, it } from "vitest";
import type { StretchReader } from "../../src/kafka/history-reading.ts";
import { readStretches } from "../../src/kafka/history.ts";
import type { LogStretch } from "../../src/kafka/stretches.ts";
import type { LogRecords } from "../../src/ledger/fold-records.ts";
import { ending } from "../lab/guarded.ts";
import { createRandom } from "../lab/random.ts";
import { connect, connectProducer, createTopic, randomName, waitFor, withAdmin } from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

const { CompressionTypes } = kafkajs;
const codecs = ["None", "GZIP", "Snappy", "LZ4", "ZSTD"] as const;

/** Messages of every kind: without value or key, empty, long, with headers, out of the order of time. */
function messages(seed: number, count: number): Message[] {
  const { below, digits } = createRandom(seed);
  const longest = count > 1_000 ? 100 : 10_000;
  return Array.from({ length: count }, () => ({
    key: below(3) === 0 ? null : digits(1 + below(20)),
    value:
      below(10) === 0
        ? null
        : Buffer.alloc(below(5) === 0 ? 0 : below(below(9) === 0 ? longest : 80), digits(4)),
    timestamp: String(Date.now() - below(86_400_000)),
    headers:
      below(count > 1_000 ? 50 : 4) === 0 ? { method: digits(10), other: [digits(3), digits(300)] } : {},
  }));
}

const kcat = spawnSync("kcat", ["-V"]).error === undefined;
if (!kcat)
  console.warn("kcat is not installed: librdkafka's batches are not compared (Debian: apt install kcat)");

describeWithBroker("records read in place", ({ brokers }) => {
  const topics = {
    batches: randomName("batches"),
    kcat: randomName("kcat"),
    appended: randomName("appended"),
    transactions: randomName("transactions"),
    compacted: randomName("compacted"),
  };

  beforeAll(async () => {
    await createTopic(brokers, topics.compacted, 1, {
      "cleanup.policy": "compact",
      "segment.ms": "1",
      "min.cleanable.dirty.ratio": "0.01",
    });
    await createTopic(brokers, topics.appended, 1, { "message.timestamp.type": "LogAppendTime" });
    for (const topic of [topics.batches, topics.kcat, topics.transactions])
      await createTopic(brokers, topic, 1);
    const producer = await connectProducer(brokers);
    const send = (topic: string, codec: (typeof codecs)[number], sent: Message[]) =>
      producer.send({ topic, compression: CompressionTypes[codec], messages: sent });
    for (let round = 0; round < 20; round++) {
      await send(
        topics.compacted,
        "LZ4",
        messages(round, 20).map((each, i) => ({
          ...each,
          key: String(i % 13),
          timestamp: String(Date.now()),
        })),
      );
    }
    for (const [seed, codec] of codecs.entries()) {
      for (const count of [1, 2, 300]) await send(topics.batches, codec, messages(100 * seed + count, count));
      await send(topics.appended, codec, messages(seed, 3));
    }
    await send(topics.batches, "None", messages(6, 10_000));
    await send(topics.batches, "ZSTD", messages(7, 10_000));
    await producer.disconnect();
    await transact(brokers, topics.transactions);
    if (kcat)
      for (const codec of ["none", "gzip", "snappy", "lz4", "zstd"])
        await feedKcat(brokers, topics.kcat, codec);
    const compacted = await wholeOf(brokers, topics.compacted);
    await waitFor(async () => (await readAsMessages(brokers, compacted)).length < 60, { what: "compaction" });
  });

  it("are those that kafkajs decodes, from any offset on", async () => {
    const logs = await Promise.all(Object.values(topics).map((topic) => wholeOf(brokers, topic)));
    const decoded = await Promise.all(logs.map((log) => readAsMessages(brokers, log)));
    for (const begin of [() => 0, (end: number) => Math.floor(end / 3) + 1, (end: number) => end - 1]) {
      const stretches = logs.map((log) => ({ ...log, start: begin(log.end) }));
      const { records, warnings } = await readInPlace(brokers, stretches);
      expect(warnings).toEqual([]);
      for (const [i, { topic, start }] of stretches.entries()) {
        const expected = decoded[i]?.filter((record) => Number.parseInt(record, 10) >= start);
        expect(records[i], `${topic} from ${start}`).toEqual(expected);
      }
    }
    // what was aborted is among neither, and the logs are as the test wants them
    const counts = Object.fromEntries(Object.keys(topics).map((name, i) => [name, decoded[i]?.length]));
    expect(counts).toEqual({
      batches: 21_515,
      kcat: kcat ? 2_500 : 0,
      appended: 15,
      transactions: 36,
      compacted: expect.any(Number),
    });
  });
});

/** Two transactional producers that take turns; every other transaction is aborted. */
async function transact(brokers: readonly string[], topic: string): Promise<void> {
  const producers = await Promise.all(
    [0, 1].map(async () => {
      const transactionalId = randomName("transaction");
      const producer = connect(brokers).producer({
        transactionalId,
        maxInFlightRequests: 1,
        idempotent: true,
      });
      await producer.connect();
      return producer;
    }),
  );
  for (let round = 0; round < 6; round++) {
    const open = await Promise.all(producers.map((producer) => producer.transaction()));
    for (let turn = 0; turn < 3; turn++) {
      for (const [i, transaction] of open.entries()) {
        await transaction.send({ topic, messages: messages(100 * round + 10 * turn + i, 1 + (round % 3)) });
      }
    }
    for (const [i, transaction] of open.entries())
      await transaction[(round + i) % 2 === 0 ? "abort" : "commit"]();
  }
  await Promise.all(producers.map((producer) => producer.disconnect()));
}

async function feedKcat(brokers: readonly string[], topic: string, codec: string): Promise<void> {
  const client = spawn("kcat", [
    ...["-P", "-b", brokers.join(","), "-t", topic],
    ...["-z", codec, "-K", "\t", "-X", "linger.ms=50"],
  ]);
  const lines = messages(5, 500).map(({ key, value }) => `${key ?? ""}\t${value ?? ""}\n`);
  client.stdin.end(lines.join(""));
  expect(await ending(client)).toMatchObject({ code: 0 });
}

async function wholeOf(brokers: readonly string[], topic: string): Promise<LogStretch> {
  const [log] = await withAdmin(brokers, (admin) => admin.fetchTopicOffsets(topic));
  return { topic, partition: 0, start: 0, end: Number(log?.high), removedBefore: 0, undecided: 0 };
}

/** Every record of a log as kafkajs makes an object of it. */
async function readAsMessages(brokers: readonly string[], { topic, end }: LogStretch): Promise<string[]> {
  const records: string[] = [];
  let next = 0;
  const consumer = connect(brokers).consumer({ groupId: randomName("messages"), maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      for (const { offset, timestamp, value } of batch.messages) records.push(seen(offset, timestamp, value));
      next = Number(batch.lastOffset()) + 1;
    },
  });
  await waitFor(() => next >= end, { what: `offset ${end} of ${topic}` });
  await consumer.disconnect();
  return records;
}

async function readInPlace(
  brokers: readonly string[],
  stretches: readonly LogStretch[],
): Promise<{ records: string[][]; warnings: string[] }> {
  const readers = stretches.map((stretch) => new Witness(stretch));
  const warnings: string[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => void warnings.push(line) });
  const client = { brokers, clientId: "dlr-exporter-test", ssl: undefined, sasl: undefined };
  const patience = { timeoutMs: 180_000, signal: new AbortController().signal };
  await readStretches(client, readers, patience, log);
  return { records: readers.map((reader) => reader.records), warnings };
}

/** One record as both ways of reading have to see it: offset, timestamp, and what its value hashes to. */
function seen(offset: unknown, timestamp: unknown, value: Buffer | null): string {
  const hash = value === null ? "null" : createHash("sha1").update(value).digest("base64");
  return `${offset} ${timestamp} ${hash}`;
}

/** Takes note of every record of a stretch. */
class Witness implements StretchReader {
  readonly stretch: LogStretch;
  readonly records: string[] = [];
  position: number;

  constructor(stretch: LogStretch) {
    this.stretch = stretch;
    this.position = stretch.start;
  }

  get end(): number {
    return this.stretch.end;
  }

  take(records: LogRecords, end: number): void {
    while (records.advance()) {
      const { offset, timestamp, bytes } = records;
      if (offset < this.position || offset >= end) continue;
      this.records.push(seen(offset, timestamp, bytes?.subarray(records.start, records.end) ?? null));
    }
    this.position = end;
  }

  lose(end: number): void {
    this.position = end;
  }
}
