import { setTimeout as sleep } from "node:timers/promises";
import type { Consumer, EachBatchPayload, KafkaJSError } from "kafkajs";
import type { Logger } from "pino";
import type { PartitionLedger } from "../ledger/partition-ledger.ts";
import {
  type Admin,
  Assignment,
  align,
  type MemberAssignment,
  partitionKey,
  readLogRanges,
  type TopicPlan,
} from "./assignment.ts";
import { Checkpointer, type SendCommit } from "./checkpointer.ts";
import type { Kafka } from "./client.ts";
import { readBatchesInPlace } from "./in-place.ts";
import { RecordCursor } from "./record-cursor.ts";
import { UnreadablePartitions } from "./unreadable.ts";

export interface ConsumerSettings {
  readonly group: string;
  readonly sessionTimeoutMs: number;
  readonly commitIntervalMs: number;
  /** The broker's `offset.metadata.max.bytes`. */
  readonly metadataLimit: number;
}

/** How long leaving the group may take: a rebalance that is under way can hold it up. In ms. */
const leaveDeadlineMs = 4_000;

/** How long a partition whose next records are damaged rests before they are fetched again, in ms. */
const unreadablePauseMs = 5_000;

/** How often the log's end is asked for, so that the lag is true while nothing is read. In ms. */
const lagIntervalMs = 10_000;

/**
 * Consumes the topics as one member of the group: folds each batch into its partition's ledger, commits
 * ledgers with their offsets, and follows the group through every rebalance.
 */
export class LiveConsumer {
  readonly checkpointer: Checkpointer;
  rebalances = 0;

  readonly #kafka: Kafka;
  readonly #settings: ConsumerSettings;
  readonly #plans: ReadonlyMap<string, TopicPlan>;
  readonly #log: Logger;
  readonly #admin: Admin;
  readonly #stopping = new AbortController();
  readonly #fatal = Promise.withResolvers<never>();
  #consumer: Consumer | undefined;
  #assignment: Assignment | undefined;
  #ready: Promise<void> = Promise.resolve();
  #send: SendCommit | undefined;
  readonly #unreadable: UnreadablePartitions;
  #waitingFor = "connecting to the brokers";
  #lastHeartbeat = 0;

  constructor(kafka: Kafka, settings: ConsumerSettings, plans: readonly TopicPlan[], log: Logger) {
    readBatchesInPlace(log);
    this.#unreadable = new UnreadablePartitions(log);
    this.#kafka = kafka;
    this.#settings = settings;
    this.#plans = new Map(plans.map((plan) => [plan.topic, plan]));
    this.#log = log;
    this.#admin = kafka.admin();
    this.checkpointer = new Checkpointer(settings.metadataLimit, log);
  }

  /** The ledgers of the partitions that this instance owns now. */
  get ledgers(): Iterable<PartitionLedger> {
    return this.#assignment?.ledgers ?? [];
  }

