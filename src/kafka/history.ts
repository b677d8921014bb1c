import { setTimeout as sleep } from "node:timers/promises";
import type { Consumer, EachBatchPayload } from "kafkajs";
import type { Logger } from "pino";
import type { LogRecord } from "../ledger/fold.ts";
import { type Admin, partitionKey, readLogRanges } from "./assignment.ts";
import type { Kafka } from "./client.ts";

/** The stretch of a partition's log that a replay reads: [start, end). */
export interface LogStretch {
  readonly topic: string;
  readonly partition: number;
  readonly start: number;
  readonly end: number;
  /** How many offsets the log no longer holds, when the stretch begins at its very start; else 0. */
  readonly removedBefore: number;
}

/** A topic that is to be read does not exist. */
export class MissingTopicError extends Error {
  override readonly name = "MissingTopicError";
}

/**
 * Finds what to read for a stretch of time: in each partition from the first record at or after `from` up to
 * the first at or after `to`, or to the log's end as it is now, so that a growing topic ends too.
 *
 * @param from and `to`: record times in ms since the epoch
 * @throws MissingTopicError
 */
export async function planStretches(
  admin: Admin,
  topics: readonly string[],
  from: number,
  to: number,
): Promise<LogStretch[]> {
  const there = await admin.listTopics();
  const missing = topics.filter((topic) => !there.includes(topic));
  if (missing.length > 0) throw new MissingTopicError(`there is no topic ${missing.join(", ")}`);
  const logs = await readLogRanges(admin, topics);
  const stretches: LogStretch[] = [];
  for (const topic of topics) {
    const starts = await offsetsAt(admin, topic, from);
    const ends = await offsetsAt(admin, topic, to);
    for (const [partition, found] of starts) {
      const log = logs.get(partitionKey(topic, partition));
      if (log === undefined) continue;
      // Looked up after the log's end, they may lie behind it.
      const end = Math.min(ends.get(partition) ?? log.high, log.high);
      const start = Math.min(Math.max(found, log.low), end);
      const removedBefore = start === log.low ? log.low : 0;
      stretches.push({ topic, partition, start, end, removedBefore });
    }
  }
  return stretches.sort((a, b) =>
    a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition,
  );
}

async function offsetsAt(admin: Admin, topic: string, time: number): Promise<Map<number, number>> {
  const offsets = await admin.fetchTopicOffsetsByTimestamp(topic, time);
  return new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
}

/** A stretch that is being read. */
export interface StretchReader {
  readonly stretch: LogStretch;
  /** The offset of the next record to read. */
  readonly next: number;
  /** Takes consecutive records, all within the stretch; `end` is one more than the last offset covered. */
  take(records: readonly LogRecord[], end: number): void;
}

export interface ReadOptions {
  /** A throw-away group, deleted at the end: nothing is ever committed to it. */
  readonly group: string;
  /** Gives up when no record arrives for so long, in ms. */
  readonly timeoutMs: number;
  /** Ends the reading between two batches. */
  readonly signal: AbortSignal;
}

/**
 * Reads stretches, each once and in order, interleaved as the brokers send them.
 *
 * @returns true when all were read to their end, false when the signal ended it before
 * @throws Error when no record arrives for too long, or the client can't go on
 */
export async function readStretches(
  kafka: Kafka,
  readers: readonly StretchReader[],
  { group, timeoutMs, signal }: ReadOptions,
  log: Logger,
): Promise<boolean> {
  const reading = new HistoryReading(kafka, readers, group, log);
  try {
    return await reading.run(timeoutMs, signal);
  } finally {
    await reading.close();
  }
}

class HistoryReading {
  readonly #readers: Map<string, StretchReader>;
  readonly #consumer: Consumer;
  readonly #admin: Admin;
  readonly #group: string;
  readonly #log: Logger;
  readonly #done = Promise.withResolvers<void>();
  #progressAt = Date.now();

