import type { Logger } from "pino";
import type { LogRecords } from "../ledger/fold-records.ts";
import type { Cluster } from "./cluster.ts";
import { type Failure, KafkaFailure } from "./failure.ts";
import type { Answer, ClusterView, FetchedPartition } from "./group/asks.ts";
import { byLeader, isMissing, leaderOf, moved, refused } from "./group/leaders.ts";
import { type PartitionId, partitionKey } from "./partition-id.ts";
import { unreadable } from "./rights.ts";
import type { LogStretch } from "./stretches.ts";

/** A partition's stretch of log that is being read. */
export interface StretchReader {
  readonly stretch: LogStretch;
  /** The offset of the next record to read. */
  readonly position: number;
  /** One past the last offset to read: the end of the stretch, or earlier once the remaining records are not needed. */
  readonly end: number;
  /**
   * Takes consecutive records below `end`, which is one past the last offset covered; later records are left out. It
   * may stop after some of them if they take long: the position says how far it came.
   */
  take(records: LogRecords, end: number): void;
  /** Skips to `end`: retention has deleted these records since the stretch was planned. */
  lose(end: number): void;
}

/** Whether a stretch needs no more records. */
export function isRead({ position, end }: StretchReader): boolean {
  return position >= end;
}

/** After a failure, the metadata is asked for again after this time, in ms. */
const againMs = 500;

/** How long a broker whose last answer had no records may wait for some, in ms. */
const idleWaitMs = 200;

/** A stretch that is not read to its end yet. */
interface Unread extends PartitionId {
  readonly reader: StretchReader;
  /** Not fetched until the metadata is refreshed, or what it lacks was asked for. */
  rests: boolean;
}

/**
 * Reads stretches of partitions: one fetch at a time from each leader, until all are read. Whatever may pass by itself
 * is tried again without end; whoever waits decides by {@link progressAt} when to give up.
 */
export class HistoryReading {
  readonly #unread: Map<string, Unread>;
  readonly #cluster: Pick<Cluster, "perform">;
  readonly #user: string;
  readonly #log: Logger;
  readonly #ended = Promise.withResolvers<void>();
  /** Whether it has ended or was stopped: later answers are ignored. */
  #isOver = false;
  #view: ClusterView | undefined;
  /** The id under which each topic was first seen. */
  readonly #ids = new Map<string, string>();
  /** Brokers that owe an answer. */
  readonly #asked = new Set<number>();
  /** Brokers whose last answer had no records. */
  readonly #idle = new Set<number>();
  /** A refresh of the metadata that is due or in flight. */
  #refresh: NodeJS.Timeout | undefined;
  #turn = 0;
  #progressAt = performance.now();
  #trouble: string | undefined;
  /** Every reason that was logged: one that stays is not news. */
  readonly #told = new Set<string>();

