import type { FailureCode } from "../../../src/kafka/failure.ts";
import type { AskOf, Partitions, Results } from "../../../src/kafka/group/asks.ts";
import type { PartitionId } from "../../../src/kafka/partition-id.ts";
import { type GroupOptions, type Member, nobody, revived, type State } from "./model-member.ts";
import { answered, type ModelOffsets } from "./model-offsets.ts";
import { type Reply, refusal } from "./outcome.ts";
import type { Timeline } from "./timeline.ts";

/**
 * Kafka's coordinator of one group, by its classic protocol (GroupCoordinator of Kafka 2.4 to 3.9, and what 4.x makes of
 * the same requests): who is a member, which generation it is, who owns what, and whose commits are taken.
 */
export class ModelGroup {
  generation = 0;
  state: State = "empty";
  isAway = false; // no broker coordinates it now
  readonly #timeline: Timeline;
  readonly #options: GroupOptions;
  readonly #offsets: ModelOffsets;
  readonly #members = new Map<string, Member>();
  /** Ids that were given out, and not used yet, with their end. */
  readonly #promised = new Map<string, number>();
  #leader: string | undefined;
  #stored = nobody;
  #ids = 0;
  /** Another number once a rebalance has ended, or another coordinator has begun: what was planned before is void. */
  #epoch = 0;
  /** Not to be completed before this, whoever has joined. */
  #openUntil = 0;

  constructor(timeline: Timeline, offsets: ModelOffsets, options: GroupOptions) {
    this.#timeline = timeline;
    this.#offsets = offsets;
    this.#options = options;
  }

  /** Whether a partition is a member's in the generation that is in force. */
  owns(memberId: string, { topic, partition }: PartitionId): boolean {
    return this.#members.get(memberId)?.share[topic]?.includes(partition) === true;
  }

  has(memberId: string): boolean {
    return this.#members.has(memberId);
  }

  join(ask: Pick<AskOf<"join">, "memberId" | "topics" | "round">, reply: Reply<"join">): void {
    const { memberId, topics, round } = ask;
    if (memberId === "") {
      const id = `member-${++this.#ids}`;
      this.#promise(id);
      reply({ ...refusal("member_id_required"), memberId: id });
      return;
    }
    const member = this.#members.get(memberId);
    if (member === undefined) {
      if (!this.#promised.delete(memberId)) reply(refusal("unknown_member"));
      else this.#admit(memberId, topics, round, reply);
      return;
    }
    const same = member.round === round && member.topics.join() === topics.join();
    const moves = this.state === "stable" && memberId === this.#leader;
    if (same && !moves && (this.state === "completing" || this.state === "stable")) {
      this.#hear(member);
      reply({ result: this.#joined(member, this.state === "completing" && memberId === this.#leader) });
      return;
    }
    member.topics = topics;
    member.round = round;
    member.joining = reply;
    this.#rebalance();
  }

  sync(
    { memberId, generation, shares }: Pick<AskOf<"sync">, "memberId" | "generation" | "shares">,
    reply: Reply<"sync">,
  ): void {
    const member = this.#members.get(memberId);
    const objection = this.#objection(memberId, generation);
    if (member === undefined || objection !== undefined) {
      reply(refusal(objection ?? "unknown_member"));
    } else if (this.state === "preparing") {
      reply(refusal("rebalancing"));
    } else if (this.state === "stable") {
      this.#hear(member);
      reply({ result: member.share });
    } else {
      member.syncing = reply;
      if (memberId === this.#leader) this.#share(shares);
    }
  }

  /** @returns the error; undefined when all is well */
  heartbeat(by: Pick<AskOf<"heartbeat">, "memberId" | "generation">): FailureCode | undefined {
    const { memberId, generation } = by;
    const member = this.#members.get(memberId);
    const objection = this.#objection(memberId, generation);
    if (member === undefined || objection !== undefined) return objection ?? "unknown_member";
    this.#hear(member);
    return this.state === "preparing" ? "rebalancing" : undefined;
  }

  /** @returns the error; undefined when all is well */
  leave(memberId: string): FailureCode | undefined {
    if (this.#promised.delete(memberId)) {
      this.#complete();
      return undefined;
    }
    const member = this.#members.get(memberId);
    if (member === undefined) return "unknown_member";
    this.#remove(member);
    return undefined;
  }

  commit(ask: Pick<AskOf<"commit">, "memberId" | "generation" | "entries">, reply: Reply<"commit">): void {
    const { memberId, generation, entries } = ask;
    const member = this.#members.get(memberId);
    const moving = this.state === "completing" ? "rebalancing" : undefined;
    const objection = this.#objection(memberId, generation) ?? moving;
    if (member === undefined || objection !== undefined) {
      reply({ result: answered(entries, () => objection ?? "unknown_member") });
      return;
    }
    this.#hear(member);
    this.#offsets.write(entries, this.#options.replicationMs(), reply);
  }

  /** Everything that is owned; undefined while the group is moving. */
  owners(): Results["owners"] {
    if (this.state !== "stable") return undefined;
    const owned: Record<string, number[]> = {};
    for (const { share } of this.#members.values()) {
      for (const [topic, partitions] of Object.entries(share))
        owned[topic] = [...(owned[topic] ?? []), ...partitions];
    }
    return owned;
  }

  /** Its coordinator is gone: whoever waits is told to look for another. Nothing may be asked until {@link load}. */
  suspend(): void {
    for (const { joining, syncing } of this.#members.values()) {
      joining?.(refusal("no_coordinator"));
      syncing?.(refusal("no_coordinator"));
    }
    this.isAway = true;
    this.#epoch++;
    this.#promised.clear();
    this.#members.clear();
  }

  /** Another coordinator begins with what was written; it gives everybody another session. */
  load(): void {
    const { generation, leader, members } = this.#stored;
    this.isAway = false;
    this.generation = generation;
    this.#leader = leader;
    this.state = members.length === 0 ? "empty" : "stable";
    for (const member of members) {
      const again = revived(member);
      this.#members.set(member.id, again);
      this.#hear(again);
    }
  }

  /** What stands against the word of a member, whatever it says. */
  #objection(memberId: string, generation: number): FailureCode | undefined {
    if (!this.#members.has(memberId) || this.state === "empty") return "unknown_member";
    return generation === this.generation ? undefined : "fenced";
  }

  /** A group that lacks only a member with a promised place waits for it. */
  #promise(id: string): void {
    const { now } = this.#timeline;
    this.#promised.set(id, now + this.#options.sessionMs);
    this.#timeline.after(this.#options.sessionMs, () => {
      if (this.#promised.delete(id)) this.#complete();
    });
  }

  #admit(id: string, topics: readonly string[], round: number, reply: Reply<"join">): void {
    const member = { ...revived({ id, topics, round, share: {} }), joining: reply };
    const first = this.#members.size === 0;
    this.#members.set(id, member);
    if (first) this.#openUntil = this.#timeline.now + this.#options.initialDelayMs;
    this.#rebalance();
  }

  /** Begins a rebalance, unless one is under way, and ends it if everybody is there already. */
  #rebalance(): void {
    if (this.state !== "preparing") {
      for (const member of this.#members.values()) {
        member.syncing?.(refusal("rebalancing"));
        member.syncing = undefined;
      }
      this.state = "preparing";
      const epoch = ++this.#epoch;
      const { sessionMs } = this.#options;
      // Whoever has not come by then is dead.
      this.#timeline.after(Math.max(sessionMs, this.#openUntil - this.#timeline.now), () => {
        if (epoch === this.#epoch) this.#begin();
      });
      if (this.#openUntil > this.#timeline.now) this.#timeline.at(this.#openUntil, () => this.#complete());
    }
    this.#complete();
  }

