import { setTimeout as sleep } from "node:timers/promises";
import kafkajs from "kafkajs";
import { repairKafkajs } from "../kafka/wire/repairs.ts";
import { type Stream, ticksPerSecond } from "./stream.ts";

/** A topic on a broker, and a producer for it. */
export interface Topic {
  readonly name: string;
  /** Sends record values and waits for the broker's acknowledgement. */
  produce(values: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** A temporary topic. */
export interface DemoTopic extends Topic {
  /** The consumer group that reads it, so that it can be deleted too. */
  readonly group: string;
  /** Deletes the topic, and the group once its members have left. */
  remove(): Promise<void>;
}

/**
 * Sends a stream in real time.
 *
 * @param seconds how long; undefined continues until `stop`
 * @throws the reason of `stop`
 */
export async function produceLive(
  stream: Stream,
  topic: Topic,
  seconds: number | undefined,
  stop: AbortSignal,
): Promise<void> {
  const start = Date.now();
  const ticks = (seconds ?? Number.POSITIVE_INFINITY) * ticksPerSecond;
  for (let tick = 1; tick <= ticks; tick++) {
    await topic.produce(stream.tick(Date.now()));
    await sleep(Math.max(0, start + (tick * 1000) / ticksPerSecond - Date.now()), undefined, {
      signal: stop,
    });
  }
}

/** Connects a producer to an existing topic. @throws Error when it does not exist */
export async function openTopic(brokers: readonly string[], name: string): Promise<Topic> {
  const { admin, topic } = await connect(brokers, name);
  if ((await admin.listTopics()).includes(name)) return topic;
  await topic.close();
  throw new Error(`topic ${name} does not exist at ${brokers.join(", ")}`);
}

/** Creates a topic with a random name and connects a producer. */
export async function createDemoTopic(brokers: readonly string[], partitions: number): Promise<DemoTopic> {
  const name = `dlr.demo.${Math.random().toString(36).slice(2, 10)}`;
  const group = `${name}.exporter`;
  const { admin, topic } = await connect(brokers, name);
  await admin.createTopics({ topics: [{ topic: name, numPartitions: partitions, replicationFactor: 1 }] });
  return {
    ...topic,
    group,
    remove: async () => {
      await admin.deleteGroups([group]);
      await admin.deleteTopics({ topics: [name] });
    },
  };
}

async function connect(brokers: readonly string[], name: string) {
  repairKafkajs();
  const logLevel = kafkajs.logLevel.NOTHING;
  const kafka = new kafkajs.Kafka({ clientId: "dlr-exporter-demo", brokers: [...brokers], logLevel });
  const admin = kafka.admin();
  const producer = kafka.producer();
  await Promise.all([admin.connect(), producer.connect()]);
  const topic: Topic = {
    name,
    produce: async (values) => {
      if (values.length === 0) return;
      await producer.send({ topic: name, messages: values.map((value) => ({ value })) });
    },
    close: async () => {
      await Promise.all([admin.disconnect(), producer.disconnect()]);
    },
  };
  return { admin, topic };
}
