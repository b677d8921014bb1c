import type { Failure } from "../failure.ts";
import type { Answer, Joined, Partitions } from "./asks.ts";
import { Backoff } from "./backoff.ts";
import type { Credentials } from "./commits.ts";
import type { Requests } from "./requests.ts";
import type { Subscription } from "./subscription.ts";

/** This member's identity in its group, and its requests to it. */
export class Membership {
  /** When the group last accepted this member, in ms. */
  heardAt: number;

  readonly #subscription: Pick<Subscription, "topics" | "isKnown">;
  /** The topics in the last join. */
  #told: readonly string[];
  readonly #sessionTimeoutMs: number;
  readonly #requests: Requests;
  readonly #retry = new Backoff(200, 5_000);
  #memberId = "";
  /** A changed number makes the group start a new generation. */
  #round = 0;
  #heartbeatAt = 0;

  constructor(
    subscription: Pick<Subscription, "topics" | "isKnown">,
    sessionTimeoutMs: number,
    requests: Requests,
    now: number,
  ) {
    this.#subscription = subscription;
    this.#told = subscription.topics;
    this.#sessionTimeoutMs = sessionTimeoutMs;
    this.#requests = requests;
    this.heardAt = now;
  }

  /** Whether its topics have changed since the last join. */
  get outdated(): boolean {
    return this.#told !== this.#subscription.topics;
  }

  /** Who commits. */
  credentials(broker: number, generation: number): Credentials {
    return { broker, memberId: this.#memberId, generation };
  }

  /** The next join starts a new generation in any case. */
  beginAnew(): void {
    this.#round++;
  }

  /** The group no longer knows this member. */
  forgotten(): void {
    this.#memberId = "";
  }

  /** @param broker undefined while the coordinator is being looked up */
  join(broker: number | undefined): void {
    const ready = broker !== undefined && this.#subscription.isKnown && this.#requests.free("membership");
    if (!ready || !this.#requests.due(this.#retry.at)) return;
    const [memberId, topics, round] = [this.#memberId, this.#subscription.topics, this.#round];
    this.#told = topics;
    this.#requests.make("membership", { kind: "join", broker, memberId, topics, round });
  }

  sync(broker: number, { memberId, generation }: Joined, shares: ReadonlyMap<string, Partitions>): void {
    this.#requests.make("membership", { kind: "sync", broker, memberId, generation, shares });
  }

  heartbeat(by: Credentials, now: number): void {
    if (!this.#requests.free("heartbeat") || !this.#requests.due(this.#heartbeatAt)) return;
    this.#heartbeatAt = now + this.#sessionTimeoutMs / 10;
    this.#requests.make("heartbeat", { kind: "heartbeat", ...by });
  }

  /** @returns false when there is nothing to leave */
  leave(broker: number | undefined): boolean {
    if (broker === undefined || this.#memberId === "") return false;
    this.#requests.make("leave", { kind: "leave", broker, memberId: this.#memberId });
    return true;
  }

  /** Ignores outstanding answers. */
  drop(): void {
    for (const slot of ["membership", "heartbeat", "owners"]) this.#requests.drop(slot);
  }

  /** @returns why the group did not accept it; undefined when it did, or when it retries at once */
  onJoin(answer: Answer<"join">, now: number): Failure | undefined {
    if (answer.failure === undefined) {
      this.#retry.worked();
      this.#memberId = answer.result.memberId;
      return undefined;
    }
    const { failure, memberId } = answer;
    if (failure.code === "member_id_required" && memberId !== undefined) this.#memberId = memberId;
    else if (failure.code === "unknown_member") this.#memberId = "";
    else {
      this.refused(now);
      return failure;
    }
    return undefined;
  }

  /** It has its assignment: from here on heartbeats are due. */
  settled(now: number): void {
    this.heardAt = now;
    this.#heartbeatAt = now + this.#sessionTimeoutMs / 10;
  }

  refused(now: number): void {
    this.#retry.failed(now);
  }
}
