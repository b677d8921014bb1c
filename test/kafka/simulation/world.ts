import type { MemberSettings } from "../../../src/kafka/group/member-settings.ts";
import type { PartitionId } from "../../../src/kafka/partition-id.ts";
import { createRandom, type Random } from "../../lab/random.ts";
import { kinds, none } from "./alphabet.ts";
import { CountAudit } from "./count-audit.ts";
import { Exporter, Violation } from "./exporter.ts";
import { ModelCluster, type ModelPartition, type ModelTopic } from "./model-cluster.ts";
import { ModelGroup } from "./model-group.ts";
import { ModelOffsets } from "./model-offsets.ts";
import { Network } from "./network.ts";
import { ReadinessAudit } from "./readiness-audit.ts";
import { Timeline } from "./timeline.ts";
import { Trace } from "./trace.ts";

/** How long an exporter may take to end, in ms: the process is cut short after 9 s. */
const longestEndMs = 7_500;

/** Everything of one schedule: brokers, network, exporters. It follows from a seed alone. */
export class World {
  readonly timeline = new Timeline();
  readonly random: Random;
  readonly cluster: ModelCluster;
  readonly group: ModelGroup;
  readonly offsets: ModelOffsets;
  readonly network: Network;
  readonly counts: CountAudit;
  readonly readiness: ReadinessAudit;
  readonly trace: Trace | undefined;
  readonly settings: MemberSettings;
  /** The names of all topics that there are, or will be. */
  readonly topics: readonly string[];
  /** Those that were ever started, the dead included. */
  readonly exporters: Exporter[] = [];
  /** How long it takes at most until enough brokers have what is written, in ms. */
  replicationMs = 30;
  /** From here on nothing breaks any more. */
  isCalm = false;
  /** Has what was shown last of each partition, by its owner. */
  /** Topics have no ids, as before Kafka 2.8. */
  readonly hasNoIds: boolean;
  readonly #shown = new Map<string, number>();
  #names = 0;

  constructor(seed: number, traced: boolean) {
    const random = createRandom(seed);
    const { timeline } = this;
    this.random = random;
    this.trace = traced ? new Trace(timeline) : undefined;
    const sessionTimeoutMs = random.below(4) === 0 ? 10_000 : 6_000;
    this.settings = {
      group: "dlr",
      sessionTimeoutMs,
      commitIntervalMs: 1_000 + random.below(3_000),
      metadataIntervalMs: random.below(2) === 0 ? 5_000 : 30_000,
      metadataLimit: 4_096,
    };
    this.hasNoIds = random.below(12) === 0;
    this.cluster = new ModelCluster(timeline, 1 + random.below(3), !this.hasNoIds);
    this.offsets = new ModelOffsets(
      timeline,
      (id) => this.cluster.objection(id),
      (entry) => {
        this.trace?.note(`committed ${entry.topic}/${entry.partition} up to ${entry.offset}`);
        this.counts.onCommitted(entry);
      },
    );
    this.group = new ModelGroup(timeline, this.offsets, {
      sessionMs: sessionTimeoutMs,
      initialDelayMs: random.below(3) * 500,
      replicationMs: () => 1 + random.below(this.replicationMs),
    });
    const { cluster, group, offsets } = this;
    this.network = new Network(timeline, random, { cluster, group, offsets }, sessionTimeoutMs);
    this.counts = new CountAudit(cluster, group);
    this.readiness = new ReadinessAudit(cluster, group);
    this.topics = random.below(3) === 0 ? ["a", "b"] : ["a"];
  }

  /** The exporters whose processes run. */
  get running(): readonly Exporter[] {
    return this.exporters.filter(({ alive }) => alive);
  }

  /** Those of them that were not told to end. */
  get staying(): readonly Exporter[] {
    return this.exporters.filter(({ alive, stoppedAt }) => alive && stoppedAt === undefined);
  }

  note(line: string): void {
    this.trace?.note(`── ${line}`);
  }

  any<T>(things: readonly T[]): T | undefined {
    return things[this.random.below(things.length)];
  }