  /** @param user who reads, for people */
  constructor(
    readers: readonly StretchReader[],
    cluster: Pick<Cluster, "perform">,
    user: string,
    log: Logger,
  ) {
    this.#unread = new Map(
      readers.map((reader) => {
        const { topic, partition } = reader.stretch;
        return [partitionKey(reader.stretch), { topic, partition, reader, rests: false }];
      }),
    );
    this.#cluster = cluster;
    this.#user = user;
    this.#log = log;
  }

  /** When the last records were read, in ms of `performance.now()`. */
  get progressAt(): number {
    return this.#progressAt;
  }

  /** What went wrong since then, for people. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /**
   * Reads all stretches to their end; only once.
   *
   * @throws KafkaFailure for what does not pass by itself
   */
  read(): Promise<void> {
    this.#progressAt = performance.now();
    this.#pump();
    if (!this.#isOver) this.#refreshIn(0);
    return this.#ended.promise;
  }

  /** Takes no more records, and sends no more requests. */
  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#refresh);
  }

  #fail(error: Error): void {
    this.stop();
    this.#ended.reject(error);
  }

  /** Asks each leader for records, unless it owes an answer. */
  #pump(): void {
    if (this.#isOver) return;
    for (const [key, { reader }] of this.#unread) if (isRead(reader)) this.#unread.delete(key);
    if (this.#unread.size === 0) {
      this.stop();
      this.#ended.resolve();
      return;
    }
    if (this.#view === undefined) return;
    const awake = [...this.#unread.values()].filter(({ rests }) => !rests);
    for (const [broker, led] of byLeader(awake, this.#view)) {
      if (!this.#asked.has(broker)) this.#fetch(broker, led, this.#view).catch((error) => this.#fail(error));
    }
  }

  async #fetch(broker: number, led: readonly Unread[], view: ClusterView): Promise<void> {
    // A broker fills its answer in the order of the request.
    const start = this.#turn++ % led.length;
    const partitions = [...led.slice(start), ...led.slice(0, start)].map(({ topic, partition, reader }) => ({
      ...{ topic, partition, offset: reader.position, topicId: view.topics.get(topic)?.id },
    }));
    const waitMs = this.#idle.has(broker) ? idleWaitMs : 0;
    this.#asked.add(broker);
    const answer = (await this.#cluster.perform({
      ...{ kind: "fetch", broker, partitions, waitMs },
    })) as Answer<"fetch">;
    this.#asked.delete(broker);
    if (this.#isOver) return;
    this.#idle.add(broker);
    if (answer.failure !== undefined) this.#rest(led, answer.failure.message);
    else {
      const asked = new Map(partitions.map((from) => [partitionKey(from), from.offset]));
      for (const fetched of answer.result) {
        const unread = this.#unread.get(partitionKey(fetched));
        // Its leader may have changed, and another answer may have come before this one.
        if (unread === undefined || unread.reader.position !== asked.get(partitionKey(fetched))) continue;
        if (fetched.end !== undefined) this.#idle.delete(broker);
        this.#take(unread, fetched);
      }
    }
    this.#pump();
  }

  #take(unread: Unread, { failure, records, end }: FetchedPartition): void {
    const { topic, partition, reader } = unread;
    if (isRead(reader)) return;
    if (failure !== undefined) {
      if (refused.has(failure.code)) this.#fail(unreadable(this.#user, [topic]));
      else if (failure.code === "corrupt") this.#fail(damaged(unread, failure.message));
      else if (failure.code === "offset_out_of_range")
        this.#locate(unread).catch((error) => this.#fail(error));
      else {
        const level = moved.has(failure.code) ? "debug" : "warn";
        this.#rest([unread], `partition ${partition} of topic ${topic}: ${failure.message}`, level);
      }
      return;
    }
    if (end === undefined) return;
    try {
      reader.take(records, Math.min(end, reader.end));
      this.#progressed();
    } catch (error) {
      // Waiting would look like an unreachable broker; a replay can be run again.
      this.#fail(damaged(unread, (error as Error).message));
    }
  }

  /** Its next offset is not in the log: retention has deleted it, or a leader has less than the one before. */
  async #locate(unread: Unread): Promise<void> {
    const { topic, partition, reader } = unread;
    const broker = leaderOf(unread, this.#view);
    unread.rests = true;
    if (broker === undefined) return;
    const answer = (await this.#cluster.perform({
      ...{ kind: "range", broker, partitions: [{ topic, partition }] },
    })) as Answer<"range">;
    if (this.#isOver) return;
    const [part] = answer.failure === undefined ? answer.result : [];
    const failure = answer.failure ?? part?.failure;
    const { low = 0, high = 0 } = part?.range ?? {};
    if (failure === undefined && low > reader.position) {
      reader.lose(Math.min(low, reader.end));
      unread.rests = false;
      this.#progressed();
    } else {
      const ends = `partition ${partition} of topic ${topic} ends at ${high}, before offset ${reader.position}`;
      this.#rest([unread], failure?.message ?? ends);
    }
    this.#pump();
  }

  #progressed(): void {
    this.#progressAt = performance.now();
    this.#trouble = undefined;
  }

  /** @param level `debug` for what usually is over when the metadata is refreshed */
  #rest(stretches: readonly Unread[], reason: string, level: "debug" | "warn" = "warn"): void {
    for (const unread of stretches) unread.rests = true;
    this.#refreshIn(againMs);
    this.#trouble = reason;
    if (this.#told.has(reason)) return;
    this.#told.add(reason);
    this.#log[level]({ reason }, "reading was interrupted, trying again");
  }

  #refreshIn(ms: number): void {
    this.#refresh ??= setTimeout(() => this.#survey().catch((error) => this.#fail(error)), ms);
  }

  /** Asks who leads the partitions, and goes on with all of them. */
  async #survey(): Promise<void> {
    const topics = [...new Set([...this.#unread.values()].map(({ topic }) => topic))];
    const answer = (await this.#cluster.perform({
      ...{ kind: "metadata", topics, all: false },
    })) as Answer<"metadata">;
    this.#refresh = undefined;
    if (this.#isOver) return;
    if (answer.failure !== undefined) {
      const { code, message } = answer.failure;
      if (code === "login_refused" && this.#view === undefined) throw new KafkaFailure(code, message);
      this.#rest([], message);
      return;
    }
    this.#view = answer.result;
    for (const topic of topics) this.#recognise(topic, answer.result);
    for (const unread of this.#unread.values()) unread.rests = false;
    const headless = [...this.#unread.values()].find((unread) => leaderOf(unread, this.#view) === undefined);
    if (headless !== undefined) this.#rest([], whyHeadless(headless, answer.result));
    this.#pump();
  }

  /** @throws KafkaFailure when the topic may not be read, or is another than before */
  #recognise(topic: string, { topics, troubled }: ClusterView): void {
    const failure = troubled.get(topic);
    if (failure !== undefined && refused.has(failure.code)) throw unreadable(this.#user, [topic]);
    const id = topics.get(topic)?.id;
    if (id === undefined) return;
    const before = this.#ids.get(topic) ?? id;
    this.#ids.set(topic, before);
    if (id !== before) {
      const words = `topic ${topic} was deleted and created again while it was read`;
      throw new KafkaFailure("wrong_topic_id", words);
    }
  }
}

function damaged({ topic, partition }: PartitionId, reason: string): KafkaFailure {
  return new KafkaFailure("corrupt", `partition ${partition} of topic ${topic} can't be read: ${reason}`);
}

function whyHeadless({ topic, partition }: PartitionId, view: ClusterView): string {
  const failure: Failure | undefined = view.troubled.get(topic);
  if (failure !== undefined) return failure.message;
  return isMissing(topic, view)
    ? `topic ${topic} does not exist`
    : `partition ${partition} of topic ${topic} has no leader`;
}
