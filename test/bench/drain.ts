import kafkajs from "kafkajs";
import { registerCodecs } from "../../src/kafka/wire/codecs.ts";

// The yardstick: kafkajs as it comes reads a topic and does nothing with it. Arguments: brokers, topic, group,
// records to read. It prints how many it has read.
const [brokers = "", topic = "", group = "", records = ""] = process.argv.slice(2);

registerCodecs();
const kafka = new kafkajs.Kafka({ brokers: brokers.split(","), logLevel: kafkajs.logLevel.NOTHING });
const consumer = kafka.consumer({ groupId: group });
const done = Promise.withResolvers<void>();
let read = 0;
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
await consumer.run({
  eachBatch: async ({ batch }) => {
    read += batch.messages.length;
    if (read >= Number(records)) done.resolve();
  },
});
await done.promise;
await consumer.disconnect();
process.stdout.write(`${read}\n`);
