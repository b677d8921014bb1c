import type { FailureCode } from "../failure.ts";
import type { PartitionId } from "../partition-id.ts";
import type { ClusterView } from "./asks.ts";

/** Errors that mean that the leader has moved, or that there is none now: refresh the metadata. */
export const moved: ReadonlySet<FailureCode> = new Set([
  "not_leader",
  "no_leader",
  "unknown_topic",
  "wrong_topic_id",
]);

/** Errors that mean that rights are missing. */
export const refused: ReadonlySet<FailureCode> = new Set(["topic_unauthorized", "cluster_unauthorized"]);

/** The leader of a partition; undefined when it has none, or it is not known. */
export function leaderOf(
  { topic, partition }: PartitionId,
  view: ClusterView | undefined,
): number | undefined {
  const leader = view?.topics.get(topic)?.leaders[partition];
  return leader === undefined || leader < 0 ? undefined : leader;
}

/** Whether a topic is known not to exist. */
export function isMissing(topic: string, view: ClusterView | undefined): boolean {
  return view !== undefined && !view.topics.has(topic) && !view.troubled.has(topic);
}

/** Partitions by their leader; those without one are left out. */
export function byLeader<Part extends PartitionId>(
  partitions: readonly Part[],
  view: ClusterView,
): Map<number, Part[]> {
  const led = new Map<number, Part[]>();
  for (const partition of partitions) {
    const leader = leaderOf(partition, view);
    if (leader === undefined) continue;
    const others = led.get(leader);
    if (others === undefined) led.set(leader, [partition]);
    else others.push(partition);
  }
  return led;
}

/** The first 52 bits of a topic's id: enough to tell topics of the same name apart, and short in a snapshot. */
export function markOf(id: string | undefined): number | undefined {
  return id === undefined ? undefined : Number.parseInt(id.replaceAll("-", "").slice(0, 13), 16);
}
