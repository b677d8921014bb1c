import type { Logger } from "pino";
import type { ClientSettings } from "./client.ts";
import { Cluster, inNoGroup } from "./cluster.ts";
import { KafkaFailure } from "./failure.ts";
import type { Answer } from "./group/asks.ts";
import { nameOf } from "./login/login.ts";
import { MissingTopicError } from "./stretches.ts";

/**
 * Names the missing right where brokers hide it: a topic that a client may not see does not exist for it.
 *
 * @param topics those that were to be read
 * @returns an error with a sentence for the operator where a right is missing; else the original error
 */
export async function withMissingRights(
  error: unknown,
  client: ClientSettings,
  topics: readonly string[],
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
  if (error.code === "topic_unauthorized") return unreadable(topics);
  if (!(error instanceof MissingTopicError)) return error;
  const hidden = await hiddenTopics(client, error.topics, log);
  return hidden.length === 0 ? error : unreadable(hidden);
}

async function hiddenTopics(
  client: ClientSettings,
  topics: readonly string[],
  log: Logger,
): Promise<string[]> {
  const cluster = new Cluster(client, inNoGroup, log);
  const answer = (await cluster.perform({ kind: "metadata", topics, all: false })) as Answer<"metadata">;
  cluster.close();
  const troubled = answer.failure === undefined ? answer.result.troubled : undefined;
  return topics.filter((topic) => troubled?.get(topic)?.code === "topic_unauthorized");
}
