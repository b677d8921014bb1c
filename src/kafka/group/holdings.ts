import type { Logger } from "pino";
import type { PartitionLedger } from "../../ledger/partition-ledger.ts";
import type { Failure } from "../failure.ts";
import { partitionKey } from "../partition-id.ts";
import type { Answer, AskOf, ClusterView, Partitions } from "./asks.ts";
import { Backoff } from "./backoff.ts";
import { byLeader, isMissing, leaderOf, markOf, moved, refused } from "./leaders.ts";
import { OwnedPartition } from "./owned-partition.ts";
import type { Requests } from "./requests.ts";
import type { Subscription } from "./subscription.ts";
import type { Surroundings } from "./surroundings.ts";

/** How often an answer older than the known commit is read again before it is believed. */
const staleReadsAtMost = 10;

const staleReadMs = 200;

/** How soon the metadata is refreshed while a partition has no leader, or a topic does not exist, in ms. */
const patienceMs = { leader: 1_000, topic: 3_000 } as const;

/**
 * The partitions that a member owns: loads their counts, then reads and counts each as far as its own leader, log and
 * rights allow. None waits for another.
 */
export class Holdings {
  readonly #subscription: Subscription;
  readonly #requests: Requests;
  readonly #log: Logger;
  readonly #surroundings: Surroundings;
  readonly #known: ReadonlyMap<string, number>;
  #owned = new Map<string, OwnedPartition>();
  /** The generation in which they were acquired. */
  #generation = -1;
  /** Whether nobody else can have owned them in between. */
  #unbroken = false;
  /** Why each silent broker does not answer. */
  readonly #silent = new Map<number, string>();
  readonly #retries = new Map<number, Backoff>();
  #turn = 0;

  /** @param known offsets of accepted commits, by partition */
  constructor(
    subscription: Subscription,
    known: ReadonlyMap<string, number>,
    surroundings: Surroundings,
    requests: Requests,
    log: Logger,
  ) {
    this.#subscription = subscription;
    this.#surroundings = surroundings;
    this.#known = known;
    this.#requests = requests;
    this.#log = log;
  }

  get partitions(): Iterable<OwnedPartition> {
    return this.#owned.values();
  }

