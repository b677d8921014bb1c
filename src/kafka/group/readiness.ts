import type { Failure } from "../failure.ts";
import { isMissing, leaderOf, refused } from "./leaders.ts";
import type { GroupMember } from "./member.ts";
import type { OwnedPartition } from "./owned-partition.ts";

export interface Readiness {
  /** One sentence on why receipts are not being counted and committed; undefined when they are. */
  readonly obstacle: string | undefined;
  /** Problems that no restart and no other instance would fix: one sentence each. */
  readonly remarks: readonly string[];
}

/** A broker that leads partitions and has answered no fetch for this long can't be read from. */
const silentAfterMs = 15_000;

/** An older answer says nothing about the log's end. */
export const staleAfterMs = 20_000;

/** A partition that stops for less than this is just changing its leader, and not reported. */
const passingMs = 10_000;

/**
 * Whether a member counts what it should, judged by what was answered, never by the absence of errors.
 *
 * It is not ready when nothing is counted, or when restarting or draining the instance may help. A problem of single
 * partitions is a remark.
 *
 * @param now in ms, of the member's clock
 */
export function readinessOf(member: GroupMember, now: number): Readiness {
  const obstacle = obstacleOf(member, now);
  return { obstacle, remarks: remarksOf(member, now).filter((remark) => !obstacle?.includes(remark)) };
}

function obstacleOf(member: GroupMember, now: number): string | undefined {
  const { phase, surroundings, settings, rebalances } = member;
  const { trouble, view } = surroundings;
  switch (phase.name) {
    case "closing":
    case "leaving":
    case "left":
      return "shutting down";
    case "failed":
      return phase.error.message;
    case "joining":
    case "assigning":
    case "syncing":
      if (trouble !== undefined) return inWords(trouble, settings.group);
      if (view === undefined || surroundings.coordinator === undefined) return "connecting to the brokers";
      return rebalances === 0 ? "joining the group" : "the group is rebalancing";
    case "moving":
      return "the group is rebalancing";
  }
  const silence = now - member.membership.heardAt;
  if (silence > settings.sessionTimeoutMs) {
    const why = trouble === undefined ? "" : `: ${inWords(trouble, settings.group)}`;
    return `no heartbeat for ${seconds(silence)} s${why}`;
  }
  if (trouble?.code === "group_unauthorized") return inWords(trouble, settings.group);
  if (view === undefined)
    return trouble === undefined ? "connecting to the brokers" : inWords(trouble, settings.group);
  return uncommittedFor(member, now) ?? noTopic(member) ?? standstill(member, now);
}

function uncommittedFor({ commits, settings }: GroupMember, now: number): string | undefined {
  const { dirtySince, lastFailure } = commits.checkpointer;
  const waiting = dirtySince === undefined ? 0 : now - dirtySince;
  if (waiting <= Math.max(3 * settings.commitIntervalMs, 15_000)) return undefined;
  return `counts have not been committed for ${seconds(waiting)} s: ${lastFailure ?? "no answer yet"}`;
}

function noTopic(member: GroupMember): string | undefined {
  if (member.subscription.topics.length === 0)
    return `waiting for topics that match ${member.subscription.patterns.join(", ")}`;
  const absent = absentTopics(member);
  if (absent.length < member.subscription.topics.length) return undefined;
  const troubled = absent.find(({ missing }) => !missing);
  return troubled === undefined
    ? `none of the topics exists yet: ${member.subscription.topics.join(", ")}`
    : `no partition can be read: ${troubled.words}`;
}

/** Why no owned partition is read, if the cause is this instance or affects them all. */
function standstill(member: GroupMember, now: number): string | undefined {
  const partitions = [...member.holdings.partitions];
  const { view } = member.surroundings;
  // A refused topic is a remark.
  const loading = partitions.some(
    ({ standing, obstacle }) => standing.name === "loading" && obstacle?.kind !== "refused",
  );
  if (loading) return "loading the committed counts";
  const silent = partitions.filter((partition) => isSilent(partition, member, now));
  const [first] = silent;
  if (first !== undefined) {
    const broker = leaderOf(first, view) ?? -1;
    const age = seconds(now - first.heardAt);
    const reason = member.holdings.silenceOf(broker) ?? "no answer";
    const address = view?.brokers.get(broker) ?? "";
    return `broker ${broker} (${address}) has not answered a fetch for ${age} s; ${count(silent.length)} ${silent.length === 1 ? "waits" : "wait"} for it: ${reason}`;
  }
  const stopped = partitions.flatMap((partition) => words(partition, member, now) ?? []);
  return partitions.length > 0 && stopped.length === partitions.length
    ? `no partition can be read: ${stoppedOnes(partitions, member, now)[0]}`
    : undefined;
}

