import type { Failure, FailureCode } from "../../../src/kafka/failure.ts";
import type {
  AskOf,
  ClusterView,
  FetchedPartition,
  Results,
  TopicView,
} from "../../../src/kafka/group/asks.ts";
import type { PartitionId } from "../../../src/kafka/partition-id.ts";
import { ModelLog } from "./model-log.ts";
import { failureOf } from "./outcome.ts";
import type { Timeline } from "./timeline.ts";

export interface ModelPartition {
  readonly log: ModelLog;
  /** The broker that leads it; -1 when none does. */
  leader: number;
}

export interface ModelTopic {
  readonly name: string;
  readonly id: string;
  readonly partitions: ModelPartition[];
  /** The topic of the same name that was deleted before. */
  readonly before: ModelTopic | undefined;
  /** Nobody may read or commit it before this, in ms. */
  refusedUntil: number;
}

export interface ModelBroker {
  readonly id: number;
  /** Takes no connections before this, in ms. */
  downUntil: number;
  /** Takes requests and does not look at them before this, in ms. */
  hungUntil: number;
}

/** How much one partition gives to a fetch. */
export interface Helping {
  readonly most: number;
  readonly back: number;
}

/** The brokers, and the topics on them. */
export class ModelCluster {
  readonly brokers: readonly ModelBroker[];
  readonly topics = new Map<string, ModelTopic>();
  /** Topics that are not there now, and were. */
  readonly deleted = new Map<string, ModelTopic>();
  /** The broker that coordinates the group; -1 when none does. */
  coordinator = 1;
  /** It reads what was written of the group until then, in ms. */
  loadingUntil = 0;
  readonly #timeline: Timeline;
  readonly #withIds: boolean;
  #ids = 0;
  #view: ClusterView | undefined;
  /** What was so before the last change, which some brokers have not heard of. */
  #viewBefore: ClusterView | undefined;
  #changedAt = 0;

  /** @param withIds whether topics have ids, as since Kafka 2.8 */
  constructor(timeline: Timeline, brokers: number, withIds: boolean) {
    this.#timeline = timeline;
    this.#withIds = withIds;
    this.brokers = Array.from({ length: brokers }, (_, index) => ({
      id: index + 1,
      downUntil: 0,
      hungUntil: 0,
    }));
  }

  broker(id: number): ModelBroker | undefined {
    return this.brokers[id - 1];
  }

  isUp({ downUntil }: ModelBroker): boolean {
    return downUntil <= this.#timeline.now;
  }

