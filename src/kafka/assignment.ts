import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { Ledger } from "../ledger/ledger.ts";
import {
  type Committed,
  type LogRange,
  type Origin,
  PartitionLedger,
  UnreadableSnapshotError,
} from "../ledger/partition-ledger.ts";
import type { Decoder } from "../receipts/decode.ts";
import type { Kafka } from "./client.ts";

export type Admin = ReturnType<Kafka["admin"]>;

/** How the records of one topic are read, and the ledger that a new partition of it starts with. */
export interface TopicPlan {
  readonly topic: string;
  readonly decode: Decoder;
  openLedger(): Ledger;
}

/** What a member of the group was given: partitions by topic. */
export type MemberAssignment = Readonly<Record<string, readonly number[]>>;

/** The highest offset that this process knows to be committed, by `topic/partition`. */
export type KnownOffsets = Map<string, number>;

/**
 * The ledgers of the partitions that this member owns in one generation of the group. They are loaded from
 * the committed snapshots before the first record is counted; until then a partition that it owned before
 * goes on showing what it showed.
 */
export class Assignment {
  readonly members: MemberAssignment;
  /** No commit any more: the group is moving on, and these ledgers may belong to somebody else. */
  frozen = false;
  #ledgers: Map<string, PartitionLedger>;
  #loaded = false;

  constructor(members: MemberAssignment, previous: Assignment | undefined) {
    this.members = members;
    const owned = new Set(this.#keys());
    const shown = previous === undefined ? [] : [...previous.#ledgers];
    this.#ledgers = new Map(shown.filter(([key]) => owned.has(key)));
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  /** The ledgers to show, and once loaded to count in. */
  get ledgers(): Iterable<PartitionLedger> {
    return this.#ledgers.values();
  }

  find(topic: string, partition: number): PartitionLedger | undefined {
    return this.#loaded ? this.#ledgers.get(partitionKey(topic, partition)) : undefined;
  }

  /** How many partitions this member owns. */
  get size(): number {
    return this.#keys().length;
  }

  /**
   * Loads every ledger, trying again until it works or the group has moved on.
   *
   * @param known offsets whose commit this process saw accepted: an older answer is read again for a while
   * @throws UnreadableSnapshotError when a snapshot is not ours to read
   */
  async load(
    admin: Admin,
    group: string,
    plans: ReadonlyMap<string, TopicPlan>,
    known: KnownOffsets,
    log: Logger,
  ): Promise<void> {
    for (let attempt = 0; !this.frozen; attempt++) {
      try {
        const ledgers = await this.#read(admin, group, plans, log);
        const stale = ledgers.find(
          (ledger) => ledger.next < (known.get(partitionKey(ledger.topic, ledger.partition)) ?? 0),
        );
        if (stale !== undefined && attempt < 10) {
          await sleep(200);
          continue;
        }
        this.#ledgers = new Map(
          ledgers.map((ledger) => [partitionKey(ledger.topic, ledger.partition), ledger]),
        );
        this.#loaded = true;
        return;
      } catch (error) {
        if (error instanceof UnreadableSnapshotError) throw error;
        log.warn({ reason: (error as Error).message }, "the committed counts can't be loaded yet");
        await sleep(Math.min(200 * 2 ** attempt, 5_000));
      }
    }
  }

  async #read(
    admin: Admin,
    group: string,
    plans: ReadonlyMap<string, TopicPlan>,
    log: Logger,
  ): Promise<PartitionLedger[]> {
    const topics = Object.keys(this.members);
    const committed = new Map<string, Committed>();
    for (const { topic, partitions } of await admin.fetchOffsets({ groupId: group, topics })) {
      for (const { partition, offset, metadata } of partitions) {
        committed.set(partitionKey(topic, partition), { offset: Number(offset), metadata });
      }
    }
    const logs = await readLogRanges(admin, topics);
    return Object.entries(this.members).flatMap(([topic, partitions]) => {
      const plan = plans.get(topic);
      if (plan === undefined) return [];
      return partitions.map((partition) => {
        const key = partitionKey(topic, partition);
        const at = committed.get(key) ?? { offset: -1, metadata: null };
        const range = logs.get(key);
        if (range === undefined) throw new Error(`partition ${partition} of topic ${topic} is not known yet`);
        const ledger = new PartitionLedger(topic, partition, plan.openLedger(), at, range, Date.now());
        tellOrigin(ledger, log);
        align(ledger, range, log);
        return ledger;
      });
    });
  }

  #keys(): string[] {
    return Object.entries(this.members).flatMap(([topic, partitions]) =>
      partitions.map((partition) => partitionKey(topic, partition)),
    );
  }
}

/** Brings a ledger in line with its log, and says so when records were lost to it. */
export function align(ledger: PartitionLedger, range: LogRange, log: Logger): void {
  const { topic, partition } = ledger;
  const { deleted, restarted } = ledger.align(range);
  if (deleted > 0) {
    log.error({ topic, partition, deleted }, "retention deleted records before they were counted");
  }
  if (restarted) {
    log.error(
      { topic, partition, next: ledger.next },
      "the log ends before what was counted, the topic was made anew or truncated: counting from its start",
    );
  }
}

const originMessages: Readonly<Record<Origin, string>> = {
  snapshot: "counts loaded",
  new: "nothing committed yet: counting from the log's start",
  offset_only:
    "the committed offset has no counts (reset by a tool, or committed by another program): counting from 0",
  uncounted: "the counts had outgrown the offset metadata and were not committed: counting from 0",
  moved: "the committed offset was moved by hand: counting from 0",
};

function tellOrigin({ topic, partition, origin, next }: PartitionLedger, log: Logger): void {
  const level = origin === "snapshot" || origin === "new" ? "info" : "warn";
  log[level]({ topic, partition, next }, originMessages[origin]);
}

export function partitionKey(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

/** The range of offsets that each partition's log holds at this moment, by `topic/partition`. */
export async function readLogRanges(admin: Admin, topics: readonly string[]): Promise<Map<string, LogRange>> {
  const ranges = new Map<string, LogRange>();
  for (const topic of topics) {
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      ranges.set(partitionKey(topic, partition), { low: Number(low), high: Number(high) });
    }
  }
  return ranges;
}
