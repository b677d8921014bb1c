import { setTimeout as sleep } from "node:timers/promises";
import type { Consumer, EachBatchPayload } from "kafkajs";
import type { Logger } from "pino";
import type { LogRecords } from "../ledger/fold-records.ts";
import type { Kafka } from "./client.ts";
import { KafkaFailure } from "./failure.ts";
import { readLogRanges, withAdmin } from "./log-ranges.ts";
import { partitionKey } from "./partition-id.ts";
import { readBatchesInPlace } from "./patches/in-place.ts";
import { loadRequests } from "./patches/repairs.ts";
import { inWords, type LogStretch, type Patience } from "./stretches.ts";
import { untilLed } from "./until-led.ts";
import { RecordCursor } from "./wire/record-cursor.ts";

/** A partition's stretch of log that is being read. */
export interface StretchReader {
  readonly stretch: LogStretch;
  /** The offset of the next record to read. */
  readonly position: number;
  /** One past the last offset to read: the end of the stretch, or earlier once the remaining records are not needed. */
  readonly end: number;
  /** Takes consecutive records below `end`, which is one past the last offset covered; later records are left out. */
  take(records: LogRecords, end: number): void;
  /** Skips to `end`: retention has deleted these records since the stretch was planned. */
  lose(end: number): void;
}

/**
 * How long leaving and deleting the temporary group may take, in ms: after a finished read, and after an aborted one.
 */
const leaveMs = { done: 5_000, cut: 1_000 };

/** After this long without a record, in ms, check whether retention has deleted the next ones. */
const silenceMs = 1_000;

/**
 * Reads stretches, each once and in order, interleaved as the brokers send them.
 *
 * @param group a temporary group, deleted at the end; nothing is ever committed to it
 * @returns true when all were read to their end, false when the signal aborted the read
 * @throws KafkaFailure when the client can't continue; `silent` when no record arrives for too long
 */
export async function readStretches(
  kafka: Kafka,
  readers: readonly StretchReader[],
  group: string,
  patience: Patience,
  log: Logger,
): Promise<boolean> {
  if (readers.every(isRead)) return true;
  const reading = new HistoryReading(kafka, readers, group, log);
  let complete = false;
  try {
    complete = await reading.run(patience);
    return complete;
  } catch (error) {
    throw inWords(error);
  } finally {
    await Promise.race([
      reading.close(),
      sleep(complete ? leaveMs.done : leaveMs.cut, undefined, { ref: false }),
    ]);
  }
}

class HistoryReading {
  readonly #readers: Map<string, StretchReader>;
  readonly #consumer: Consumer;
  readonly #kafka: Kafka;
  readonly #group: string;
  readonly #log: Logger;
  readonly #done = Promise.withResolvers<void>();
  #progressAt = Date.now();

