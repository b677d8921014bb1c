import type { Logger } from "pino";
import type { PartitionLedger } from "../../ledger/partition-ledger.ts";
import type { Answer, Ask, ClusterView, Failure, Joined, MemberEvent, Partitions } from "./asks.ts";
import { assign } from "./assign.ts";
import { Backoff } from "./backoff.ts";
import { fencing } from "./checkpointer.ts";
import { Commits } from "./commits.ts";
import { Holdings, leaderOf } from "./holdings.ts";
import { Neighbours } from "./neighbours.ts";
import type { OwnedPartition } from "./owned-partition.ts";
import type { Phase } from "./phase.ts";
import { type Readiness, readinessOf } from "./readiness.ts";
import { Requests } from "./requests.ts";
import { Surroundings } from "./surroundings.ts";
import type { TopicPlan } from "./topic-plan.ts";

export interface MemberSettings {
  readonly group: string;
  readonly sessionTimeoutMs: number;
  readonly commitIntervalMs: number;
  /** How often the cluster is asked for topics and partitions while all is well. */
  readonly metadataIntervalMs: number;
  /** The broker's `offset.metadata.max.bytes`. */
  readonly metadataLimit: number;
}

/** How soon the cluster is asked again while a partition has no leader, or a topic does not exist, in ms. */
const patienceMs = { leader: 1_000, topic: 3_000 } as const;

/** How long the last commit of a generation, the last of all, and leaving may take, in ms. */
const longestMs = { moving: 3_000, closing: 5_000, leaving: 1_500 } as const;

/**
 * One member of a consumer group, without a clock and without a connection: it is told what happens, and says what is
 * to be asked of the brokers. The same events give the same requests.
 *
 * It holds the rule that carries all counts: a ledger is committed only in the generation in which it was loaded, and
 * shown only as it was committed.
 */
export class GroupMember {
  readonly settings: MemberSettings;
  readonly topics: readonly string[];
  readonly surroundings: Surroundings;
  readonly neighbours: Neighbours;
  readonly holdings: Holdings;
  readonly commits: Commits;
  phase: Phase = { name: "joining" };
  /** How often this member was given partitions. */
  rebalances = 0;
  /** When the group last took this member's word, in ms. */
  heardAt: number;

  readonly #log: Logger;
  readonly #requests = new Requests();
  #memberId = "";
  /** Another number than before has the group begin a new generation. */
  #round = 0;
  #heartbeatAt = 0;
  readonly #retry = new Backoff(200, 5_000);

  /** @param now in ms, of the clock of {@link step} */
  constructor(settings: MemberSettings, plans: readonly TopicPlan[], log: Logger, now: number) {
    const requests = this.#requests;
    this.settings = settings;
    this.topics = plans.map(({ topic }) => topic);
    this.#log = log;
    this.heardAt = now;
    this.surroundings = new Surroundings(settings.metadataIntervalMs, requests);
    this.neighbours = new Neighbours(this.topics, requests, log);
    this.commits = new Commits(settings, requests, log, now);
    const { known } = this.commits.checkpointer;
    this.holdings = new Holdings(plans, known, this.surroundings, requests, log);
  }

  /** When it is to be stepped without an event, in ms. */
  get wakeAt(): number {
    return this.#requests.wakeAt;
  }

  /** The partitions that it owns. */
  get partitions(): Iterable<OwnedPartition> {
    return this.holdings.partitions.values();
  }

  /** The ledgers to show. */
  get ledgers(): Iterable<PartitionLedger> {
    return [...this.partitions].flatMap(({ ledger }) => ledger ?? []);
  }

  /** How many offsets are counted and not committed. */
  get uncommitted(): number {
    let offsets = 0;
    for (const { next, committedOffset } of this.holdings.loaded())
      offsets += Math.max(0, next - committedOffset);
    return offsets;
  }

  /** @returns whether receipts are being counted and kept, and what else is to be said */
  readiness(now: number): Readiness {
    return readinessOf(this, now);
  }

  /**
   * Takes an event.
   *
   * @param now in ms, of a clock that never goes back
   * @returns what is to be asked now; each gets one answer
   */
  step(event: MemberEvent, now: number): readonly Ask[] {
    this.#requests.begin(now);
    try {
      if (event.kind === "answer") this.#onAnswer(event.answer, now);
      if (event.kind === "stop") this.#stop(now);
      this.#pump(now);
    } catch (error) {
      this.phase = { name: "failed", error: error as Error };
    }
    return this.#requests.end();
  }

