import type { Logger } from "pino";
import type { Answer, MemberEvent } from "../../../src/kafka/group/asks.ts";
import type { MemberSettings } from "../../../src/kafka/group/member-settings.ts";
import { GroupMember } from "../../../src/kafka/group/member.ts";
import type { PartitionId } from "../../../src/kafka/partition-id.ts";
import type { PartitionLedger } from "../../../src/ledger/partition-ledger.ts";
import { planOf } from "./alphabet.ts";
import type { Client, Link } from "./links.ts";
import type { Network } from "./network.ts";
import type { Timeline } from "./timeline.ts";
import type { Trace } from "./trace.ts";

/** A broken rule of the simulation: the exporter has done what it never may. */
export class Violation extends Error {
  override readonly name = "Violation";
}

/** So many steps without time passing, and it runs in circles. */
const mostStepsAtOnce = 500;

/** One running exporter: the real state machine, with its own clock, and a process that can be stopped in many ways. */
export class Exporter implements Client {
  readonly name: string;
  readonly topics: readonly string[];
  readonly member: GroupMember;
  readonly links = new Map<string, Link>();
  /** Its process runs. */
  alive = true;
  /** When it was told to end, in ms. */
  stoppedAt: number | undefined;
  /** It stands still until then, in ms. */
  pausedUntil = 0;
  /** How many steps it took. */
  steps = 0;
  readonly #timeline: Timeline;
  readonly #network: Network;
  readonly #trace: Trace | undefined;
  readonly #cutOff: number[] = [];
  /** How far its clock is before the simulation's, in ms. */
  #skew: number;
  /** What arrived while it stood still. */
  #inbox: MemberEvent[] = [];
  #wakesAt = Number.POSITIVE_INFINITY;
  #lastStepAt = 0;
  #stepsAtOnce = 0;

  constructor(
    name: string,
    topics: readonly string[],
    settings: MemberSettings,
    {
      timeline,
      network,
      trace,
    }: { readonly timeline: Timeline; readonly network: Network; readonly trace: Trace | undefined },
    skew: number,
  ) {
    this.name = name;
    this.topics = topics;
    this.#timeline = timeline;
    this.#network = network;
    this.#trace = trace;
    this.#skew = skew;
    const log = trace?.logger(name) ?? silent;
    this.member = new GroupMember(settings, topics.map(planOf), log, this.clock);
    this.#step({ kind: "tick" });
  }

  /** Its own clock, in ms: it never goes back, and may leap. */
  get clock(): number {
    return this.#timeline.now + this.#skew;
  }

  get isPaused(): boolean {
    return this.pausedUntil > this.#timeline.now;
  }

  get isReady(): boolean {
    return this.member.readiness(this.clock).obstacle === undefined;
  }

  /** Who it is to the group; empty while it is nobody. */
  get memberId(): string {
    return this.member.membership.credentials(0, 0).memberId;
  }

  ledger({ topic, partition }: PartitionId): PartitionLedger | undefined {
    for (const ledger of this.member.holdings.ledgers) {
      if (ledger.topic === topic && ledger.partition === partition) return ledger;
    }
    return undefined;
  }

  cutOffUntil(broker: number): number {
    return this.#cutOff[broker] ?? 0;
  }

  cutOff(broker: number, until: number): void {
    this.#cutOff[broker] = until;
  }

  /** Heals every connection. */
  reconnect(): void {
    this.#cutOff.fill(0);
  }

  take(answer: Answer): void {
    this.#event({ kind: "answer", answer });
  }

  /** SIGTERM. */
  stop(): void {
    if (!this.alive || this.stoppedAt !== undefined) return;
    this.stoppedAt = this.#timeline.now;
    this.#event({ kind: "stop" });
  }

  /** SIGKILL. */
  kill(): void {
    this.alive = false;
  }

  /** SIGSTOP, and SIGCONT later. */
  pause(ms: number, resumed: () => void): void {
    if (!this.alive || this.isPaused) return;
    this.pausedUntil = this.#timeline.now + ms;
    this.#timeline.after(ms, () => {
      if (this.alive) this.#resume();
      resumed();
    });
  }

  /** Its clock leaps. */
  leap(ms: number): void {
    this.#skew += ms;
    this.#plan();
  }

  #resume(): void {
    const inbox = this.#inbox;
    this.#inbox = [];
    // A process that wakes looks at its timers first, at its sockets then.
    if (this.#wakesAt <= this.#timeline.now) this.#step({ kind: "tick" });
    for (const event of inbox) this.#step(event);
    this.#plan();
  }

  #event(event: MemberEvent): void {
    if (!this.alive) return;
    if (this.isPaused) this.#inbox.push(event);
    else this.#step(event);
  }

  #step(event: MemberEvent): void {
    if (!this.alive) return;
    const { now } = this.#timeline;
    this.steps++;
    this.#stepsAtOnce = this.#lastStepAt === now ? this.#stepsAtOnce + 1 : 0;
    this.#lastStepAt = now;
    if (this.#stepsAtOnce > mostStepsAtOnce) throw new Violation(`${this.name} runs in circles`);
    const before = this.member.phase;
    const asks = this.member.step(event, this.clock);
    const { phase } = this.member;
    this.#trace?.step(this.name, event, asks, before, phase);
    if (phase.name === "failed") throw new Violation(`${this.name} gave up: ${phase.error.message}`);
    for (const ask of asks) this.#network.perform(this, ask);
    if (phase.name === "left") this.alive = false;
    this.#plan();
  }

  /** Has it woken when it wants to be. */
  #plan(): void {
    if (!this.alive || this.isPaused) return;
    const wanted = this.member.wakeAt;
    if (wanted === Number.POSITIVE_INFINITY) {
      this.#wakesAt = wanted;
      return;
    }
    const { now } = this.#timeline;
    const at = Math.max(now + 1, Math.ceil(wanted - this.#skew));
    // Woken a little early it only looks again.
    if (this.#wakesAt > now && this.#wakesAt <= at) return;
    this.#wakesAt = at;
    this.#timeline.at(at, () => this.#wake(at));
  }

  #wake(at: number): void {
    if (!this.alive || this.isPaused || this.#wakesAt !== at) return;
    if (this.member.wakeAt <= this.clock) {
      this.#step({ kind: "tick" });
      return;
    }
    this.#plan();
  }
}

const nothing = () => {};

const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing } as unknown as Logger;
