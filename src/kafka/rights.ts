import type { Logger } from "pino";
import type { ClientSettings } from "./client.ts";
import { Cluster } from "./cluster.ts";
import { KafkaFailure } from "./failure.ts";
import type { Answer } from "./group/asks.ts";
import { nameOf } from "./login/login.ts";
import { MissingTopicError } from "./stretches.ts";

/** What these credentials were used for. */
export interface Asked {
  readonly topics: readonly string[];
  /** The temporary group; undefined before there is one. */
  readonly group: string | undefined;
  /** Prefix of such groups' names. */
  readonly groupPrefix: string;
}

/** How long the cluster may take to tell which right is missing, in ms; there already is an error to report. */
const sessionTimeoutMs = 10_000;

/**
 * Names the missing right where brokers hide it: a topic that a client may not see does not exist for it, and the
 * coordinator of a group that it may not use is not found.
 *
 * @returns an error with a sentence for the operator where a right is missing; else the original error
 */
export async function withMissingRights(
  error: unknown,
  client: ClientSettings,
  { topics, group, groupPrefix }: Asked,
  log: Logger,
): Promise<unknown> {
  if (!(error instanceof KafkaFailure)) return error;
  const who = nameOf(client.sasl);
  const unreadable = (names: readonly string[]) =>
    new KafkaFailure(
      "topic_unauthorized",
      `${who} has no access to the topic ${names.join(", ")}: grant READ on it`,
      { cause: error },
    );
  const unusable = () =>
    new KafkaFailure(
      "group_unauthorized",
      `${who} has no access to the group ${group}: grant READ and DELETE on groups with the prefix ${groupPrefix}, ` +
        "or choose another prefix with --group-prefix",
      { cause: error },
    );
  const { code } = error;
  if (code === "topic_unauthorized") return unreadable(topics);
  if (code === "group_unauthorized") return unusable();
  if (error instanceof MissingTopicError) {
    const hidden = await hiddenTopics(client, error.topics, log);
    return hidden.length === 0 ? error : unreadable(hidden);
  }
  if (code === "no_coordinator" && group !== undefined) {
    return (await isGroupRefused(client, group, log)) ? unusable() : error;
  }
  return error;
}

async function hiddenTopics(
  client: ClientSettings,
  topics: readonly string[],
  log: Logger,
): Promise<string[]> {
  const cluster = new Cluster(client, { group: "", sessionTimeoutMs }, log);
  const answer = (await cluster.perform({ kind: "metadata", topics, all: false })) as Answer<"metadata">;
  cluster.close();
  const troubled = answer.failure === undefined ? answer.result.troubled : undefined;
  return topics.filter((topic) => troubled?.get(topic)?.code === "topic_unauthorized");
}

async function isGroupRefused(client: ClientSettings, group: string, log: Logger): Promise<boolean> {
  const cluster = new Cluster(client, { group, sessionTimeoutMs }, log);
  const { failure } = await cluster.perform({ kind: "coordinator" });
  cluster.close();
  return failure?.code === "group_unauthorized";
}
