import { expect, it } from "vitest";
import { runFlags, timedReceiptOf, untilCounted } from "./counting.ts";
import {
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

/** How many receipts the process has read itself, committed or not. */
async function observed(exporter: ExporterProcess): Promise<number> {
  return (
    sumBy(parseMetrics(await exporter.metrics()), "dlr_delivery_delay_seconds_count", () => "").get("") ?? 0
  );
}

describeWithBroker("a signal to end", ({ brokers }) => {
  it.each([{ name: "SIGTERM" }, { name: "SIGINT" }] as const)(
    "$name: commits what was counted and ends with 0, before its time is over",
    async ({ name }) => {
      const topic = randomName("signals");
      await createTopic(brokers, topic, 2);
      await produce(
        brokers,
        topic,
        Array.from({ length: 1000 }, () => timedReceiptOf("12")),
      );
      // of itself it would commit in ten minutes
      const flags = [...runFlags(brokers, [topic]), "--commit-interval", "600000"];
      const exporter = await startExporter(flags);
      await waitFor(async () => (await observed(exporter)) === 1000, { what: "all records to be read" });

      process.kill(exporter.pid, name);
      expect(await exporter.ended, exporter.log()).toBe(0);
      expect(exporter.log()).not.toContain("cut short");
      expect(await committedOffset(brokers, topic)).toBe(1000);

      const next = await startExporter(flags);
      expect((await untilCounted(next, brokers, topic)).codes).toEqual({ "12": 1000 });
      expect(await observed(next)).toBe(0);
      await next.stop();
    },
  );

  it("warns of what Node.js warns of, and not of the Kafka client's timeouts", async () => {
    const topic = randomName("warnings");
    await createTopic(brokers, topic, 1);
    await produce(brokers, topic, [timedReceiptOf("12")]);
    const warn = `data:text/javascript,${encodeURIComponent('process.emitWarning("the disk is old")')}`;
    const exporter = await startExporter(runFlags(brokers, [topic]), { NODE_OPTIONS: `--import=${warn}` });
    await untilCounted(exporter, brokers, topic);
    await exporter.stop();
    expect(exporter.log()).toContain("Warning: the disk is old");
    expect(exporter.log()).not.toContain("TimeoutNegativeWarning");
  });
});

/** The sum of the group's committed offsets of a topic that has its name. */
async function committedOffset(brokers: readonly string[], topic: string): Promise<number> {
  const [offsets] = await withAdmin(brokers, (admin) =>
    admin.fetchOffsets({ groupId: topic, topics: [topic] }),
  );
  return offsets?.partitions.reduce((sum, { offset }) => sum + Number(offset), 0) ?? 0;
}