  #complete(): void {
    if (this.state !== "preparing" || this.#promised.size > 0 || this.#openUntil > this.#timeline.now) return;
    for (const { joining } of this.#members.values()) if (joining === undefined) return;
    this.#begin();
  }

  /** The next generation, of those who have joined. */
  #begin(): void {
    for (const [id, { joining }] of this.#members) if (joining === undefined) this.#members.delete(id);
    const epoch = ++this.#epoch;
    this.generation++;
    const [oldest] = this.#members.keys();
    if (oldest === undefined) {
      this.state = "empty";
      this.#leader = undefined;
      this.#store();
      return;
    }
    if (this.#leader === undefined || !this.#members.has(this.#leader)) this.#leader = oldest;
    this.state = "completing";
    for (const member of this.#members.values()) {
      const reply = member.joining;
      member.joining = undefined;
      // What it was given before is given to nobody until the leader says so.
      member.share = {};
      this.#hear(member);
      reply?.({ result: this.#joined(member, member.id === this.#leader) });
    }
    this.#timeline.after(this.#options.sessionMs, () => {
      if (epoch !== this.#epoch || this.state !== "completing") return;
      for (const [id, { syncing }] of this.#members) if (syncing === undefined) this.#members.delete(id);
      this.#rebalance();
    });
  }

  #joined(member: Member, asLeader: boolean): Results["join"] {
    const members = asLeader
      ? [...this.#members.values()].map(({ id, topics }) => ({ memberId: id, topics }))
      : [];
    return { memberId: member.id, generation: this.generation, leader: asLeader, members };
  }

  /** The leader has said who gets what: in force once enough brokers have it. */
  #share(shares: ReadonlyMap<string, Partitions>): void {
    const epoch = this.#epoch;
    this.#timeline.after(this.#options.replicationMs(), () => {
      if (epoch !== this.#epoch || this.state !== "completing") return;
      this.state = "stable";
      for (const member of this.#members.values()) member.share = shares.get(member.id) ?? {};
      this.#store();
      for (const member of this.#members.values()) {
        const reply = member.syncing;
        member.syncing = undefined;
        this.#hear(member);
        reply?.({ result: member.share });
      }
    });
  }

  #store(): void {
    const members = [...this.#members.values()].map(({ id, topics, round, share }) => ({
      id,
      topics,
      round,
      share,
    }));
    this.#stored = { generation: this.generation, leader: this.#leader, members };
  }

  /** A member has been heard of: it counts as alive for another session. */
  #hear(member: Member): void {
    member.expiresAt = this.#timeline.now + this.#options.sessionMs;
    if (!member.watched) this.#watch(member);
  }

  #watch(member: Member): void {
    member.watched = true;
    this.#timeline.at(member.expiresAt, () => {
      member.watched = false;
      if (this.#members.get(member.id) !== member) return;
      // Whoever waits for an answer of the group is alive.
      if (member.joining !== undefined || member.syncing !== undefined) return;
      if (member.expiresAt > this.#timeline.now) this.#watch(member);
      else this.#remove(member);
    });
  }

  #remove(member: Member): void {
    this.#members.delete(member.id);
    member.joining?.(refusal("unknown_member"));
    member.syncing?.(refusal("unknown_member"));
    if (this.state === "preparing") this.#complete();
    else this.#rebalance();
  }
}
