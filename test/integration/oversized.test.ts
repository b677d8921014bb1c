import kafkajs from "kafkajs";
import { expect, it } from "vitest";
import { largestBatch, largestValue } from "../../src/bounds.ts";
import { receiptOf, runFlags, untilCounted } from "./counting.ts";
import { connectProducer, createTopic, randomName, startExporter } from "./harness.ts";
import { replayed, untilNow } from "./replaying.ts";
import { describeWithBroker } from "./with-broker.ts";

const { CompressionTypes } = kafkajs;

describeWithBroker("what unpacks to more than memory holds", ({ brokers }) => {
  it("is counted as too large and passed, live and replayed", async () => {
    const topic = randomName("oversized");
    await createTopic(brokers, topic, 1);
    const producer = await connectProducer(brokers);
    const send = (compression: number, ...values: (string | Buffer)[]) =>
      producer.send({ topic, compression, messages: values.map((value) => ({ value })) });
    await send(CompressionTypes.None, receiptOf("006"));
    // a few KB on the wire, which is all that a broker looks at
    await send(CompressionTypes.ZSTD, receiptOf("012"), Buffer.alloc(largestBatch));
    await send(CompressionTypes.GZIP, receiptOf("006"), Buffer.alloc(largestValue + 1));
    await send(CompressionTypes.None, receiptOf("012"));
    await producer.disconnect();

    const exporter = await startExporter(runFlags(brokers, [topic]));
    const counted = await untilCounted(exporter, brokers, topic).finally(() => exporter.stop());
    expect(counted).toMatchObject({
      codes: { "006": 2, "012": 1 },
      malformed: { too_large: 2 },
      skipped: 1,
    });

    const replay = await replayed(
      "--brokers",
      brokers.join(","),
      "--topic",
      topic,
      ...untilNow(),
      "--report",
      "json",
    );
    expect(JSON.parse(replay.stdout)).toMatchObject({ malformed: { too_large: 2 } });
  });
});
