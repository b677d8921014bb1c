import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { LogRange } from "../ledger/partition-ledger.ts";
import { type ClientSettings, createKafka } from "./client.ts";
import { KafkaFailure, toFailure } from "./failure.ts";
import { type Admin, readLogRanges, withAdmin } from "./log-ranges.ts";
import { partitionKey } from "./partition-id.ts";
import { wholeLogEnds } from "./undecided.ts";
import { untilLed } from "./until-led.ts";

/** The stretch of a partition's log that a replay reads: [start, end). */
export interface LogStretch {
  readonly topic: string;
  readonly partition: number;
  readonly start: number;
  readonly end: number;
  /** How many offsets retention has removed, if the stretch begins at the log's start; else 0. */
  readonly removedBefore: number;
  /** How many offsets follow the readable end: from the first open transaction on. */
  readonly undecided: number;
}

/** What there is to read. */
export interface LogPlan {
  /** The cluster's id; undefined if its brokers have none. */
  readonly cluster: string | undefined;
  /** When the ends of the logs were read, in ms since the epoch. */
  readonly takenAt: number;
  /** One for each wanted partition, sorted by topic and partition; some are empty. */
  readonly stretches: readonly LogStretch[];
  /** How many of their offsets come after the first record at or after `expectedEnd`. */
  readonly behind: number;
  /** How many partitions each topic has. */
  readonly partitions: Readonly<Record<string, number>>;
}

/** What to plan for; times in ms since the epoch. */
export interface Wanted {
  /** Records before it are not needed. */
  readonly from: number;
  /** From when on few records are expected to matter. */
  readonly expectedEnd: number;
  /** Whether a partition is to be read. */
  readonly wanted: (partition: number) => boolean;
}

/** A topic that is to be read does not exist. */
export class MissingTopicError extends KafkaFailure {
  override readonly name = "MissingTopicError";
  readonly topics: readonly string[];

  constructor(topics: readonly string[]) {
    super("unknown_topic", `topic ${topics.join(", ")} does not exist`);
    this.topics = topics;
  }
}

/** When to give up. */
export interface Patience {
  /** After this long without an answer or a record, in ms. */
  readonly timeoutMs: number;
  /** Immediately. */
  readonly signal: AbortSignal;
}

/**
 * Plans what to read: in each partition from the first record at or after `from` to the log's present end, so that
 * reading a growing topic ends too.
 *
 * A broker's time index holds the latest time before each offset. So everything before the first record at or after
 * `from` is earlier than `from`, in whatever order the times are. Records after the first one at or after another
 * time may have any time: a single record from the future, or a transaction marker with its commit time, comes first.
 * So no time bounds the end.
 *
 * @returns undefined when the signal aborted it
 * @throws MissingTopicError; KafkaFailure when the brokers can't be reached or refuse, `silent` when they do not
 *   answer, or a partition has no leader for as long
 */
export async function planStretches(
  client: ClientSettings,
  topics: readonly string[],
  wanted: Wanted,
  { timeoutMs, signal }: Patience,
  log: Logger,
): Promise<LogPlan | undefined> {
  const kafka = createKafka(client, log);
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  const plan = () =>
    withAdmin(kafka, async (admin) => {
      // Taken before the readable ends: records that arrive in between don't count as undecided.
      const wholeEnds = await wholeLogEnds(client, topics, log);
      return planOf(admin, topics, wanted, wholeEnds);
    });
  let why = "no broker answered";
  const onTrouble = ({ message }: KafkaFailure) => {
    why = message;
  };
  const late = sleep(timeoutMs, undefined, { signal: either });
  try {
    return await Promise.race([
      untilLed(plan, { signal: either, log, onTrouble }),
      late.then(
        () => Promise.reject(new KafkaFailure("silent", `${why} for ${timeoutMs / 1000} s`)),
        () => undefined,
      ),
    ]);
  } catch (error) {
    throw inWords(error);
  } finally {
    ended.abort();
  }
}

async function planOf(
  admin: Admin,
  topics: readonly string[],
  { from, expectedEnd, wanted }: Wanted,
  wholeEnds: ReadonlyMap<string, number>,
): Promise<LogPlan> {
  const { clusterId } = await admin.describeCluster();
  const there = await admin.listTopics();
  const missing = topics.filter((topic) => !there.includes(topic));
  if (missing.length > 0) throw new MissingTopicError(missing);
  const takenAt = Date.now();
  const logs = await readLogRanges(admin, topics);
  const stretches: LogStretch[] = [];
  const partitions: Record<string, number> = {};
  let behind = 0;
  for (const topic of topics) {
    const starts = await startsAt(admin, topic, from, logs);
    partitions[topic] = starts.size;
    const expected = expectedEnd < takenAt ? await offsetsAt(admin, topic, expectedEnd) : undefined;
    for (const [partition, found] of starts) {
      const log = logs.get(partitionKey({ topic, partition }));
      if (log === undefined || !wanted(partition)) continue;
      const end = log.high;
      // Looked up after the log's end, it may be past it.
      const start = Math.min(Math.max(found, log.low), end);
      const removedBefore = start === log.low ? log.low : 0;
      behind += end - Math.min(Math.max(expected?.get(partition) ?? end, start), end);
      const undecided = Math.max(0, (wholeEnds.get(partitionKey({ topic, partition })) ?? end) - end);
      stretches.push({ topic, partition, start, end, removedBefore, undecided });
    }
  }
  stretches.sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition));
  return { cluster: clusterId || undefined, takenAt, stretches, behind, partitions };
}

/**
 * Finds where the records at or after a time begin.
 *
 * A broker looks into the first segment that has, or had, such a record. If these records were deleted on demand and
 * the segment still exists, it finds none, looks no further, and answers that there are none: the log would count as
 * read. It answers the same for every earlier time, so if a log with records has none since 1970, it is read from its
 * start.
 */
async function startsAt(
  admin: Admin,
  topic: string,
  time: number,
  logs: ReadonlyMap<string, LogRange>,
): Promise<Map<number, number>> {
  const starts = await offsetsAt(admin, topic, time);
  const isNone = (partition: number, found: number | undefined) => {
    const { low = 0, high = 0 } = logs.get(partitionKey({ topic, partition })) ?? {};
    return low < high && (found ?? high) >= high;
  };
  if (![...starts].some(([partition, found]) => isNone(partition, found))) return starts;
  const firsts = await offsetsAt(admin, topic, 0);
  return new Map(
    [...starts].map(([partition, found]) => {
      const isBlind = isNone(partition, found) && isNone(partition, firsts.get(partition));
      return [partition, isBlind ? 0 : found];
    }),
  );
}

async function offsetsAt(admin: Admin, topic: string, time: number): Promise<Map<number, number>> {
  const offsets = await admin.fetchTopicOffsetsByTimestamp(topic, time);
  return new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
}

/** What the client threw, with a sentence for the operator if it is a connection failure. */
export function inWords(error: unknown): KafkaFailure {
  const failure = toFailure(error);
  if (failure === error || failure.code !== "unreachable") return failure;
  return new KafkaFailure("unreachable", `no broker can be reached: ${failure.message}`, { cause: error });
}
