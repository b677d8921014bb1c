import type { Answer, Ask, AskKind, AskOf, MemberEvent } from "../../../src/kafka/group/asks.ts";
import type { MemberSettings } from "../../../src/kafka/group/member-settings.ts";
import { GroupMember } from "../../../src/kafka/group/member.ts";
import type { OwnedPartition } from "../../../src/kafka/group/owned-partition.ts";
import type { Phase } from "../../../src/kafka/group/phase.ts";
import { partitionKey } from "../../../src/kafka/partition-id.ts";
import type { PartitionLedger } from "../../../src/ledger/partition-ledger.ts";
import { Brokers, type Reply } from "./brokers.ts";
import { logbook, patternOf, planOf, settings } from "./support.ts";

/** More steps than this at one moment are a loop that waits for nothing. */
const mostSteps = 100;

/** Drives a member through the time of a model: gives its requests to {@link Brokers}, and their answers to it. */
export class Driver {
  readonly brokers: Brokers;
  readonly member: GroupMember;
  readonly lines: readonly string[];
  /** In ms. */
  now = 1_000;
  /** All that was ever asked, and when. */
  readonly asked: Ask[] = [];
  readonly #askedAt = new Map<Ask, number>();
  /** What the brokers never answer: a test may. */
  readonly hung: Ask[] = [];
  /** Is told of each request as it is made. */
  witness: (ask: Ask) => void = () => {};
  /** The phases that it went through. */
  readonly path: Phase["name"][] = [];
  readonly #coming: { readonly at: number; readonly answer: Answer }[] = [];

  constructor(
    brokers = new Brokers(),
    topics: readonly (string | RegExp)[] = ["t"],
    changed: Partial<MemberSettings> = {},
  ) {
    const { log, lines } = logbook();
    this.brokers = brokers;
    this.lines = lines;
    const plans = topics.map((one) => (typeof one === "string" ? planOf(one) : patternOf(one)));
    this.member = new GroupMember({ ...settings, ...changed }, plans, log, this.now);
    this.path.push(this.member.phase.name);
  }

  get phase(): Phase["name"] {
    return this.member.phase.name;
  }

  get obstacle(): string | undefined {
    return this.member.readiness(this.now).obstacle;
  }

  get remarks(): readonly string[] {
    return this.member.readiness(this.now).remarks;
  }

  step(event: MemberEvent): readonly Ask[] {
    const asks = this.member.step(event, this.now);
    if (this.phase !== this.path.at(-1)) this.path.push(this.phase);
    for (const ask of asks) {
      this.asked.push(ask);
      this.#askedAt.set(ask, this.now);
      this.witness(ask);
      const reply = this.brokers.on[ask.kind](ask as never) as Reply<AskKind> | undefined;
      if (reply === undefined) this.hung.push(ask);
      else this.#coming.push({ at: this.now + (reply.afterMs ?? 1), answer: { ask, ...reply } as Answer });
    }
    return asks;
  }

  /** Lets the time pass, with all that happens in it. */
  run(ms: number): this {
    const end = this.now + ms;
    let steps = 0;
    for (;;) {
      const [next] = this.#coming.sort((a, b) => a.at - b.at);
      const at = Math.max(this.now, Math.min(next?.at ?? Number.POSITIVE_INFINITY, this.member.wakeAt));
      if (at > end) break;
      steps = at === this.now ? steps + 1 : 0;
      if (steps > mostSteps)
        throw new Error(`it never rests: ${this.asked.slice(-5).map(({ kind }) => kind)}`);
      this.now = at;
      if (next === undefined || next.at > at) {
        this.step({ kind: "tick" });
      } else {
        this.#coming.shift();
        this.step({ kind: "answer", answer: next.answer });
      }
    }
    this.now = end;
    return this;
  }

  /** Lets the time pass until something is so. */
  until(isSo: () => boolean): this {
    const end = this.now + 60_000;
    while (!isSo()) {
      if (this.now >= end) throw new Error(`it does not come to be: ${isSo}`);
      this.run(10);
    }
    return this;
  }

  /** Begins, and runs for a second: enough to count what there is, and to have committed nothing. */
  start(): this {
    this.step({ kind: "tick" });
    return this.run(1_000);
  }

  stop(): this {
    this.step({ kind: "stop" });
    return this;
  }

  /** Leaves requests of these kinds unanswered from now on, including those in flight. */
  hang(...kinds: readonly AskKind[]): this {
    for (const kind of kinds) this.brokers.on[kind] = () => undefined;
    for (const coming of [...this.#coming]) {
      if (!kinds.includes(coming.answer.ask.kind)) continue;
      this.#coming.splice(this.#coming.indexOf(coming), 1);
      this.hung.push(coming.answer.ask);
    }
    return this;
  }

  /** Answers the last request of a kind that hangs. */
  answer<K extends AskKind>(kind: K, reply: Reply<K>): readonly Ask[] {
    const ask = this.hung.findLast((waiting) => waiting.kind === kind);
    if (ask === undefined) throw new Error(`no ${kind} hangs`);
    return this.reply(ask as AskOf<K>, reply);
  }

  /** Answers one request, whatever became of it. */
  reply<K extends AskKind>(ask: AskOf<K>, reply: Reply<K>): readonly Ask[] {
    const at = this.hung.indexOf(ask as Ask);
    if (at >= 0) this.hung.splice(at, 1);
    return this.step({ kind: "answer", answer: { ask, ...reply } as unknown as Answer });
  }

  /** The requests of a kind, in order. */
  all<K extends AskKind>(kind: K): readonly AskOf<K>[] {
    return this.asked.filter((ask): ask is AskOf<K> => ask.kind === kind);
  }

  /** How long after the beginning a request was made, the first or a later one of its kind, in ms. */
  since(kind: AskKind, index = 0): number {
    const ask = this.all(kind).at(index) as Ask | undefined;
    const at = ask === undefined ? undefined : this.#askedAt.get(ask);
    if (at === undefined) throw new Error(`no ${kind} ${index} was asked for`);
    return at - 1_000;
  }

  last<K extends AskKind>(kind: K): AskOf<K> {
    const ask = this.all(kind).at(-1);
    if (ask === undefined) throw new Error(`no ${kind} was asked for`);
    return ask;
  }

  partition(partition = 0, topic = "t"): OwnedPartition {
    const key = partitionKey({ topic, partition });
    const found = [...this.member.holdings.partitions].find((owned) => owned.key === key);
    if (found === undefined) throw new Error(`it does not own ${key}`);
    return found;
  }

  ledger(partition = 0, topic = "t"): PartitionLedger {
    const { ledger } = this.partition(partition, topic);
    if (ledger === undefined) throw new Error(`${topic}/${partition} has no ledger`);
    return ledger;
  }
}
