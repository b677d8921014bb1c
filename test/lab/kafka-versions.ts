/** A version of Kafka that the tests can run on; see {@link kafkaVersions}. */
export interface KafkaVersion {
  /** As people say it. */
  readonly name: string;
  /** What Maven and the Docker image call it. */
  readonly release: string;
  /** What keeps the cluster's metadata: a ZooKeeper beside the broker, or the broker itself. */
  readonly metadata: "zookeeper" | "kraft";
  /** The artifact that holds the command line tools: the server's own, or the one that came with Kafka 4. */
  readonly tools: "kafka_2.13" | "kafka-tools";
  /**
   * Whether all of the secure listeners can be opened as brokerProperties has them. PEM certificates came with
   * Kafka 2.7, SCRAM users in KRaft with 3.5.
   */
  readonly secure: boolean;
}

/**
 * Every version that is tried, the oldest first. The list of docs/operations.md is held to it.
 * 2.6 still has ZooKeeper, 3.3 is the first whose KRaft is for production, 3.9 the last that still answers the
 * requests of old clients, and the newest is the one that demo and tests take when nothing else is asked for.
 */
export const kafkaVersions: readonly [KafkaVersion, ...KafkaVersion[]] = [
  { name: "2.6", release: "2.6.3", metadata: "zookeeper", tools: "kafka_2.13", secure: false },
  { name: "3.3", release: "3.3.2", metadata: "kraft", tools: "kafka_2.13", secure: false },
  { name: "3.9", release: "3.9.2", metadata: "kraft", tools: "kafka_2.13", secure: true },
  { name: "4.3", release: "4.3.1", metadata: "kraft", tools: "kafka-tools", secure: true },
];

export const oldestKafka: KafkaVersion = kafkaVersions[0];
export const newestKafka: KafkaVersion = kafkaVersions.at(-1) ?? oldestKafka;

/**
 * Finds a version.
 *
 * @param word its name, its release, `oldest` or `newest`
 * @throws Error that lists what there is
 */
export function kafkaVersion(word: string): KafkaVersion {
  if (word === "oldest") return oldestKafka;
  if (word === "newest") return newestKafka;
  const found = kafkaVersions.find(({ name, release }) => word === name || word === release);
  if (found !== undefined) return found;
  const known = kafkaVersions.map(({ release }) => release).join(", ");
  throw new Error(`there is no Kafka ${word} to start: choose one of ${known}, oldest, newest`);
}

/**
 * The version that `KAFKA_VERSION` asks for: it is then run from its Maven artifacts.
 *
 * @returns undefined when it is not set, and any broker will do
 * @throws Error when there is no such version
 */
export function demandedKafka(): KafkaVersion | undefined {
  const word = process.env.KAFKA_VERSION ?? "";
  return word === "" ? undefined : kafkaVersion(word);
}
