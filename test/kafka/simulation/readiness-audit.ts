import { type PartitionId, partitionKey } from "../../../src/kafka/partition-id.ts";
import { positionOf } from "../../../src/ledger/fold-records.ts";
import { type Exporter, Violation } from "./exporter.ts";
import type { ModelCluster } from "./model-cluster.ts";
import type { ModelGroup } from "./model-group.ts";

/** How long an exporter may say that it is ready while a partition of its own stands still, in ms. */
const longestStandstillMs = 30_000;

/** How long after its session has ended in the group it may not know yet, in ms. */
const longestIgnoranceMs = 5_000;

/** Where the reading of a partition stood, and since when. */
interface Stand {
  readonly position: number | undefined;
  readonly since: number;
}

/** Holds what exporters say of themselves against what they do. */
export class ReadinessAudit {
  readonly #cluster: ModelCluster;
  readonly #group: ModelGroup;
  readonly #stands = new Map<Exporter, Map<string, Stand>>();
  /** Since when an exporter is no member of the group, in ms. */
  readonly #outside = new Map<Exporter, number>();

  constructor(cluster: ModelCluster, group: ModelGroup) {
    this.#cluster = cluster;
    this.#group = group;
  }

  /** It stood still itself, so that it could not advance. */
  forget(exporter: Exporter): void {
    this.#stands.delete(exporter);
    this.#outside.delete(exporter);
  }

  look(exporter: Exporter, now: number): void {
    const { obstacle, remarks } = exporter.member.readiness(exporter.clock);
    const { memberId } = exporter;
    if (this.#group.has(memberId) || this.#group.isAway) this.#outside.delete(exporter);
    else if (!this.#outside.has(exporter)) this.#outside.set(exporter, now);
    const outside = now - (this.#outside.get(exporter) ?? now);
    if (obstacle === undefined && outside > longestIgnoranceMs) {
      throw new Violation(
        `${exporter.name} says that it is ready, and is no member of the group for ${outside} ms`,
      );
    }
    const before = this.#stands.get(exporter);
    const stands = new Map<string, Stand>();
    this.#stands.set(exporter, stands);
    for (const topic of exporter.topics) {
      const partitions = this.#cluster.topics.get(topic)?.partitions ?? [];
      for (const [partition, { log }] of partitions.entries()) {
        const id = { topic, partition };
        if (!this.#group.owns(memberId, id)) continue;
        const ledger = exporter.ledger(id);
        if (ledger !== undefined && ledger.next >= log.lastStable) continue;
        // While its window for duplicates is read, it advances though it counts nothing.
        const position = ledger && positionOf(ledger);
        const key = partitionKey(id);
        const last = before?.get(key);
        const stand = last !== undefined && last.position === position ? last : { position, since: now };
        stands.set(key, stand);
        if (obstacle !== undefined || now - stand.since <= longestStandstillMs) continue;
        if (remarks.some((remark) => names(remark, id))) continue;
        throw new Violation(
          `${exporter.name} says that it is ready, and ${key} stands at ${position} for ${now - stand.since} ms; ` +
            `it remarks: ${remarks.join("; ")}`,
        );
      }
    }
  }
}

/** Whether a remark is of a partition: by its number, as one of several that are alike, or by its topic. */
function names(remark: string, { topic, partition }: PartitionId): boolean {
  const ofTopic = remark.includes(`of topic ${topic} `);
  return (
    remark.startsWith(`topic ${topic} `) ||
    (ofTopic && (remark.startsWith(`partition ${partition} `) || remark.includes("more like it")))
  );
}