  /** The ledgers that are being counted in. */
  *loaded(): Iterable<PartitionLedger> {
    for (const { loaded } of this.#owned.values()) if (loaded !== undefined) yield loaded;
  }

  /** Those that may be committed now: brokers accept no commit for a topic that does not exist. */
  *committable(): Iterable<PartitionLedger> {
    const { view } = this.#surroundings;
    for (const ledger of this.loaded()) if (!isMissing(ledger.topic, view)) yield ledger;
  }

  /** The ledgers to show. */
  get ledgers(): readonly PartitionLedger[] {
    return [...this.#owned.values()].flatMap(({ ledger }) => ledger ?? []);
  }

  /** How many offsets are counted and not committed. */
  get uncommitted(): number {
    let offsets = 0;
    for (const { next, committedOffset } of this.loaded()) offsets += Math.max(0, next - committedOffset);
    return offsets;
  }

  /** Why a broker does not answer; undefined when it does. */
  silenceOf(broker: number): string | undefined {
    return this.#silent.get(broker);
  }

  /**
   * Takes another assignment. Partitions it already owned keep showing their counts until they are loaded again,
   * unless others may have counted them meanwhile, and have shown more.
   */
  acquire(share: Partitions, generation: number, now: number): void {
    this.release();
    this.#unbroken = generation === this.#generation + 1;
    this.#generation = generation;
    const before = this.#owned;
    this.#owned = new Map();
    for (const [topic, partitions] of Object.entries(share)) {
      const plan = this.#subscription.planOf(topic);
      if (plan === undefined) continue;
      for (const partition of partitions) {
        const key = partitionKey({ topic, partition });
        const owned = new OwnedPartition(plan, partition, before.get(key), now, this.#log);
        if (!this.#unbroken) owned.ledger = undefined;
        this.#owned.set(key, owned);
      }
    }
    // The refresh interval was computed for the previous partitions.
    if (this.#headless(this.#surroundings.view)) this.#surroundings.outdated();
  }

  /** Ignores outstanding answers about the partitions: they may belong to others. */
  release(): void {
    for (const prefix of ["committed", "range", "fetch"]) this.#requests.dropAll(prefix);
  }

  /** Takes the cluster's current metadata. */
  survey(): void {
    const partitions = [...this.#owned.values()];
    // Outstanding answers about the previous log might fit the new one by chance.
    if (partitions.filter((partition) => partition.recognise(this.#markOf(partition))).length > 0) {
      for (const prefix of ["range", "fetch"]) this.#requests.dropAll(prefix);
    }
  }

  /** How old the metadata may be: not very while it lacks a topic or a leader. */
  patienceMs(view: ClusterView): number {
    if (this.#headless(view)) return patienceMs.leader;
    const complete = this.#subscription.topics.every((topic) => view.topics.has(topic));
    return complete ? Number.POSITIVE_INFINITY : patienceMs.topic;
  }

  /**
   * Sends whatever can be requested now.
   *
   * @param waitMs how long a broker may hold few records back, in ms
   */
  pump(waitMs: number): void {
    const requests = this.#requests;
    const { view, coordinator } = this.#surroundings;
    const awake = [...this.#owned.values()].filter(({ restsUntil }) => requests.due(restsUntil));
    if (coordinator !== undefined && requests.free("committed")) {
      const partitions = awake.filter(({ standing }) => standing.name === "loading");
      if (partitions.length > 0) {
        requests.make("committed", {
          kind: "committed",
          broker: coordinator,
          partitions: partitions.map(nameOf),
        });
      }
    }
    if (view === undefined) return;
    for (const [broker, led] of byLeader(awake, view)) {
      if (!requests.due(this.#retries.get(broker)?.at ?? 0)) continue;
      const lost = led.filter(({ standing }) => standing.name === "locating");
      if (lost.length > 0 && requests.free(`range:${broker}`)) {
        requests.make(`range:${broker}`, { kind: "range", broker, partitions: lost.map(nameOf) });
      }
      const reading = led.filter(({ standing }) => standing.name === "reading");
      if (reading.length > 0 && requests.free(`fetch:${broker}`)) this.#fetch(broker, reading, view, waitMs);
    }
  }

  /** @throws UnreadableSnapshotError when the committed metadata is not ours */
  onCommitted(answer: Answer<"committed">, now: number): Failure | undefined {
    if (answer.failure !== undefined) {
      for (const { key } of this.#named(answer.ask.partitions)) this.#rest(key, answer.failure, now);
      return answer.failure;
    }
    let failure: Failure | undefined;
    for (const entry of answer.result) {
      const partition = this.#owned.get(partitionKey(entry));
      if (partition === undefined || partition.standing.name !== "loading") continue;
      if (entry.failure !== undefined) {
        this.#rest(partition.key, entry.failure, now);
        failure = entry.failure;
        continue;
      }
      const goOn = entry.offset < 0 && this.#unbroken && partition.ledger !== undefined;
      if (
        !goOn &&
        entry.offset < (this.#known.get(partition.key) ?? -1) &&
        partition.staleReads < staleReadsAtMost
      ) {
        partition.staleReads++;
        partition.restsUntil = now + staleReadMs;
        continue;
      }
      partition.load(entry, goOn, now);
      partition.obstacle = undefined;
      partition.recognise(this.#markOf(partition));
    }
    return failure;
  }

  /** @param askedAt in ms */
  onRange(answer: Answer<"range">, now: number, askedAt: number): void {
    if (answer.failure !== undefined) {
      this.#silence(answer.ask.broker, answer.failure, now);
      return;
    }
    this.#heard(answer.ask.broker);
    for (const entry of answer.result) {
      const partition = this.#owned.get(partitionKey(entry));
      if (partition === undefined) continue;
      partition.heardAt = askedAt;
      if (entry.failure !== undefined) this.#rest(partition.key, entry.failure, now);
      else partition.locate(entry.range, this.#markOf(partition), now);
    }
  }

  /** @param askedAt in ms: what a slow connection delivers is as old as that */
  onFetch(answer: Answer<"fetch">, now: number, askedAt: number): void {
    if (answer.failure !== undefined) {
      this.#silence(answer.ask.broker, answer.failure, now);
      return;
    }
    this.#heard(answer.ask.broker);
    const asked = new Map(answer.ask.partitions.map((from) => [partitionKey(from), from.offset]));
    for (const fetched of answer.result) {
      const partition = this.#owned.get(partitionKey(fetched));
      // The leader may have changed meanwhile, and another fetch may have been counted before this one.
      if (partition?.standing.name !== "reading" || asked.get(partition.key) !== partition.position) continue;
      partition.heardAt = askedAt;
      if (fetched.failure === undefined) partition.take(fetched, now, askedAt);
      else if (fetched.failure.code === "offset_out_of_range") this.#lost(partition);
      else if (fetched.failure.code === "corrupt") partition.damaged(fetched.failure.message, now);
      else this.#rest(partition.key, fetched.failure, now);
    }
  }

  #headless(view: ClusterView | undefined): boolean {
    return [...this.#owned.values()].some((partition) => leaderOf(partition, view) === undefined);
  }

  #fetch(broker: number, reading: readonly OwnedPartition[], view: ClusterView, longestMs: number): void {
    // The first records are there already, and the lag should be known at once.
    const waitMs = reading.every(({ fetched }) => fetched) ? longestMs : 0;
    // A broker fills its answer in the order of the request.
    const start = this.#turn++ % reading.length;
    const partitions = [...reading.slice(start), ...reading.slice(0, start)].map(
      ({ topic, partition, position }) => ({
        topic,
        partition,
        offset: position,
        topicId: view.topics.get(topic)?.id,
      }),
    );
    this.#requests.make(`fetch:${broker}`, { kind: "fetch", broker, partitions, waitMs });
  }

  /** Its topic may have been recreated, or its leader may have changed: refresh the metadata before deciding. */
  #lost(partition: OwnedPartition): void {
    partition.lost();
    this.#surroundings.outdated();
  }

  #markOf({ topic }: OwnedPartition): number | undefined {
    return markOf(this.#surroundings.view?.topics.get(topic)?.id);
  }

  *#named(partitions: AskOf<"committed">["partitions"]): Iterable<OwnedPartition> {
    for (const id of partitions) {
      const partition = this.#owned.get(partitionKey(id));
      if (partition !== undefined) yield partition;
    }
  }

  #rest(key: string, { code, message }: Failure, now: number): void {
    if (moved.has(code)) this.#surroundings.mistaken();
    const kind = refused.has(code) ? "refused" : "failing";
    this.#owned
      .get(key)
      ?.rest(
        { kind, words: refused.has(code) ? `can't be accessed: ${message}` : `can't be read: ${message}` },
        now,
      );
  }

  /** A broker has failed: it pauses, and the metadata is refreshed in case its partitions have another leader. */
  #silence(broker: number, { message }: Failure, now: number): void {
    const retry = this.#retries.get(broker) ?? new Backoff(100, 2_000);
    retry.failed(now);
    this.#retries.set(broker, retry);
    this.#silent.set(broker, message);
    this.#surroundings.outdated();
  }

  #heard(broker: number): void {
    this.#silent.delete(broker);
    this.#retries.delete(broker);
  }
}

function nameOf({ topic, partition }: OwnedPartition): { topic: string; partition: number } {
  return { topic, partition };
}
