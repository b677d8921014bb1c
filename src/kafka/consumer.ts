import type { Logger } from "pino";
import type { PartitionLedger } from "../ledger/partition-ledger.ts";
import type { ClientSettings } from "./client-settings.ts";
import { Cluster } from "./cluster.ts";
import type { Ask, MemberEvent } from "./group/asks.ts";
import type { Checkpointer } from "./group/checkpointer.ts";
import { isMissing } from "./group/leaders.ts";
import type { MemberSettings } from "./group/member-settings.ts";
import { GroupMember } from "./group/member.ts";
import type { OwnedPartition } from "./group/owned-partition.ts";
import { absentTopics, type Readiness, staleAfterMs, waitOf } from "./group/readiness.ts";
import type { Plans } from "./group/topic-plan.ts";

/** How often the state is checked for changes to log, in ms. */
const watchMs = 1_000;

/** One partition as a scrape shows it. */
export interface LivePartition {
  readonly topic: string;
  readonly partition: number;
  /** Its counts; undefined until they are loaded. */
  readonly ledger: PartitionLedger | undefined;
  /** Time since the last answer to a fetch, in seconds. */
  readonly fetchAge: number;
  /** Uncommitted offsets; undefined while the log's end is not known. */
  readonly lag: number | undefined;
  /** Fetches with records that can't be read. */
  readonly unreadable: number;
}

/** One configured topic as a scrape shows it. */
export interface LiveTopic {
  readonly topic: string;
  /** Number of partitions, 0 when it does not exist; undefined while that is not known. */
  readonly partitions: number | undefined;
  /** How many of them no member of the group owns; undefined while that is not known. */
  readonly unowned: number | undefined;
}

/** Why owned partitions and configured topics are not being read. */
export interface Waits {
  /** By `topic/partition`: the words after "partition 3 of topic x "; partitions that are read are left out. */
  readonly partitions: ReadonlyMap<string, string>;
  /** By topic: a sentence on why it can't be read. */
  readonly topics: ReadonlyMap<string, string>;
}

/**
 * Runs a {@link GroupMember}: passes it the time and the answers, and has the {@link Cluster} carry out its requests.
 * The member makes all decisions.
 */
export class LiveConsumer {
  readonly #member: GroupMember;
  readonly #cluster: Cluster;
  readonly #log: Logger;
  readonly #ended = Promise.withResolvers<void>();
  #timer: NodeJS.Timeout | undefined;
  #told: readonly string[] = [];

  /** @throws KafkaFailure when a package that the login needs is missing */
  constructor(client: ClientSettings, settings: MemberSettings, plans: Plans, log: Logger) {
    this.#log = log;
    this.#member = new GroupMember(settings, plans, log, clock());
    this.#cluster = new Cluster(client, settings, log);
  }

  get checkpointer(): Checkpointer {
    return this.#member.commits.checkpointer;
  }

  /** How often this instance was assigned partitions. */
  get rebalances(): number {
    return this.#member.rebalances;
  }

  /** The ledgers of the partitions that this instance owns now. */
  get ledgers(): Iterable<PartitionLedger> {
    return this.#member.holdings.ledgers;
  }

  /** The partitions that this instance owns now, as a scrape shows them. */
  get partitions(): readonly LivePartition[] {
    const now = clock();
    return [...this.#member.holdings.partitions].map((partition) => livePartition(partition, now));
  }

  get topics(): readonly LiveTopic[] {
    const { subscription, surroundings, neighbours, phase } = this.#member;
    const { view } = surroundings;
    return subscription.topics.map((topic) => ({
      topic,
      partitions: isMissing(topic, view) ? 0 : view?.topics.get(topic)?.leaders.length,
      unowned: phase.name === "counting" ? neighbours.unowned?.get(topic) : undefined,
    }));
  }

  get waits(): Waits {
    const now = clock();
    const waiting = [...this.#member.holdings.partitions].flatMap((partition) => {
      const why = waitOf(partition, this.#member, now);
      return why === undefined ? [] : [[partition.key, why] as const];
    });
    return {
      partitions: new Map(waiting),
      topics: new Map(absentTopics(this.#member).map(({ topic, words }) => [topic, words])),
    };
  }

  readiness(): Readiness {
    return this.#member.readiness(clock());
  }

  /**
   * Joins the group and consumes until {@link stop}. Unreachable brokers, missing topics and missing rights are
   * retried.
   *
   * @throws when consuming can't continue: credentials refused at the start, a snapshot that can't be read, a broker
   *   that does not keep commit metadata
   */
  async run(): Promise<void> {
    const watch = setInterval(() => this.#tell(), watchMs);
    try {
      this.#step({ kind: "tick" });
      await this.#ended.promise;
    } finally {
      clearInterval(watch);
      clearTimeout(this.#timer);
      this.#cluster.close();
    }
  }

  /**
   * Commits the last counts, leaves the group and disconnects. The ledgers can still be read.
   *
   * @returns why the last counts could not be committed; undefined when all were
   */
  async stop(): Promise<{ readonly uncommitted: string | undefined }> {
    this.#step({ kind: "stop" });
    await this.#ended.promise.catch(() => {});
    const { surroundings, holdings } = this.#member;
    const { uncommitted } = holdings;
    if (uncommitted === 0) return { uncommitted: undefined };
    const why = this.checkpointer.lastFailure ?? surroundings.trouble?.message ?? "no response";
    return { uncommitted: `${uncommitted} counted offsets were not committed (${why})` };
  }

  #step(event: MemberEvent): void {
    for (const ask of this.#member.step(event, clock())) this.#perform(ask);
    const { phase } = this.#member;
    if (phase.name === "left") this.#ended.resolve();
    if (phase.name === "failed") this.#ended.reject(phase.error);
    clearTimeout(this.#timer);
    const wait = this.#member.wakeAt - clock();
    if (wait !== Number.POSITIVE_INFINITY)
      this.#timer = setTimeout(() => this.#step({ kind: "tick" }), Math.max(1, wait));
  }

  #perform(ask: Ask): void {
    this.#cluster.perform(ask).then((answer) => this.#step({ kind: "answer", answer }));
  }

  /** Logs new and resolved obstacles. */
  #tell(): void {
    const { obstacle, remarks } = this.readiness();
    const sentences = [...(obstacle === undefined ? [] : [`not ready: ${obstacle}`]), ...remarks];
    // A changed duration is not news.
    const kinds = sentences.map((sentence) => sentence.replace(/\d+ s\b/g, "… s"));
    for (const [index, kind] of kinds.entries()) {
      if (!this.#told.includes(kind)) this.#log.warn(sentences[index]);
    }
    if (this.#told.length > 0 && kinds.length === 0) this.#log.info("ready");
    this.#told = kinds;
  }
}

/** @param now in ms, of the member's clock */
export function livePartition(owned: OwnedPartition, now: number): LivePartition {
  const { topic, partition, ledger, answeredAt, logEnd, unreadable } = owned;
  const age = now - answeredAt;
  const known = ledger !== undefined && logEnd !== undefined && age <= staleAfterMs;
  const lag = known ? Math.max(0, logEnd - ledger.committedOffset) : undefined;
  return { topic, partition, ledger, fetchAge: age / 1000, lag, unreadable };
}

/** Monotonic, in ms. */
function clock(): number {
  return performance.now();
}
