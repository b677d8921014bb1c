import type { FailureCode } from "../failure.ts";
import type { ClusterView } from "./asks.ts";
import type { OwnedPartition } from "./owned-partition.ts";

/** What the brokers say when another leads a partition, or none does for the moment: the cluster has to be asked. */
export const moved: ReadonlySet<FailureCode> = new Set([
  "not_leader",
  "no_leader",
  "unknown_topic",
  "wrong_topic_id",
]);

/** What they say when rights are missing. */
export const refused: ReadonlySet<FailureCode> = new Set(["topic_unauthorized", "cluster_unauthorized"]);

/** The broker that leads a partition; undefined when none does, or that is not known. */
export function leaderOf(
  { topic, partition }: OwnedPartition,
  view: ClusterView | undefined,
): number | undefined {
  const leader = view?.topics.get(topic)?.leaders[partition];
  return leader === undefined || leader < 0 ? undefined : leader;
}

/** Whether a topic is known not to exist. */
export function isMissing(topic: string, view: ClusterView | undefined): boolean {
  return view !== undefined && !view.topics.has(topic) && !view.troubled.has(topic);
}

/** Partitions by the broker that leads them; those without a leader are left out. */
export function byLeader(
  partitions: readonly OwnedPartition[],
  view: ClusterView,
): Map<number, OwnedPartition[]> {
  const led = new Map<number, OwnedPartition[]>();
  for (const partition of partitions) {
    const leader = leaderOf(partition, view);
    if (leader === undefined) continue;
    const others = led.get(leader);
    if (others === undefined) led.set(leader, [partition]);
    else others.push(partition);
  }
  return led;
}

/** The first 52 bits of a topic's id: enough to tell two topics of one name, and short in a snapshot. */
export function markOf(id: string | undefined): number | undefined {
  return id === undefined ? undefined : Number.parseInt(id.replaceAll("-", "").slice(0, 13), 16);
}
