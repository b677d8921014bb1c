import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { LogRange } from "../ledger/partition-ledger.ts";
import { type ClientSettings, createKafka } from "./client.ts";
import { KafkaFailure, toFailure } from "./failure.ts";
import { type Admin, readLogRanges } from "./log-ranges.ts";
import { partitionKey } from "./partition-id.ts";
import { wholeLogEnds } from "./undecided.ts";

/** The stretch of a partition's log that a replay reads: [start, end). */
export interface LogStretch {
  readonly topic: string;
  readonly partition: number;
  readonly start: number;
  readonly end: number;
  /** How many offsets the log no longer holds, when the stretch begins at its very start; else 0. */
  readonly removedBefore: number;
  /** How many offsets stood behind the end already: the first of them is of a transaction that was open. */
  readonly undecided: number;
}

/** What there is to read. */
export interface LogPlan {
  /** The cluster's id; undefined where its brokers have none. */
  readonly cluster: string | undefined;
  /** When the logs' ends were taken, in ms since the epoch. */
  readonly takenAt: number;
  /** One for each partition that is wanted, sorted by topic and partition; some are empty. */
  readonly stretches: readonly LogStretch[];
  /** How many of their offsets lie behind the first record from `expectedEnd` on. */
  readonly behind: number;
  /** How many partitions each topic has. */
  readonly partitions: Readonly<Record<string, number>>;
}

/** What to plan for; times in ms since the epoch. */
export interface Wanted {
  /** Records before it are not asked for. */
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
  /** Without an answer, or a record, for so long; in ms. */
  readonly timeoutMs: number;
  /** At once. */
  readonly signal: AbortSignal;
}

/**
 * Finds what to read: in each partition from the first record at or after `from` to the log's end as it is now, so that a
 * growing topic ends too.
 *
 * A broker's index of times knows the latest time before each offset. So what lies before the first record at or after
 * `from` is earlier than `from`, in whatever order the times are. What lies behind the first at or after another time may
 * be of any time: one record from far ahead, or a marker of a transaction with the time of its commit, comes first. So
 * no time bounds the end.
 *
 * @returns undefined when the signal ended it before
 * @throws MissingTopicError; KafkaFailure when they can't be reached, or refuse, `silent` when they do not answer
 */
export async function planStretches(
  client: ClientSettings,
  topics: readonly string[],
  wanted: Wanted,
  { timeoutMs, signal }: Patience,
  log: Logger,
): Promise<LogPlan | undefined> {
  const admin = createKafka(client, log).admin();
  const planned = async () => {
    await admin.connect();
    // Before the ends that can be read: what has come between is not taken for undecided.
    const wholeEnds = await wholeLogEnds(client, topics, log);
    return planOf(admin, topics, wanted, wholeEnds);
  };
  const ended = new AbortController();
  const late = sleep(timeoutMs, undefined, { signal: AbortSignal.any([signal, ended.signal]) });
  try {
    return await Promise.race([
      planned(),
      late.then(
        () => Promise.reject(new KafkaFailure("silent", `no broker answered for ${timeoutMs / 1000} s`)),
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
      // Looked up after the log's end, it may lie behind it.
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
 * Where the records at or after a time begin.
 *
 * A broker looks into the first of its segments that has such a record, or had one. When records were deleted on demand and
 * their segment is still there, it finds none in it, and looks no further: it says that there is none, and the log would be
 * taken for read. It says so of every time before, so where a log with records has none since 1970, all of it is read.
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

/** What the client throws, with a sentence for the operator where that is of a connection. */
export function inWords(error: unknown): KafkaFailure {
  const failure = toFailure(error);
  if (failure === error || failure.code !== "unreachable") return failure;
  return new KafkaFailure("unreachable", `no broker can be reached: ${failure.message}`, { cause: error });
}
