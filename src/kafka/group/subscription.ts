import type { Logger } from "pino";
import type { Answer } from "./asks.ts";
import type { PatternPlan, TopicPlan } from "./topic-plan.ts";

/**
 * How long a matching topic has to be missing until it is dropped, in ms; brokers with old metadata miss topics too.
 */
const goneAfterMs = 60_000;

/** The topics that a member reads: those configured by name, and those of the cluster that match a pattern. */
export class Subscription {
  /** A new list whenever the topics change. */
  topics: readonly string[];
  /** Whether the matching topics are known. */
  isKnown: boolean;
  readonly #named: ReadonlyMap<string, TopicPlan>;
  readonly #patterns: readonly PatternPlan[];
  readonly #log: Logger;
  readonly #matched = new Map<string, TopicPlan>();
  /** Topics of the cluster that no pattern matches. */
  #strangers: ReadonlySet<string> = new Set();
  /** Since when each matching topic has been missing, in ms. */
  readonly #goneSince = new Map<string, number>();

  constructor(plans: readonly (TopicPlan | PatternPlan)[], log: Logger) {
    const named = plans.filter((plan) => "topic" in plan);
    this.#named = new Map(named.map((plan) => [plan.topic, plan]));
    this.#patterns = plans.filter((plan) => "pattern" in plan);
    this.#log = log;
    this.topics = [...this.#named.keys()];
    this.isKnown = !this.isOpen;
  }

  /** The patterns, as they were configured. */
  get patterns(): readonly string[] {
    return this.#patterns.map(({ pattern }) => pattern);
  }

  /** Whether all of the cluster's topics have to be asked for. */
  get isOpen(): boolean {
    return this.#patterns.length > 0;
  }

  /** How a topic is read; undefined if it is not. */
  planOf(topic: string): TopicPlan | undefined {
    return this.#named.get(topic) ?? this.#matched.get(topic);
  }

  /**
   * Adds topics that match, and drops those that have been missing for long.
   *
   * @param others topics that are needed beside its own
   * @returns the answer with only the topics that are needed
   */
  survey(answer: Answer<"metadata">, others: readonly string[], now: number): Answer<"metadata"> {
    if (!this.isOpen || answer.failure !== undefined) return answer;
    const { ask, result: view } = answer;
    this.isKnown = true;
    const before = this.#matched.size;
    const strangers = new Set<string>();
    for (const topic of [...view.topics.keys(), ...view.troubled.keys()]) {
      if (this.planOf(topic) !== undefined) continue;
      const plan = this.#strangers.has(topic) ? undefined : this.#match(topic);
      if (plan === undefined) strangers.add(topic);
      else this.#matched.set(topic, plan);
    }
    let changed = this.#matched.size > before;
    this.#strangers = strangers;
    for (const topic of this.#matched.keys()) {
      if (view.topics.has(topic) || view.troubled.has(topic)) {
        this.#goneSince.delete(topic);
        continue;
      }
      const since = this.#goneSince.get(topic) ?? now;
      this.#goneSince.set(topic, since);
      if (now - since < goneAfterMs) continue;
      this.#log.info({ topic }, "topic deleted: no longer reading it");
      this.#goneSince.delete(topic);
      this.#matched.delete(topic);
      changed = true;
    }
    if (changed) this.topics = [...this.#named.keys(), ...[...this.#matched.keys()].sort()];
    const wanted = new Set([...this.topics, ...others]);
    const ofInterest = <Said>(said: ReadonlyMap<string, Said>) =>
      new Map([...said].filter(([topic]) => wanted.has(topic)));
    return {
      ask,
      result: { ...view, topics: ofInterest(view.topics), troubled: ofInterest(view.troubled) },
    };
  }

  /** The plan of the first matching pattern. Kafka's internal topics match none. */
  #match(topic: string): TopicPlan | undefined {
    if (topic.startsWith("__")) return undefined;
    const [first, second] = this.#patterns.filter(({ matches }) => matches(topic));
    if (first === undefined) return undefined;
    const also = second === undefined ? {} : { not: second.pattern };
    this.#log.info({ topic, pattern: first.pattern, ...also }, "new topic matches the pattern: reading it");
    return first.planOf(topic);
  }
}