  /** @returns undefined when receipts are being counted and kept, else one sentence saying why not */
  notReady(now: number): string | undefined {
    if (this.#stopping.signal.aborted) return "shutting down";
    if (this.#assignment === undefined || this.#assignment.frozen) return this.#waitingFor;
    if (!this.#assignment.loaded) return "loading the committed counts";
    const silence = now - this.#lastHeartbeat;
    if (silence > this.#settings.sessionTimeoutMs) {
      return `no heartbeat reached the group for ${Math.round(silence / 1000)} s`;
    }
    if (this.#unreadable.sentence !== undefined) return this.#unreadable.sentence;
    const { dirtySince, lastFailure } = this.checkpointer;
    const waiting = dirtySince === undefined ? 0 : now - dirtySince;
    if (waiting > Math.max(3 * this.#settings.commitIntervalMs, 15_000)) {
      return `counts wait for a commit for ${Math.round(waiting / 1000)} s: ${lastFailure ?? "no answer yet"}`;
    }
    return undefined;
  }

  /**
   * Joins the group and consumes until {@link stop}; a broker that is away or a topic that is missing is
   * waited for.
   *
   * @throws when consuming can't go on: credentials refused, a snapshot that can't be read, a kafkajs crash
   *   without restart
   */
  async run(): Promise<void> {
    const stopped = new Promise<void>((resolve) => {
      this.#stopping.signal.addEventListener("abort", () => resolve());
    });
    const loops = [this.#commitLoop(), this.#lagLoop()];
    await Promise.race([stopped, this.#fatal.promise, this.#connect().then(() => stopped)]);
    await Promise.all(loops);
  }

  /** Commits what was counted, leaves the group, disconnects. The ledgers stay to be shown. */
  async stop(): Promise<{ readonly uncommitted: string | undefined }> {
    if (this.#stopping.signal.aborted) return { uncommitted: undefined };
    this.#stopping.abort();
    await this.checkpointer.settled();
    if (this.#assignment !== undefined) this.checkpointer.commit(this.#assignment, this.#send);
    await this.checkpointer.settled();
    const left = Promise.allSettled([this.#consumer?.disconnect(), this.#admin.disconnect()]);
    const late = sleep(leaveDeadlineMs, "late" as const, { ref: false });
    if ((await Promise.race([left, late])) === "late") {
      this.#log.warn("the group was not left in time: it will notice by itself");
    }
    return { uncommitted: undefined };
  }

  async #connect(): Promise<void> {
    const topics = [...this.#plans.keys()];
    for (let attempt = 0; !this.#stopping.signal.aborted; attempt++) {
      const consumer = this.#kafka.consumer({
        groupId: this.#settings.group,
        sessionTimeout: this.#settings.sessionTimeoutMs,
        heartbeatInterval: Math.floor(this.#settings.sessionTimeoutMs / 10),
        allowAutoTopicCreation: false,
        // A stop waits for the fetch that is under way.
        maxWaitTimeInMs: 500,
        // What a fetch unpacks to should stay in the processor's caches: a fifth less CPU than with 1 MB.
        maxBytesPerPartition: 262_144,
        retry: { retries: 10, restartOnFailure: async () => true },
      });
      try {
        await this.#admin.connect();
        await consumer.connect();
        await consumer.subscribe({ topics, fromBeginning: true });
        this.#waitingFor = "joining the group";
        this.#listen(consumer);
        this.#consumer = consumer;
        await consumer.run({
          autoCommit: false,
          eachBatchAutoResolve: false,
          eachBatch: (payload) => this.#eachBatch(consumer, payload),
        });
        return;
      } catch (error) {
        await consumer.disconnect().catch(() => {});
        if ((error as KafkaJSError).name === "KafkaJSSASLAuthenticationError") throw error;
        this.#waitingFor = await this.#obstacle(error as KafkaJSError);
        this.#log.warn({ attempt }, this.#waitingFor);
        await this.#pause(Math.min(250 * 2 ** attempt, 5_000));
      }
    }
  }

  /** One sentence on what an attempt to connect has met. */
  async #obstacle({ type, message }: KafkaJSError & { type?: string }): Promise<string> {
    if (type === undefined) return `no broker can be reached: ${message}`;
    if (type !== "UNKNOWN_TOPIC_OR_PARTITION") return `the broker refuses: ${message}`;
    const there = await this.#admin.listTopics().catch((): string[] => []);
    const missing = [...this.#plans.keys()].filter((topic) => !there.includes(topic));
    return `topics that do not exist yet: ${missing.join(", ")}`;
  }

  #listen(consumer: Consumer): void {
    const { GROUP_JOIN, REBALANCING, CRASH, HEARTBEAT } = consumer.events;
    consumer.on(GROUP_JOIN, ({ payload }) => this.#join(consumer, payload.memberAssignment));
    // Sent before the member joins anew, while the broker still takes commits of this generation.
    consumer.on(REBALANCING, () => {
      this.#waitingFor = "the group is rebalancing";
      if (this.#assignment !== undefined) this.checkpointer.commit(this.#assignment, this.#send);
      this.#freeze();
    });
    consumer.on(HEARTBEAT, () => {
      this.#lastHeartbeat = Date.now();
    });
    consumer.on(CRASH, ({ payload }) => {
      const { error, restart } = payload;
      this.#waitingFor = `consuming starts anew after a failure: ${error.message}`;
      this.#freeze();
      if (restart) this.#log.warn(this.#waitingFor);
      else this.#fatal.reject(error);
    });
  }

  /** From here on the ledgers may belong to another member: no commit until the next generation. */
  #freeze(): void {
    if (this.#assignment !== undefined) this.#assignment.frozen = true;
  }

  /** Called by kafkajs in the same turn in which the new generation takes hold: no commit can fall between. */
  #join(consumer: Consumer, members: MemberAssignment): void {
    this.rebalances++;
    this.#unreadable.clear();
    this.#lastHeartbeat = Date.now();
    this.#freeze();
    const assignment = new Assignment(members, this.#assignment);
    this.#assignment = assignment;
    this.#log.info({ partitions: members }, "joined the group");
    this.#ready = assignment
      .load(this.#admin, this.#settings.group, this.#plans, this.checkpointer.known, this.#log)
      .then(() => {
        // The ledger says where reading begins, whatever the client has looked up by itself.
        if (!assignment.frozen) for (const ledger of assignment.ledgers) seek(consumer, ledger);
      })
      .catch((error) => this.#fatal.reject(error));
  }

  async #eachBatch(consumer: Consumer, payload: EachBatchPayload): Promise<void> {
    const { batch, resolveOffset, heartbeat, isRunning, isStale } = payload;
    this.#send = payload.commitOffsetsIfNecessary as SendCommit;
    const assignment = this.#assignment;
    await this.#ready;
    const ledger = assignment?.find(batch.topic, batch.partition);
    const plan = this.#plans.get(batch.topic);
    const current = assignment === this.#assignment && !assignment?.frozen;
    if (ledger === undefined || plan === undefined || !current) return;
    if (this.#stopping.signal.aborted || !isRunning() || isStale()) return;
    const fetched = Number((batch as unknown as { fetchedOffset: string }).fetchedOffset);
    const high = Number(batch.highWatermark);
    if (fetched > ledger.next || high < ledger.next) {
      await this.#realign(consumer, ledger);
      return;
    }
    const last = batch.lastOffset();
    if (!this.#unreadable.fold(ledger, plan.decode, new RecordCursor(batch.messages), Number(last) + 1)) {
      // The other partitions go on meanwhile; nothing is passed over, for this offset is not resolved.
      setTimeout(payload.pause(), unreadablePauseMs).unref();
      return;
    }
    ledger.logEnd = Math.max(high, ledger.next);
    resolveOffset(last);
    await heartbeat();
  }

  /**
   * The batch does not begin where the ledger ends: fetched for an earlier generation, or the log has lost
   * what comes next. Folding it would skip receipts, so the log is asked and reading starts again.
   */
  async #realign(consumer: Consumer, ledger: PartitionLedger): Promise<void> {
    const { topic, partition } = ledger;
    const range = (await readLogRanges(this.#admin, [topic])).get(partitionKey(topic, partition));
    if (range !== undefined) align(ledger, range, this.#log);
    this.#unreadable.settle(ledger);
    seek(consumer, ledger);
  }

  async #commitLoop(): Promise<void> {
    while (await this.#pause(this.#settings.commitIntervalMs)) {
      if (this.#assignment !== undefined) this.checkpointer.commit(this.#assignment, this.#send);
    }
  }

  async #lagLoop(): Promise<void> {
    while (await this.#pause(lagIntervalMs)) {
      const topics = Object.keys(this.#assignment?.members ?? {});
      try {
        const ranges = await readLogRanges(this.#admin, topics);
        for (const ledger of this.ledgers) {
          const range = ranges.get(partitionKey(ledger.topic, ledger.partition));
          if (range === undefined) continue;
          ledger.logEnd = Math.max(ledger.logEnd, range.high);
          // What is damaged may be gone by retention, and nothing may come behind it.
          if (range.low > ledger.next || range.high <= ledger.next) this.#unreadable.settle(ledger);
        }
      } catch (error) {
        this.#log.debug({ reason: (error as Error).message }, "the log's end is not known now");
      }
    }
  }

  /** @returns false when the consumer is stopping */
  async #pause(ms: number): Promise<boolean> {
    await sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => {});
    return !this.#stopping.signal.aborted;
  }
}

function seek(consumer: Consumer, { topic, partition, next }: PartitionLedger): void {
  consumer.seek({ topic, partition, offset: String(next) });
}
