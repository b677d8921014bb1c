import { KafkaFailure } from "./failure.ts";

/**
 * Names the right that a reader lacks.
 *
 * @param user who reads, for people
 * @param topics those that it has no access to
 */
export function unreadable(user: string, topics: readonly string[]): KafkaFailure {
  const words = `${user} has no access to the topic ${topics.join(", ")}: grant READ on it`;
  return new KafkaFailure("topic_unauthorized", words);
}
