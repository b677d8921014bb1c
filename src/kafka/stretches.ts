import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { ClientSettings } from "./client-settings.ts";
import { Cluster, inNoGroup } from "./cluster.ts";
import { type FailureCode, KafkaFailure, toFailure } from "./failure.ts";
import type { Answer, ClusterView } from "./group/asks.ts";
import { isMissing, refused } from "./group/leaders.ts";
import { LogOffsets, type Offsets } from "./log-offsets.ts";
import { nameOf } from "./login/login.ts";
import { partitionKey } from "./partition-id.ts";
import { unreadable } from "./rights.ts";
import { logEnds } from "./wire/log-apis.ts";

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
 * @throws KafkaFailure when a topic does not exist, no broker can be reached, or one refuses; `silent` when one does
 *   not answer, or a partition has no leader, for as long as the patience lasts
 */
export async function planStretches(
  client: ClientSettings,
  topics: readonly string[],
  wanted: Wanted,
  { timeoutMs, signal }: Patience,
  log: Logger,
): Promise<LogPlan | undefined> {
  const cluster = new Cluster(client, inNoGroup, log);
  const planning = new Planning(cluster, nameOf(client.sasl), topics, wanted, log);
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  const late = sleep(timeoutMs, undefined, { signal: either });
  try {
    return await Promise.race([
      planning.plan(either),
      late.then(
        () => Promise.reject(new KafkaFailure("silent", `${planning.why} for ${timeoutMs / 1000} s`)),
        () => undefined,
      ),
    ]);
  } finally {
    ended.abort();
    cluster.close();
  }
}

/** What passes by itself: a topic was just created, a partition changes its leader, or a broker starts. */
const passing: ReadonlySet<FailureCode> = new Set(["no_leader", "not_leader", "no_answer", "unreachable"]);

/** How long to wait before asking again, in ms. */
const againAfterMs = 500;

/** So often no broker at all can be reached before that is believed: the addresses may be wrong. */
const knocksAtMost = 3;

/** Asks the cluster until everything that a plan needs was answered. */
class Planning {
  readonly #cluster: Cluster;
  readonly #user: string;
  readonly #topics: readonly string[];
  readonly #wanted: Wanted;
  readonly #log: Logger;
  /** Whether a broker has answered. */
  #isFound = false;
  /** Why there is no plan yet, for people. */
  why = "no broker answered";

  constructor(cluster: Cluster, user: string, topics: readonly string[], wanted: Wanted, log: Logger) {
    this.#cluster = cluster;
    this.#user = user;
    this.#topics = topics;
    this.#wanted = wanted;
    this.#log = log;
  }

  async plan(signal: AbortSignal): Promise<LogPlan | undefined> {
    for (let knocks = 1; !signal.aborted; knocks++) {
      try {
        return await this.#tried();
      } catch (error) {
        const failure = toFailure(error);
        if (!passing.has(failure.code)) throw error;
        const isNobody = failure.code === "unreachable" && !this.#isFound;
        if (isNobody && knocks >= knocksAtMost)
          throw new KafkaFailure("unreachable", `no broker can be reached: ${failure.message}`);
        if (isNobody) this.why = `no broker could be reached (${failure.message})`;
        else if (failure.code !== "no_answer") this.why = failure.message;
        this.#log.debug({ reason: failure.message }, "what there is to read is not known yet, trying again");
      }
      await sleep(againAfterMs, undefined, { signal }).catch(() => {});
    }
    return undefined;
  }

  async #tried(): Promise<LogPlan> {
    const { from, expectedEnd, wanted } = this.#wanted;
    const view = await this.#view();
    const logs = new LogOffsets(this.#cluster, view, this.#topics);
    // Taken before the readable ends: records that arrive in between don't count as undecided.
    const wholeEnds = await logs.at(logEnds.latest);
    const takenAt = Date.now();
    const lows = await logs.at(logEnds.earliest);
    const highs = await logs.at(logEnds.latest, { decided: true });
    const starts = await startsAt(logs, from, lows, highs);
    const expected = expectedEnd < takenAt ? await logs.at(expectedEnd) : undefined;
    const stretches: LogStretch[] = [];
    let behind = 0;
    for (const { topic, partition } of logs.partitions) {
      if (!wanted(partition)) continue;
      const key = partitionKey({ topic, partition });
      const low = lows.get(key) ?? 0;
      const end = highs.get(key) ?? low;
      // Looked up after the log's end, it may be past it.
      const start = Math.min(Math.max(starts.get(key) ?? end, low), end);
      const removedBefore = start === low ? low : 0;
      if (expected !== undefined) behind += end - Math.min(Math.max(expected.get(key) ?? end, start), end);
      const undecided = Math.max(0, (wholeEnds.get(key) ?? end) - end);
      stretches.push({ topic, partition, start, end, removedBefore, undecided });
    }
    stretches.sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition));
    const partitions = this.#topics.map((topic) => [topic, view.topics.get(topic)?.leaders.length ?? 0]);
    return { cluster: view.id, takenAt, stretches, behind, partitions: Object.fromEntries(partitions) };
  }

  /** @throws KafkaFailure when a topic does not exist, may not be read, or its metadata are not available */
  async #view(): Promise<ClusterView> {
    const topics = this.#topics;
    const answer = (await this.#cluster.perform({
      kind: "metadata",
      topics,
      all: false,
    })) as Answer<"metadata">;
    if (answer.failure !== undefined) throw new KafkaFailure(answer.failure.code, answer.failure.message);
    this.#isFound = true;
    const view = answer.result;
    // A topic that a client may not see is told apart from a missing one only where it is named.
    const hidden = topics.filter((topic) => refused.has(view.troubled.get(topic)?.code ?? "other"));
    if (hidden.length > 0) throw unreadable(this.#user, hidden);
    const missing = topics.filter((topic) => isMissing(topic, view));
    if (missing.length > 0)
      throw new KafkaFailure("unknown_topic", `topic ${missing.join(", ")} does not exist`);
    for (const [topic, { code, message }] of view.troubled) {
      const words = code === "no_leader" ? "had no leader" : `can't be read: ${message}`;
      throw new KafkaFailure(code, `topic ${topic} ${words}`);
    }
    return view;
  }
}

/**
 * Finds where the records at or after a time begin.
 *
 * A broker looks into the first segment that has, or had, such a record. If these records were deleted on demand and
 * the segment still exists, it finds none, looks no further, and answers that there are none: the log would count as
 * read. It answers the same for every earlier time, so if a log with records has none since 1970, it is read from its
 * start.
 *
 * @returns by `topic/partition`; those without one are left out
 */
async function startsAt(logs: LogOffsets, time: number, lows: Offsets, highs: Offsets): Promise<Offsets> {
  const starts = await logs.at(time);
  const isNone = (key: string, found: Offsets) => {
    const [low = 0, high = 0] = [lows.get(key), highs.get(key)];
    return low < high && (found.get(key) ?? high) >= high;
  };
  const without = [...lows.keys()].filter((key) => isNone(key, starts));
  if (without.length === 0) return starts;
  const firsts = await logs.at(0);
  const blind = without.filter((key) => isNone(key, firsts));
  return new Map([...starts, ...blind.map((key) => [key, 0] as const)]);
}
