import { setTimeout as sleep } from "node:timers/promises";
import type { Kafka } from "./client.ts";
import { type Admin, partitionKey, readLogRanges } from "./log-ranges.ts";

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

/** Nothing came for as long as there was to wait. */
export class SilenceError extends Error {
  override readonly name = "SilenceError";
}

/** When to give up. */
export interface Patience {
  /** Without an answer, or a record, for so long; in ms. */
  readonly timeoutMs: number;
  /** At once. */
  readonly signal: AbortSignal;
}

/**
 * Finds what to read for a stretch of time: in each partition from the first record at or after `from` up to
 * the first at or after `to`, or to the log's end as it is now, so that a growing topic ends too.
 *
 * @param from and `to`: record times in ms since the epoch
 * @returns undefined when the signal ended it before
 * @throws MissingTopicError; SilenceError when the brokers do not answer; Error when they can't be reached
 */
export async function planStretches(
  kafka: Kafka,
  topics: readonly string[],
  from: number,
  to: number,
  { timeoutMs, signal }: Patience,
): Promise<LogStretch[] | undefined> {
  const admin = kafka.admin();
  const ended = new AbortController();
  const late = sleep(timeoutMs, undefined, { signal: AbortSignal.any([signal, ended.signal]) });
  try {
    return await Promise.race([
      admin.connect().then(() => findStretches(admin, topics, from, to)),
      late.then(
        () => Promise.reject(new SilenceError(`no broker has answered for ${timeoutMs / 1000} s`)),
        () => undefined,
      ),
    ]);
  } catch (error) {
    throw inWords(error);
  } finally {
    ended.abort();
    // A broker that is away is not waited for.
    admin.disconnect().catch(() => {});
  }
}

async function findStretches(
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

/** What the client says of a connection, as a sentence for the operator. */
export function inWords(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const origin = error.cause instanceof Error ? error.cause : error;
  if (!origin.name.startsWith("KafkaJSConnection")) return error;
  const reason = origin.message.replace(/^Connection error: /, "");
  return new Error(`no broker can be reached: ${reason}`, { cause: error });
}
