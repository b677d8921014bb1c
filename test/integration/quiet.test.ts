import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { receiptsOf, runFlags, untilCounted } from "./counting.ts";
import {
  connect,
  createTopic,
  type ExporterProcess,
  parseMetrics,
  produce,
  randomName,
  startExporter,
  sumBy,
  waitFor,
  withAdmin,
} from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

const { CompressionTypes } = createRequire(import.meta.url)("kafkajs") as typeof import("kafkajs");

async function sumOf(exporter: ExporterProcess, name: string): Promise<number | undefined> {
  return sumBy(parseMetrics(await exporter.metrics()), name, () => "all").get("all");
}

/** Waits until what a scrape has seen is committed, though no record ever came. */
async function untilSeen(
  exporter: ExporterProcess,
  brokers: readonly string[],
  topic: string,
): Promise<void> {
  await waitFor(
    async () => {
      await exporter.metrics();
      const [found] = await withAdmin(brokers, (admin) =>
        admin.fetchOffsets({ groupId: topic, topics: [topic] }),
      );
      return found?.partitions.every(({ metadata }) => metadata?.startsWith("dlr2:")) === true;
    },
    { what: "the zeros to be committed" },
  );
  expect(await (await exporter.get("/-/ready")).text()).toBe("ready\n");
}

describeWithBroker("a topic in which nothing happens", ({ brokers }) => {
  it("is ready, and what a scrape has seen of it is committed", async () => {
    const topic = randomName("empty");
    await createTopic(brokers, topic, 2);
    const exporter = await startExporter(runFlags(brokers, [topic]));
    try {
      await untilSeen(exporter, brokers, topic);
      expect(await sumOf(exporter, "dlr_consumer_lag_records")).toBe(0);
    } finally {
      await exporter.stop();
    }
  });

  it("is ready at the end of a log that was counted before, and after its offsets were moved there by hand", async () => {
    const topic = randomName("idle");
    await createTopic(brokers, topic, 1);
    await produce(brokers, topic, receiptsOf("12", 3));
    await withAdmin(brokers, (admin) =>
      admin.setOffsets({ groupId: topic, topic, partitions: [{ partition: 0, offset: "3" }] }),
    );
    for (let life = 0; life < 2; life++) {
      const exporter = await startExporter(runFlags(brokers, [topic]));
      await untilSeen(exporter, brokers, topic);
      expect(await exporter.stop()).toBe(0);
    }
  });

  it("behind an open transaction: shows what waits, and is ready", async () => {
    const topic = randomName("open");
    await createTopic(brokers, topic, 1);
    const exporter = await startExporter(runFlags(brokers, [topic]));
    const producer = connect(brokers).producer({
      transactionalId: topic,
      // the longest that the broker allows: it must stay open
      transactionTimeout: 900_000,
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await producer.connect();
    try {
      const transaction = await producer.transaction();
      await transaction.send({
        topic,
        compression: CompressionTypes.None,
        messages: receiptsOf("12", 1).map((value) => ({ value })),
      });
      await produce(brokers, topic, receiptsOf("024", 7));
      await untilSeen(exporter, brokers, topic);
      await waitFor(async () => (await sumOf(exporter, "dlr_consumer_lag_records")) === 8, {
        what: "a lag of 8",
      });
      await transaction.abort();
      // The transaction's marker is written after the broker has answered.
      await waitFor(
        async () => (await withAdmin(brokers, (admin) => admin.fetchTopicOffsets(topic)))[0]?.high === "9",
        { what: "the end of the transaction" },
      );
      const { codes, skipped } = await untilCounted(exporter, brokers, topic);
      expect({ codes, skipped }).toEqual({ codes: { "024": 7 }, skipped: 2 });
      await waitFor(async () => (await sumOf(exporter, "dlr_consumer_lag_records")) === 0, {
        what: "no lag",
      });
    } finally {
      await producer.disconnect();
      await exporter.stop();
    }
  });
});
