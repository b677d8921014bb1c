import type { Logger } from "pino";
import type { Failure } from "../failure.ts";
import type { Answer, Ask, AskKind, Joined, MemberEvent, Partitions } from "./asks.ts";
import { assign } from "./assign.ts";
import { fencing } from "./checkpointer.ts";
import { Commits } from "./commits.ts";
import { Holdings } from "./holdings.ts";
import type { MemberSettings } from "./member-settings.ts";
import { Membership } from "./membership.ts";
import { Neighbours } from "./neighbours.ts";
import { longestMs, type Phase } from "./phase.ts";
import { type Readiness, readinessOf } from "./readiness.ts";
import { Requests, type Waiting } from "./requests.ts";
import { Subscription } from "./subscription.ts";
import { Surroundings } from "./surroundings.ts";
import type { Plans } from "./topic-plan.ts";

/**
 * One member of a consumer group, without a clock and without connections: it is told what happened, and returns the
 * requests to send. The same events give the same requests.
 *
 * It enforces the rule that keeps counts exact: a ledger is committed only in the generation in which it was loaded,
 * and shown only as committed.
 */
export class GroupMember {
  readonly settings: MemberSettings;
  readonly subscription: Subscription;
  readonly membership: Membership;
  readonly surroundings: Surroundings;
  readonly neighbours: Neighbours;
  readonly holdings: Holdings;
  readonly commits: Commits;
  phase: Phase = { name: "joining" };
  /** How often this member was assigned partitions. */
  rebalances = 0;