  constructor(kafka: Kafka, readers: readonly StretchReader[], group: string, log: Logger) {
    this.#readers = new Map(readers.map((reader) => [partitionKey(reader.stretch), reader]));
    readBatchesInPlace(log);
    loadRequests();
    this.#group = group;
    this.#log = log;
    this.#kafka = kafka;
    this.#consumer = kafka.consumer({
      groupId: group,
      allowAutoTopicCreation: false,
      maxWaitTimeInMs: 200,
      // As `run` fetches: each response has a cost of its own, and memory is needed for what a whole one unpacks to.
      maxBytesPerPartition: 1_048_576,
      maxBytes: 4_194_304,
      // Finds a recovered broker within seconds; by default the backoff doubles up to 30 s. Only a restart opens new
      // connections when the peer of the old ones is silently gone.
      retry: { initialRetryTime: 2_000, maxRetryTime: 5_000, retries: 1, restartOnFailure: async () => true },
    });
  }

  async run({ timeoutMs, signal }: Patience): Promise<boolean> {
    const ended = new AbortController();
    const either = AbortSignal.any([signal, ended.signal]);
    try {
      await Promise.race([this.#read(either), this.#watch(timeoutMs, either)]);
    } finally {
      ended.abort();
    }
    return this.#finished();
  }

  async #read(signal: AbortSignal): Promise<void> {
    const topics = [...new Set([...this.#readers.values()].map(({ stretch }) => stretch.topic))];
    const consumer = this.#consumer;
    const telling = { signal, log: this.#log };
    await untilLed(() => this.#passDeleted(), telling);
    if (this.#finished() || signal.aborted) return;
    await consumer.connect();
    await untilLed(() => consumer.subscribe({ topics, fromBeginning: true }), telling);
    if (signal.aborted) return;
    const { GROUP_JOIN, CRASH } = consumer.events;
    consumer.on(GROUP_JOIN, ({ payload }) => this.#place(payload.memberAssignment));
    consumer.on(CRASH, ({ payload }) => {
      if (payload.restart)
        this.#log.warn({ reason: payload.error.message }, "reading was interrupted, resuming");
      else this.#done.reject(payload.error);
    });
    // It may crash during start, before anyone awaits the end.
    this.#done.promise.catch(() => {});
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => this.#eachBatch(payload, signal),
    });
    while (!signal.aborted && !this.#finished()) {
      const before = this.#progressAt;
      await Promise.race([this.#done.promise, sleep(silenceMs, undefined, { signal }).catch(() => {})]);
      // If retention has deleted all remaining records, no more will arrive.
      if (this.#progressAt === before) await this.#passDeleted().catch(() => {});
    }
  }

  async close(): Promise<void> {
    try {
      await this.#consumer.disconnect();
      await withAdmin(this.#kafka, (admin) => admin.deleteGroups([this.#group]));
    } catch (error) {
      const reason = (error as Error).message;
      this.#log.debug({ reason }, "the temporary group was not deleted; the broker will expire it");
    }
  }

  /** Seeks each partition to the start of its stretch, and leaves out those without one. */
  #place(assignment: Readonly<Record<string, readonly number[]>>): void {
    for (const [topic, partitions] of Object.entries(assignment)) {
      for (const partition of partitions) {
        const reader = this.#readers.get(partitionKey({ topic, partition }));
        if (reader === undefined || isRead(reader))
          this.#consumer.pause([{ topic, partitions: [partition] }]);
        else this.#consumer.seek({ topic, partition, offset: String(reader.position) });
      }
    }
  }

  async #eachBatch(payload: EachBatchPayload, signal: AbortSignal): Promise<void> {
    const { batch, resolveOffset, heartbeat, isRunning, isStale } = payload;
    const reader = this.#readers.get(partitionKey(batch));
    if (signal.aborted || !isRunning() || isStale() || reader === undefined) return;
    if (isRead(reader)) return this.#end(reader);
    const fetched = Number((batch as unknown as { fetchedOffset: string }).fetchedOffset);
    if (fetched > reader.position) return this.#realign(reader);
    this.#progressAt = Date.now();
    const last = batch.lastOffset();
    const covered = Math.min(Number(last) + 1, reader.end);
    try {
      reader.take(new RecordCursor(batch.messages), covered);
    } catch (error) {
      const reason = (error as Error).message;
      // Waiting would look like an unreachable broker; a replay can be run again.
      this.#done.reject(
        new KafkaFailure(
          "corrupt",
          `partition ${batch.partition} of topic ${batch.topic} can't be read: ${reason}`,
        ),
      );
      return;
    }
    resolveOffset(last);
    if (isRead(reader)) this.#end(reader);
    await heartbeat();
  }

  #end({ stretch: { topic, partition } }: StretchReader): void {
    this.#consumer.pause([{ topic, partitions: [partition] }]);
    if (this.#finished()) this.#done.resolve();
  }

  /**
   * The client has jumped: seek back to the reader's position, or to the log's start if retention has deleted
   * records.
   */
  async #realign(reader: StretchReader): Promise<void> {
    await this.#passDeleted();
    if (isRead(reader)) return this.#end(reader);
    const { topic, partition } = reader.stretch;
    this.#consumer.seek({ topic, partition, offset: String(reader.position) });
  }

  async #passDeleted(): Promise<void> {
    const unread = [...this.#readers.values()].filter((reader) => !isRead(reader));
    const topics = [...new Set(unread.map(({ stretch }) => stretch.topic))];
    const ranges = await withAdmin(this.#kafka, (admin) => readLogRanges(admin, topics));
    for (const reader of unread) {
      const { topic, partition } = reader.stretch;
      const low = Math.min(ranges.get(partitionKey({ topic, partition }))?.low ?? 0, reader.end);
      if (low <= reader.position) continue;
      reader.lose(low);
      this.#progressAt = Date.now();
    }
  }

  #finished(): boolean {
    return [...this.#readers.values()].every(isRead);
  }

  async #watch(timeoutMs: number, signal: AbortSignal): Promise<void> {
    this.#progressAt = Date.now();
    while (!signal.aborted) {
      await sleep(Math.min(timeoutMs, 200), undefined, { signal }).catch(() => {});
      const silence = Date.now() - this.#progressAt;
      if (!signal.aborted && silence > timeoutMs) {
        const words = `no record received for ${Math.round(silence / 1000)} s: is a broker down?`;
        throw new KafkaFailure("silent", words);
      }
    }
  }
}

function isRead({ position, end }: StretchReader): boolean {
  return position >= end;
}
