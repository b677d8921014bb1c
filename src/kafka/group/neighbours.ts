import type { Logger } from "pino";
import type { Answer, ClusterView, MemberSubscription, Partitions } from "./asks.ts";
import type { Requests } from "./requests.ts";
import type { Subscription } from "./subscription.ts";

/** How often the partitions' owners are looked up, in ms, and how soon after a rebalance. */
const ownersMs = { interval: 30_000, first: 2_000 } as const;

/**
 * The other members of the group: their subscriptions, the partitions to assign, and whether each has an owner. Two
 * deployments in one group may have different topics, and all of them must be counted.
 */
export class Neighbours {
  readonly #own: Pick<Subscription, "topics">;
  readonly #requests: Requests;
  readonly #log: Logger;
  /** The members' subscriptions at the last join; empty unless this member leads. */
  #members: readonly string[] = [];
  #all: { readonly own: readonly string[]; readonly topics: readonly string[] };
  /** Each topic's number of partitions when it last existed. */
  readonly #counts = new Map<string, number>();
  /** What the leader assigned; undefined for the others. */
  #shared: ReadonlyMap<string, number> | undefined;
  #ownersAt = 0;
  /** How many partitions of each own topic have no owner, as of the last look; undefined before. */
  unowned: ReadonlyMap<string, number> | undefined;

  constructor(own: Pick<Subscription, "topics">, requests: Requests, log: Logger) {
    this.#own = own;
    this.#all = { own: own.topics, topics: own.topics };
    this.#requests = requests;
    this.#log = log;
  }

  /** The topics to ask for: for the leader all that any member subscribed to, else this member's own. */
  get topics(): readonly string[] {
    if (this.#all.own !== this.#own.topics) this.#unite();
    return this.#all.topics;
  }

  /** @param members all members if this member leads the group; empty otherwise */
  joined(members: readonly MemberSubscription[]): void {
    this.#members = members.flatMap(({ topics }) => topics);
    this.#unite();
    this.#shared = undefined;
  }

  /** An assignment was received: the owners are looked up a little later. */
  settled(now: number): void {
    this.#requests.drop("owners");
    this.#ownersAt = now + ownersMs.first;
  }

  /** Takes the cluster's metadata. A missing topic keeps its partitions, since it may come back. */
  survey(view: ClusterView): void {
    for (const [topic, { leaders }] of view.topics) {
      if (leaders.length > 0) this.#counts.set(topic, leaders.length);
    }
  }

  /** What the leader assigns: the partitions of every topic that a member subscribed to. */
  share(): ReadonlyMap<string, number> {
    const topics = new Set(this.topics);
    this.#shared = new Map([...this.#counts].filter(([topic]) => topics.has(topic)));
    return this.#shared;
  }

  /** Whether the number of partitions has changed since the assignment: then the leader starts a rebalance. */
  get grown(): boolean {
    const shared = this.#shared;
    if (shared === undefined) return false;
    return this.topics.some((topic) => this.#counts.get(topic) !== shared.get(topic));
  }

  pump(broker: number, now: number): void {
    if (!this.#requests.free("owners") || !this.#requests.due(this.#ownersAt)) return;
    this.#ownersAt = now + ownersMs.interval;
    this.#requests.make("owners", { kind: "owners", broker });
  }

  onOwners(answer: Answer<"owners">, now: number): void {
    if (answer.failure !== undefined) {
      this.#log.debug({ reason: answer.failure.message }, "the partition owners are unknown");
      return;
    }
    const owners = answer.result;
    if (owners === undefined) {
      this.#ownersAt = now + ownersMs.first;
      return;
    }
    this.unowned = new Map(this.#own.topics.map((topic) => [topic, this.#unownedOf(topic, owners)]));
    for (const [topic, partitions] of this.unowned) {
      if (partitions === 0) continue;
      this.#log.warn(
        { topic, partitions },
        "no member of the group owns these partitions, so they are not counted: the group leader does not assign this " +
          "topic; is it an older version or another program?",
      );
    }
  }

  #unite(): void {
    const own = this.#own.topics;
    this.#all = { own, topics: [...new Set([...own, ...this.#members])].sort() };
  }

  #unownedOf(topic: string, owners: Partitions): number {
    const owned = new Set(Object.hasOwn(owners, topic) ? owners[topic] : []);
    let unowned = 0;
    for (let partition = 0; partition < (this.#counts.get(topic) ?? 0); partition++) {
      if (!owned.has(partition)) unowned++;
    }
    return unowned;
  }
}
