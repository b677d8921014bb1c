import { pino } from "pino";
import { createKafka } from "../kafka/client.ts";

/** A topic of our own on a broker, and a producer for it. */
export interface DemoTopic {
  readonly name: string;
  /** The consumer group that is to read it, so that it can be removed too. */
  readonly group: string;
  /** Sends record values and waits until the broker has them. */
  produce(values: readonly string[]): Promise<void>;
  /** Deletes the topic, and the group once its members have left. */
  remove(): Promise<void>;
  close(): Promise<void>;
}

/** Creates a topic with a random name and connects a producer. */
export async function createDemoTopic(brokers: readonly string[], partitions: number): Promise<DemoTopic> {
  const name = `dlr.demo.${Math.random().toString(36).slice(2, 10)}`;
  const group = `${name}.exporter`;
  const settings = { brokers, clientId: "dlr-exporter-demo", ssl: undefined, sasl: undefined };
  const kafka = createKafka(settings, pino({ level: "silent" }));
  const admin = kafka.admin();
  const producer = kafka.producer();
  await Promise.all([admin.connect(), producer.connect()]);
  await admin.createTopics({ topics: [{ topic: name, numPartitions: partitions, replicationFactor: 1 }] });
  return {
    name,
    group,
    produce: async (values) => {
      if (values.length === 0) return;
      await producer.send({ topic: name, messages: values.map((value) => ({ value })) });
    },
    remove: async () => {
      await admin.deleteGroups([group]);
      await admin.deleteTopics({ topics: [name] });
    },
    close: async () => {
      await Promise.all([admin.disconnect(), producer.disconnect()]);
    },
  };
}