  #stop(now: number): void {
    const { phase } = this;
    if (
      phase.name === "closing" ||
      phase.name === "leaving" ||
      phase.name === "left" ||
      phase.name === "failed"
    )
      return;
    const generation = phase.name === "counting" || phase.name === "moving" ? phase.generation : undefined;
    this.phase = { name: "closing", generation, until: now + longestMs.closing };
    this.holdings.release();
    this.commits.hurry(now);
  }

  #pump(now: number): void {
    if (this.phase.name === "left" || this.phase.name === "failed") return;
    this.surroundings.pump(this.neighbours.topics, now);
    const { phase } = this;
    switch (phase.name) {
      case "joining":
        return this.#join();
      case "assigning":
        // Better what was known before than no share at all.
        if (this.#requests.due(phase.since + this.settings.sessionTimeoutMs / 3)) this.#sync(phase.joined);
        return;
      case "counting":
        return this.#count(phase.generation, now);
      case "moving":
        if (this.#finished(phase, now)) this.#rejoin();
        return;
      case "closing":
        if (this.#finished(phase, now)) this.#leave(now);
        return;
      case "leaving":
        if (this.#requests.due(phase.until)) this.phase = { name: "left" };
        return;
    }
  }

  #join(): void {
    const { coordinator } = this.surroundings;
    if (
      coordinator === undefined ||
      !this.#requests.free("membership") ||
      !this.#requests.due(this.#retry.at)
    )
      return;
    const [memberId, topics, round] = [this.#memberId, this.topics, this.#round];
    this.#requests.make("membership", { kind: "join", broker: coordinator, memberId, topics, round });
  }

  #sync(joined: Joined): void {
    const { coordinator } = this.surroundings;
    if (coordinator === undefined) return this.#rejoin();
    const { memberId, generation, leader, members } = joined;
    const shares = leader ? assign(members, this.neighbours.share()) : new Map<string, Partitions>();
    this.phase = { name: "syncing", joined };
    this.#requests.make("membership", { kind: "sync", broker: coordinator, memberId, generation, shares });
  }

  #count(generation: number, now: number): void {
    const requests = this.#requests;
    const { coordinator: broker } = this.surroundings;
    if (broker !== undefined) {
      if (this.commits.doubtful) return this.#beginAnew();
      const by = { broker, memberId: this.#memberId, generation };
      if (requests.free("heartbeat") && requests.due(this.#heartbeatAt)) {
        this.#heartbeatAt = now + this.settings.sessionTimeoutMs / 10;
        requests.make("heartbeat", { kind: "heartbeat", ...by });
      }
      this.commits.pump(() => this.holdings.loaded(), by, now);
      this.neighbours.pump(broker, now);
    }
    this.holdings.pump();
  }

  /** A rebalance is under way: what was counted is committed while the broker still takes it. */
  #move(generation: number, now: number): void {
    this.phase = { name: "moving", generation, until: now + longestMs.moving };
    this.holdings.release();
    this.commits.hurry(now);
  }

  /** Whether the last of a generation is committed, or can't be. */
  #finished(
    { generation, until }: { readonly generation: number | undefined; readonly until: number },
    now: number,
  ): boolean {
    if (generation === undefined || this.commits.doubtful || this.#requests.due(until)) return true;
    const { coordinator: broker } = this.surroundings;
    if (broker === undefined) return this.uncommitted === 0;
    return this.commits.finish(
      () => this.holdings.loaded(),
      { broker, memberId: this.#memberId, generation },
      now,
    );
  }

  /** Has the group begin a new generation, which bars whatever this one may still bring. */
  #beginAnew(): void {
    this.#log.warn("a commit got no answer: joining the group anew, so that it can't be carried out late");
    this.#round++;
    this.#rejoin();
  }

  #rejoin(): void {
    this.phase = { name: "joining" };
    this.holdings.release();
    this.commits.renew();
    for (const slot of ["membership", "heartbeat", "owners"]) this.#requests.drop(slot);
    this.#join();
  }

  #leave(now: number): void {
    const { coordinator } = this.surroundings;
    if (coordinator === undefined || this.#memberId === "") {
      this.phase = { name: "left" };
      return;
    }
    this.phase = { name: "leaving", until: now + longestMs.leaving };
    this.#requests.due(now + longestMs.leaving);
    this.#requests.make("leave", { kind: "leave", broker: coordinator, memberId: this.#memberId });
  }

  #onAnswer(answer: Answer, now: number): void {
    const slot = this.#requests.answered(answer.ask);
    if (slot === undefined) return;
    const { ask } = answer;
    switch (ask.kind) {
      case "metadata":
        return this.#onMetadata(answer as Answer<"metadata">, now);
      case "coordinator":
        return this.#onCoordinator(answer as Answer<"coordinator">, now);
      case "join":
        return this.#onJoin(answer as Answer<"join">, now);
      case "sync":
        return this.#onSync(answer as Answer<"sync">, now);
      case "heartbeat":
        return this.#heard(answer.failure, now);
      case "leave":
        this.phase = { name: "left" };
        return;
      case "owners":
        return this.neighbours.onOwners(answer as Answer<"owners">, now);
      case "committed": {
        if (slot === "readBack") return this.commits.onReadBack(answer as Answer<"committed">, now);
        const failure = this.holdings.onCommitted(answer as Answer<"committed">, now);
        if (failure !== undefined) this.surroundings.failed(failure, now);
        return;
      }
      case "commit": {
        const commit = answer as Answer<"commit">;
        this.commits.onCommit(commit);
        const failures =
          commit.failure === undefined ? commit.result.map(({ failure }) => failure) : [commit.failure];
        return this.#heard(
          failures.find((failure) => failure !== undefined && isOfGroup(failure)),
          now,
        );
      }
      case "range":
        return this.holdings.onRange(answer as Answer<"range">, now);
      case "fetch":
        return this.holdings.onFetch(answer as Answer<"fetch">, now);
    }
  }

  #onMetadata(answer: Answer<"metadata">, now: number): void {
    this.surroundings.onMetadata(answer, (view) => this.#patienceMs(view), now);
    if (answer.failure !== undefined) {
      // Refused before anything was ever answered, they are wrong: nothing is worth waiting for.
      if (answer.failure.code === "LOGIN" && this.surroundings.view === undefined)
        throw new Error(answer.failure.message);
      return;
    }
    this.neighbours.survey(answer.result);
    this.holdings.survey();
    if (this.phase.name === "assigning") this.#sync(this.phase.joined);
    else if (this.phase.name === "counting" && this.neighbours.grown) {
      this.#log.info("there are other partitions than were shared out: the group rebalances");
      this.#move(this.phase.generation, now);
    }
  }

  /** How long a view of the cluster will do: not long while a topic or a leader is missing in it. */
  #patienceMs(view: ClusterView): number {
    if ([...this.partitions].some((partition) => leaderOf(partition, view) === undefined))
      return patienceMs.leader;
    return this.topics.every((topic) => view.topics.has(topic)) ? Number.POSITIVE_INFINITY : patienceMs.topic;
  }

  #onCoordinator(answer: Answer<"coordinator">, now: number): void {
    const another = this.surroundings.onCoordinator(answer, now);
    // Whoever was asked to take this member in is not in charge any more.
    if (another && ["joining", "assigning", "syncing"].includes(this.phase.name)) this.#rejoin();
  }

  #onJoin(answer: Answer<"join">, now: number): void {
    if (this.phase.name !== "joining") return;
    if (answer.failure !== undefined) {
      const { failure, memberId } = answer;
      if (failure.code === "MEMBER_ID_REQUIRED" && memberId !== undefined) this.#memberId = memberId;
      else if (failure.code === "UNKNOWN_MEMBER_ID") this.#memberId = "";
      else this.#refused(failure, now);
      return;
    }
    this.#retry.worked();
    this.surroundings.worked();
    const joined = answer.result;
    this.#memberId = joined.memberId;
    this.neighbours.joined(joined.members);
    if (!joined.leader) return this.#sync(joined);
    this.phase = { name: "assigning", joined, since: now };
    this.surroundings.askAnew();
  }

  #onSync(answer: Answer<"sync">, now: number): void {
    if (this.phase.name !== "syncing") return;
    const { generation } = this.phase.joined;
    if (answer.failure !== undefined) {
      const { code } = answer.failure;
      if (code === "UNKNOWN_MEMBER_ID") this.#memberId = "";
      if (!fencing.has(code)) this.#refused(answer.failure, now);
      return this.#rejoin();
    }
    this.surroundings.worked();
    this.rebalances++;
    this.heardAt = now;
    this.#heartbeatAt = now + this.settings.sessionTimeoutMs / 10;
    this.phase = { name: "counting", generation };
    this.commits.renew();
    this.holdings.acquire(answer.result, generation, now);
    this.neighbours.settled(now);
    this.#log.info({ partitions: answer.result, generation }, "joined the group");
  }

  /** Takes what the group says to a member that counts. */
  #heard(failure: Failure | undefined, now: number): void {
    const { phase } = this;
    if (failure === undefined) {
      this.heardAt = now;
      return this.surroundings.worked();
    }
    if (!fencing.has(failure.code)) return this.surroundings.failed(failure, now);
    this.heardAt = now;
    if (failure.code === "UNKNOWN_MEMBER_ID") this.#memberId = "";
    if (phase.name !== "counting") return;
    if (failure.code === "REBALANCE_IN_PROGRESS") this.#move(phase.generation, now);
    else this.#rejoin();
  }

  #refused(failure: Failure, now: number): void {
    this.#retry.failed(now);
    this.surroundings.failed(failure, now);
  }
}

/** Whether a failure of one committed entry tells something of the whole group. */
function isOfGroup({ code }: Failure): boolean {
  return (
    fencing.has(code) ||
    code === "NOT_COORDINATOR" ||
    code === "COORDINATOR_NOT_AVAILABLE" ||
    code === "GROUP_AUTHORIZATION_FAILED"
  );
}