  constructor(kafka: Kafka, readers: readonly StretchReader[], group: string, log: Logger) {
    this.#readers = new Map(
      readers.map((reader) => [partitionKey(reader.stretch.topic, reader.stretch.partition), reader]),
    );
    this.#group = group;
    this.#log = log;
    this.#admin = kafka.admin();
    this.#consumer = kafka.consumer({
      groupId: group,
      allowAutoTopicCreation: false,
      maxWaitTimeInMs: 200,
      // Small fetches keep a replay small: memory is what a fetch unpacks to.
      maxBytesPerPartition: 262_144,
      retry: { retries: 10, restartOnFailure: async () => true },
    });
  }

  async run(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    if (this.#finished()) return true;
    const topics = [...new Set([...this.#readers.values()].map(({ stretch }) => stretch.topic))];
    const consumer = this.#consumer;
    await this.#admin.connect();
    await consumer.connect();
    await consumer.subscribe({ topics, fromBeginning: true });
    const { GROUP_JOIN, CRASH } = consumer.events;
    consumer.on(GROUP_JOIN, ({ payload }) => this.#place(payload.memberAssignment));
    consumer.on(CRASH, ({ payload }) => {
      if (!payload.restart) this.#done.reject(payload.error);
    });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => this.#eachBatch(payload, signal),
    });
    const ended = new AbortController();
    const watch = AbortSignal.any([signal, ended.signal]);
    try {
      await Promise.race([this.#done.promise, this.#watch(timeoutMs, watch)]);
    } finally {
      ended.abort();
    }
    return this.#finished();
  }

  async close(): Promise<void> {
    await this.#consumer.disconnect();
    await this.#admin.deleteGroups([this.#group]).catch((error: Error) => {
      this.#log.debug(
        { reason: error.message },
        "the throw-away group was not deleted, the broker forgets it",
      );
    });
    await this.#admin.disconnect();
  }

  /** Every partition begins where its stretch does, and those without one are left alone. */
  #place(assignment: Readonly<Record<string, readonly number[]>>): void {
    for (const [topic, partitions] of Object.entries(assignment)) {
      for (const partition of partitions) {
        const reader = this.#readers.get(partitionKey(topic, partition));
        if (reader === undefined || isRead(reader))
          this.#consumer.pause([{ topic, partitions: [partition] }]);
        else this.#consumer.seek({ topic, partition, offset: String(reader.next) });
      }
    }
  }

  async #eachBatch(payload: EachBatchPayload, signal: AbortSignal): Promise<void> {
    const { batch, resolveOffset, heartbeat, isRunning, isStale } = payload;
    const reader = this.#readers.get(partitionKey(batch.topic, batch.partition));
    if (signal.aborted || !isRunning() || isStale() || reader === undefined || isRead(reader)) return;
    const { topic, partition, end } = reader.stretch;
    const fetched = Number((batch as unknown as { fetchedOffset: string }).fetchedOffset);
    if (fetched > reader.next) {
      await this.#realign(reader);
      return;
    }
    this.#progressAt = Date.now();
    const last = batch.lastOffset();
    const covered = Math.min(Number(last) + 1, end);
    reader.take(within(batch.messages, end), covered);
    resolveOffset(last);
    if (isRead(reader)) {
      this.#consumer.pause([{ topic, partitions: [partition] }]);
      if (this.#finished()) this.#done.resolve();
    }
    await heartbeat();
  }

  /** The client has jumped: back to where the reader is, or past what retention has deleted meanwhile. */
  async #realign(reader: StretchReader): Promise<void> {
    const { topic, partition, end } = reader.stretch;
    const range = (await readLogRanges(this.#admin, [topic])).get(partitionKey(topic, partition));
    if (range !== undefined && range.low > reader.next) reader.take([], Math.min(range.low, end));
    this.#consumer.seek({ topic, partition, offset: String(reader.next) });
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
        throw new Error(`no record has come for ${Math.round(silence / 1000)} s: is a broker away?`);
      }
    }
  }
}

function isRead({ stretch, next }: StretchReader): boolean {
  return next >= stretch.end;
}

function within<R extends LogRecord>(records: readonly R[], end: number): readonly R[] {
  const last = records.at(-1);
  if (last === undefined || Number(last.offset) < end) return records;
  return records.filter(({ offset }) => Number(offset) < end);
}