  readonly #log: Logger;
  readonly #requests = new Requests();
  /** The handler of each answer. */
  readonly #answers: { [Kind in AskKind]: (answer: Answer<Kind>, now: number, asked: Waiting) => void } = {
    metadata: (answer, now) => this.#onMetadata(answer, now),
    coordinator: (answer, now) => this.#onCoordinator(answer, now),
    join: (answer, now) => this.#onJoin(answer, now),
    sync: (answer, now) => this.#onSync(answer, now),
    heartbeat: ({ failure }, now) => this.#heard(failure, now),
    leave: () => this.#left(),
    owners: (answer, now) => this.neighbours.onOwners(answer, now),
    committed: (answer, now, { slot }) => this.#onCommitted(answer, now, slot),
    commit: (answer, now) => this.#heard(this.commits.onCommit(answer), now),
    range: (answer, now, { since }) => this.holdings.onRange(answer, now, since),
    fetch: (answer, now, { since }) => this.holdings.onFetch(answer, now, since),
  };

  /** @param now in ms, of the clock of {@link step} */
  constructor(settings: MemberSettings, plans: Plans, log: Logger, now: number) {
    const requests = this.#requests;
    this.settings = settings;
    this.subscription = new Subscription(plans, log);
    this.#log = log;
    this.membership = new Membership(this.subscription, settings.sessionTimeoutMs, requests, now);
    this.surroundings = new Surroundings(settings.metadataIntervalMs, requests);
    this.neighbours = new Neighbours(this.subscription, requests, log);
    this.commits = new Commits(settings, requests, log, now);
    const { known } = this.commits.checkpointer;
    this.holdings = new Holdings(this.subscription, known, this.surroundings, requests, log);
  }

  /** When to step it without an event, in ms. */
  get wakeAt(): number {
    return this.#requests.wakeAt;
  }

  /** @returns whether receipts are being counted and committed, and further remarks */
  readiness(now: number): Readiness {
    return readinessOf(this, now);
  }

  /**
   * Handles an event.
   *
   * @param now monotonic, in ms
   * @returns the requests to send now; each gets one answer
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
    if (["closing", "leaving", "left", "failed"].includes(phase.name)) return;
    const generation = phase.name === "counting" || phase.name === "moving" ? phase.generation : undefined;
    this.#finish({ name: "closing", generation, until: now + longestMs.closing }, now);
  }

  #pump(now: number): void {
    const { phase } = this;
    if (phase.name === "left" || phase.name === "failed") return;
    switch (phase.name) {
      case "joining":
        this.membership.join(this.surroundings.coordinator);
        break;
      case "assigning":
        // Better the last known partitions than no assignment at all.
        if (this.#requests.due(phase.since + this.settings.sessionTimeoutMs / 3)) this.#sync(phase.joined);
        break;
      case "counting":
        this.#count(phase.generation, now);
        break;
      case "moving":
        if (this.#finished(phase, now)) this.#rejoin();
        break;
      case "closing":
        if (this.#finished(phase, now)) this.#leave(now);
        break;
      case "leaving":
        if (this.#requests.due(phase.until)) this.#left();
        break;
    }
    // Last, since a join that was just sent changes the wake-up time.
    if (this.phase.name !== "left")
      this.surroundings.pump(this.neighbours.topics, this.subscription.isOpen, now);
  }

  #sync(joined: Joined): void {
    const { coordinator } = this.surroundings;
    if (coordinator === undefined) {
      this.#rejoin();
      return;
    }
    const shares = joined.leader
      ? assign(joined.members, this.neighbours.share())
      : new Map<string, Partitions>();
    this.phase = { name: "syncing", joined };
    this.membership.sync(coordinator, joined, shares);
  }

  #count(generation: number, now: number): void {
    const { coordinator: broker } = this.surroundings;
    if (broker !== undefined) {
      if (this.commits.doubtful) {
        this.#log.warn("a commit timed out: rejoining the group, so that it can't take effect later");
        this.#rejoin();
        return;
      }
      const by = this.membership.credentials(broker, generation);
      this.membership.heartbeat(by, now);
      this.commits.pump(() => this.holdings.committable(), by, now);
      this.neighbours.pump(broker, now);
    }
    this.holdings.pump(this.commits.fetchWaitMs(now));
  }

  /** A generation ends: its counts are committed while the broker still accepts them. */
  #finish(phase: Extract<Phase, { until: number }>, now: number): void {
    this.phase = phase;
    this.holdings.release();
    this.commits.hurry(now);
  }

  /** Whether the last commit of a generation is done, or impossible. */
  #finished(
    { generation, until }: { readonly generation: number | undefined; readonly until: number },
    now: number,
  ): boolean {
    if (generation === undefined || this.commits.doubtful || this.#requests.due(until)) return true;
    const { coordinator: broker } = this.surroundings;
    if (broker === undefined) return this.holdings.uncommitted === 0;
    const by = this.membership.credentials(broker, generation);
    return this.commits.finish(() => this.holdings.committable(), by, now);
  }

  #move(generation: number, now: number): void {
    this.#finish({ name: "moving", generation, until: now + longestMs.moving }, now);
  }

  #rejoin(): void {
    this.phase = { name: "joining" };
    // Only another generation prevents a commit that may still be carried out.
    if (this.commits.uncertain) this.membership.beginAnew();
    this.holdings.release();
    this.commits.renew();
    this.membership.drop();
    this.membership.join(this.surroundings.coordinator);
  }

  #left(): void {
    this.phase = { name: "left" };
  }

  #leave(now: number): void {
    const until = now + longestMs.leaving;
    const asked = this.membership.leave(this.surroundings.coordinator);
    this.phase = asked ? { name: "leaving", until } : { name: "left" };
    this.#requests.due(until);
  }

  #onAnswer(answer: Answer, now: number): void {
    const asked = this.#requests.answered(answer.ask);
    if (asked === undefined || this.phase.name === "left" || this.phase.name === "failed") return;
    const take = this.#answers[answer.ask.kind] as (answer: Answer, now: number, asked: Waiting) => void;
    take(answer, now, asked);
  }

  #onCommitted(answer: Answer<"committed">, now: number, slot: string): void {
    if (slot === "readBack") {
      this.commits.onReadBack(answer, now);
      return;
    }
    const failure = this.holdings.onCommitted(answer, now);
    if (failure !== undefined) this.surroundings.failed(failure, now);
  }

  #onMetadata(answer: Answer<"metadata">, now: number): void {
    const told = this.subscription.survey(answer, this.neighbours.topics, now);
    const view = this.surroundings.onMetadata(told, (seen) => this.holdings.patienceMs(seen), now);
    if (view === undefined) {
      // Rejected before anything was ever answered, they are wrong: retrying is pointless.
      if (answer.failure?.code === "login_refused" && this.surroundings.view === undefined)
        throw new Error(answer.failure.message);
      return;
    }
    this.neighbours.survey(view);
    this.holdings.survey();
    if (this.phase.name === "assigning") this.#sync(this.phase.joined);
    else if (this.phase.name === "counting" && (this.neighbours.grown || this.membership.outdated)) {
      this.#log.info("topics or partitions have changed: rebalancing the group");
      this.#move(this.phase.generation, now);
    }
  }

  #onCoordinator(answer: Answer<"coordinator">, now: number): void {
    const another = this.surroundings.onCoordinator(answer, now);
    // The broker that was asked to accept this member is no longer the coordinator.
    if (another && ["joining", "assigning", "syncing"].includes(this.phase.name)) this.#rejoin();
  }

  #onJoin(answer: Answer<"join">, now: number): void {
    if (this.phase.name !== "joining") return;
    const failure = this.membership.onJoin(answer, now);
    if (failure !== undefined) this.surroundings.failed(failure, now);
    if (answer.failure !== undefined) return;
    this.surroundings.worked();
    const joined = answer.result;
    this.neighbours.joined(joined.members);
    if (joined.leader) {
      this.phase = { name: "assigning", joined, since: now };
      this.surroundings.askAnew();
    } else {
      this.#sync(joined);
    }
  }

  #onSync(answer: Answer<"sync">, now: number): void {
    if (this.phase.name !== "syncing") return;
    const { generation } = this.phase.joined;
    if (answer.failure !== undefined) {
      const { code } = answer.failure;
      if (code === "unknown_member") this.membership.forgotten();
      if (!fencing.has(code)) {
        this.membership.refused(now);
        this.surroundings.failed(answer.failure, now);
      }
      this.#rejoin();
      return;
    }
    this.surroundings.worked();
    this.rebalances++;
    this.membership.settled(now);
    if (this.membership.outdated) this.surroundings.outdated();
    this.phase = { name: "counting", generation };
    this.holdings.acquire(answer.result, generation, now);
    this.neighbours.settled(now);
    this.#log.info({ partitions: answer.result, generation }, "joined the group");
  }

  /** Handles the group's answer to a counting member. */
  #heard(failure: Failure | undefined, now: number): void {
    const { phase, membership } = this;
    if (failure !== undefined && !fencing.has(failure.code)) {
      this.surroundings.failed(failure, now);
      return;
    }
    membership.heardAt = now;
    if (failure === undefined) this.surroundings.worked();
    else if (failure.code === "unknown_member") membership.forgotten();
    if (failure === undefined || phase.name !== "counting") return;
    if (failure.code === "rebalancing") this.#move(phase.generation, now);
    else this.#rejoin();
  }
}