  /** Creates a topic, replacing one of the same name. @param leaders of its partitions */
  create(name: string, leaders: readonly number[]): ModelTopic {
    const id = (++this.#ids).toString(16).padStart(13, "0").padEnd(32, "0");
    const partitions = leaders.map((leader) => ({ log: new ModelLog(), leader }));
    const topic = { name, id, partitions, before: this.deleted.get(name), refusedUntil: 0 };
    this.deleted.delete(name);
    this.topics.set(name, topic);
    this.changed();
    return topic;
  }

  delete(name: string): void {
    const topic = this.topics.get(name);
    if (topic === undefined) return;
    this.deleted.set(name, topic);
    this.topics.delete(name);
    this.changed();
  }

  extend(topic: ModelTopic, leader: number): ModelPartition {
    const partition = { log: new ModelLog(), leader };
    topic.partitions.push(partition);
    this.changed();
    return partition;
  }

  find({ topic, partition }: PartitionId): ModelPartition | undefined {
    return this.topics.get(topic)?.partitions[partition];
  }

  /** Topics, partitions or leaders are others now. */
  changed(): void {
    const { now } = this.#timeline;
    // Of several changes at once the first counts: what was before is what some have still heard.
    if (this.#view !== undefined) this.#viewBefore = this.#view;
    this.#view = undefined;
    this.#changedAt = now;
  }

  /** What stands against reading or committing a partition; undefined when nothing does. */
  objection(id: PartitionId): FailureCode | undefined {
    const topic = this.topics.get(id.topic);
    if (topic === undefined) return "unknown_topic";
    if (topic.refusedUntil > this.#timeline.now) return "topic_unauthorized";
    return topic.partitions[id.partition] === undefined ? "unknown_topic" : undefined;
  }

  /** @param late whether the broker that is asked may not have heard of the last change */
  view(topics: readonly string[], late: boolean): ClusterView {
    const whole = this.#whole();
    const old = late && this.#timeline.now - this.#changedAt < 1_500 ? this.#viewBefore : undefined;
    const { topics: known, brokers } = old ?? whole;
    const asked = new Map<string, TopicView>();
    const troubled = new Map<string, Failure>();
    for (const name of topics) {
      const topic = known.get(name);
      if ((this.topics.get(name)?.refusedUntil ?? 0) > this.#timeline.now) {
        troubled.set(name, failureOf("topic_unauthorized"));
      } else if (topic !== undefined) {
        asked.set(name, topic);
      }
    }
    return { id: undefined, topics: asked, troubled, brokers };
  }

  range({ broker, partitions }: AskOf<"range">): Results["range"] {
    return partitions.map(({ topic, partition }) => {
      const found = this.find({ topic, partition });
      const code = this.objection({ topic, partition }) ?? this.#leads(broker, found);
      const log = found?.log;
      const unsure = log?.settled === false ? "not_leader" : undefined;
      const said = code ?? unsure;
      return {
        topic,
        partition,
        failure: said === undefined ? undefined : failureOf(said),
        range: { low: log?.low ?? -1, high: log?.highWatermark ?? -1 },
      };
    });
  }

  /** @returns what each partition gives; undefined when none has anything, and the broker would rather wait */
  fetch(
    { broker, partitions }: AskOf<"fetch">,
    mayWait: boolean,
    help: () => Helping,
  ): Results["fetch"] | undefined {
    let any = !mayWait;
    const result = partitions.map(({ topic, partition, offset, topicId }): FetchedPartition => {
      const there = this.topics.get(topic);
      const found = there?.partitions[partition];
      const code = this.#refusal(broker, { topic, partition }, topicId) ?? outside(found?.log, offset);
      const failed = code !== undefined || found === undefined;
      const { most, back } = help();
      const { records, end } = failed ? nothing : found.log.read(offset, most, back);
      if (failed || end !== undefined) any = true;
      return {
        topic,
        partition,
        failure: code === undefined ? undefined : failureOf(code),
        records,
        end,
        logEnd: failed ? -1 : found.log.highWatermark,
      };
    });
    return any ? result : undefined;
  }

  #refusal(broker: number, id: PartitionId, topicId: string | undefined): FailureCode | undefined {
    const topic = this.topics.get(id.topic);
    if (topicId !== undefined && topic?.id !== topicId) return "wrong_topic_id";
    return this.objection(id) ?? this.#leads(broker, topic?.partitions[id.partition]);
  }

  #leads(broker: number, partition: ModelPartition | undefined): FailureCode | undefined {
    return partition?.leader === broker ? undefined : "not_leader";
  }

  #whole(): ClusterView {
    this.#view ??= {
      topics: new Map(
        [...this.topics].map(([name, { id, partitions }]) => [
          name,
          { id: this.#withIds ? id : undefined, leaders: partitions.map(({ leader }) => leader) },
        ]),
      ),
      id: undefined,
      troubled: new Map(),
      brokers: new Map(this.brokers.map(({ id }) => [id, `broker-${id}:9092`])),
    };
    return this.#view;
  }
}

const nothing = new ModelLog().read(0, 0, 0);

function outside(log: ModelLog | undefined, offset: number): FailureCode | undefined {
  return log !== undefined && (offset < log.low || offset > log.end) ? "offset_out_of_range" : undefined;
}
