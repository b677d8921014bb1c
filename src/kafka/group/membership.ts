import type { Failure } from "../failure.ts";
import type { Answer, Joined, Partitions } from "./asks.ts";
import { Backoff } from "./backoff.ts";
import type { Credentials } from "./commits.ts";
import type { Requests } from "./requests.ts";
import type { Subscription } from "./subscription.ts";

/** Who this member is to its group, and what it says to it. */
export class Membership {
  /** When the group last took this member's word, in ms. */
  heardAt: number;

  readonly #subscription: Pick<Subscription, "topics" | "isKnown">;
  /** The topics that the group was told at the last join. */
  #told: readonly string[];
  readonly #sessionTimeoutMs: number;
  readonly #requests: Requests;
  readonly #retry = new Backoff(200, 5_000);
  #memberId = "";
  /** Another number than before has the group begin a new generation. */
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

  /** Whether it has other topics by now than the group was told. */
  get outdated(): boolean {
    return this.#told !== this.#subscription.topics;
  }

  /** As what it commits. */
  credentials(broker: number, generation: number): Credentials {
    return { broker, memberId: this.#memberId, generation };
  }

  /** The next join has the group begin a new generation, whatever it would do otherwise. */
  beginAnew(): void {
    this.#round++;
  }

  /** The group has forgotten this member. */
  forgotten(): void {
    this.#memberId = "";
  }

  /** @param broker undefined while the coordinator is looked for */
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

  /** Nothing that was said before is waited for. */
  drop(): void {
    for (const slot of ["membership", "heartbeat", "owners"]) this.#requests.drop(slot);
  }

  /** @returns why the group did not take it in; undefined when it did, or is asked again at once */
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

  /** It has its share: from here on it has to be heard of. */
  settled(now: number): void {
    this.heardAt = now;
    this.#heartbeatAt = now + this.#sessionTimeoutMs / 10;
  }

  refused(now: number): void {
    this.#retry.failed(now);
  }
}