  /** Any broker that runs; -1 when none does. */
  anyBroker(): number {
    return this.any(this.cluster.brokers.filter((broker) => this.cluster.isUp(broker)))?.id ?? -1;
  }

  anyPartition():
    | (PartitionId & { readonly topic: string; readonly found: ModelPartition; readonly of: ModelTopic })
    | undefined {
    const of = this.any([...this.cluster.topics.values()]);
    if (of === undefined) return undefined;
    const partition = this.random.below(of.partitions.length);
    const found = of.partitions[partition];
    return found === undefined ? undefined : { topic: of.name, partition, found, of };
  }

  /** Makes a topic, with something in its logs. */
  createTopic(name: string, partitions: number): void {
    const topic = this.cluster.create(
      name,
      Array.from({ length: partitions }, () => this.anyBroker()),
    );
    for (const { log } of topic.partitions) {
      log.append(this.records(this.random.below(16)));
      if (topic.before !== undefined || this.random.below(4) !== 0) continue;
      log.deleteTo(this.random.below(log.end + 1), log.end);
      log.startsAt = log.low;
    }
    this.note(`topic ${name} has ${topic.partitions.map(({ log }) => `[${log.low}, ${log.end})`).join(" ")}`);
  }

  /** What a producer writes; now and then compaction has left a gap. */
  records(count: number): number[] {
    return Array.from({ length: count }, () =>
      this.random.below(10) === 0 ? none : this.random.below(kinds),
    );
  }

  start(topics: readonly string[]): void {
    const name = `exporter-${++this.#names}`;
    this.note(`${name} starts`);
    const { timeline, network, trace } = this;
    const exporter = new Exporter(
      name,
      topics,
      this.settings,
      { timeline, network, trace },
      this.random.below(1_000_000),
    );
    this.exporters.push(exporter);
    this.#scrapeLater(exporter);
  }

  /** Ends an exporter as an orchestrator does, and sees to it that it ends. @param then once its process is gone */
  stop(exporter: Exporter, then: () => void): void {
    this.note(`${exporter.name} is told to end`);
    exporter.stop();
    const look = () => {
      const since = Math.max(exporter.stoppedAt ?? 0, exporter.pausedUntil);
      if (!exporter.alive) then();
      else if (this.timeline.now - since > longestEndMs) throw new Violation(`${exporter.name} does not end`);
      else this.timeline.after(250, look);
    };
    look();
  }

  /** Looks at an exporter as Prometheus and its orchestrator do. */
  scrape(exporter: Exporter): void {
    if (!exporter.alive || exporter.isPaused) return;
    const offsets = this.counts.onScrape(exporter);
    this.readiness.look(exporter, this.timeline.now);
    if (!this.isCalm) return;
    for (const [key, next] of offsets) this.#shown.set(key, next);
  }

  /** @returns what is still to come before all is well; undefined when it is */
  unfinished(): string | undefined {
    const members = this.staying;
    for (const exporter of members) {
      const { obstacle } = exporter.member.readiness(exporter.clock);
      if (obstacle !== undefined) return `${exporter.name} is not ready: ${obstacle}`;
    }
    for (const [topic, { partitions }] of this.cluster.topics) {
      const takers = members.filter(({ topics }) => topics.includes(topic));
      if (takers.length === 0) continue;
      for (const [partition, { log }] of partitions.entries()) {
        const id = { topic, partition };
        const owners = takers.filter(({ memberId }) => this.group.owns(memberId, id));
        if (owners.length !== 1) return `${topic}/${partition} has ${owners.length} owners`;
        const committed = this.counts.committed(id);
        if (committed !== log.end && log.end > log.low)
          return `${topic}/${partition} is committed up to ${committed} of ${log.end}`;
        const shown = this.#shown.get(`${topic}/${partition}`);
        if (shown !== log.end) return `${topic}/${partition} is shown up to ${shown} of ${log.end}`;
      }
    }
    return undefined;
  }

  #scrapeLater(exporter: Exporter): void {
    this.timeline.after(1_000 + this.random.below(3_000), () => {
      if (!exporter.alive) return;
      this.scrape(exporter);
      this.#scrapeLater(exporter);
    });
  }
}