/**
 * Why an owned partition is not counted now.
 *
 * @param now in ms, of the member's clock
 * @returns the words after "partition 3 of topic x "; undefined while it is read, and for what passes within seconds
 */
export function waitOf(partition: OwnedPartition, member: GroupMember, now: number): string | undefined {
  const stopped = words(partition, member, now);
  if (stopped !== undefined) return stopped;
  if (partition.standing.name === "loading") return "is loading its committed counts";
  if (!isSilent(partition, member, now)) return undefined;
  const broker = leaderOf(partition, member.surroundings.view) ?? -1;
  const reason = member.holdings.silenceOf(broker) ?? "no answer";
  return `has waited for broker ${broker} for ${seconds(now - partition.heardAt)} s: ${reason}`;
}

function isSilent(partition: OwnedPartition, member: GroupMember, now: number): boolean {
  if (leaderOf(partition, member.surroundings.view) === undefined) return false;
  return partition.standing.name !== "loading" && now - partition.heardAt > silentAfterMs;
}

function remarksOf(member: GroupMember, now: number): string[] {
  if (member.phase.name !== "counting") return [];
  const partitions = [...member.holdings.partitions];
  const absent = absentTopics(member);
  const noneExists = absent.filter(({ missing }) => missing).length === member.subscription.topics.length;
  const unowned = [...(member.neighbours.unowned ?? [])].filter(([, partitions]) => partitions > 0);

  return [
    ...(noneExists ? [] : absent).map(({ words }) => words),
    ...stoppedOnes(partitions, member, now),
    ...unowned.map(
      ([topic, n]) =>
        `${count(n)} of topic ${topic} ${n === 1 ? "is" : "are"} not owned by any member of the group ${member.settings.group}`,
    ),
  ];
}

/** One sentence for each reason why partitions of a topic are stopped. */
function stoppedOnes(partitions: readonly OwnedPartition[], member: GroupMember, now: number): string[] {
  const alike = new Map<string, string[]>();
  for (const partition of partitions) {
    const why = words(partition, member, now);
    if (why === undefined) continue;
    const sentence = `partition ${partition.partition} of topic ${partition.topic} ${why}`;
    const key = `${partition.topic} ${why}`;
    alike.set(key, [...(alike.get(key) ?? []), sentence]);
  }
  return [...alike.values()].map(([first = "", ...more]) =>
    more.length === 0 ? first : `${first} (and ${more.length} more)`,
  );
}

/** What stops a partition, whichever instance reads it; undefined when nothing does. */
function words(partition: OwnedPartition, member: GroupMember, now: number): string | undefined {
  const { topic, obstacle, answeredAt } = partition;
  const { view } = member.surroundings;
  // A missing topic is reported as such.
  if (view === undefined || !view.topics.has(topic)) return undefined;
  const passing = now - answeredAt < passingMs;
  if (leaderOf(partition, view) === undefined) return passing ? undefined : "has no leader";
  return obstacle?.kind === "failing" && passing ? undefined : obstacle?.words;
}

/** A configured topic that can't be read: it does not exist, or its state is unknown. */
interface Absence {
  readonly topic: string;
  readonly missing: boolean;
  readonly words: string;
}

/** The configured topics that can't be read, each with a sentence on why. */
export function absentTopics({ subscription: { topics }, surroundings: { view } }: GroupMember): Absence[] {
  return topics.flatMap((topic): Absence[] => {
    const trouble = view?.troubled.get(topic);
    if (trouble !== undefined) {
      const what = refused.has(trouble.code) ? "can't be accessed" : "can't be read";
      return [{ topic, missing: false, words: `topic ${topic} ${what}: ${trouble.message}` }];
    }
    if (!isMissing(topic, view)) return [];
    return [
      { topic, missing: true, words: `topic ${topic} does not exist; it will be read as soon as it does` },
    ];
  });
}

function inWords({ code, message }: Failure, group: string): string {
  switch (code) {
    case "unreachable":
    case "no_answer":
      return `no broker can be reached: ${message}`;
    case "login_refused":
      return `the login is rejected: ${message}`;
    case "foreign_group":
      return `the group ${group} has members of another program; use another group`;
    default:
      return `the broker returned an error: ${message}`;
  }
}

function count(partitions: number): string {
  return partitions === 1 ? "1 partition" : `${partitions} partitions`;
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}
