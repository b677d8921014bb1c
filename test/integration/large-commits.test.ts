import { randomBytes } from "node:crypto";
import { ConfigResourceTypes } from "kafkajs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { countedOf, receiptOf, runFlags } from "./counting.ts";
import { createTopic, produce, randomName, startExporter, waitFor, withAdmin } from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

const partitions = 24;
const codes = 45;

describeWithBroker("more snapshots than a broker takes in one commit", ({ brokers }) => {
  const topic = randomName("large");

  /** What the broker writes of one commit is one batch of this topic: 1 MiB at most, unless set. */
  const takeAtMost = (bytes: number) =>
    withAdmin(brokers, (admin) =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [
          {
            type: ConfigResourceTypes.TOPIC,
            name: "__consumer_offsets",
            configEntries: [
              { name: "max.message.bytes", value: String(bytes) },
              { name: "cleanup.policy", value: "compact" },
            ],
          },
        ],
      }),
    );

  beforeAll(async () => {
    await createTopic(brokers, topic, partitions);
    // Asked for by the first that looks for a group's coordinator.
    await withAdmin(brokers, (admin) => admin.fetchOffsets({ groupId: topic, topics: [topic] }));
    // Codes that no compression makes short, and that don't look like a number.
    const letters = () =>
      Array.from(randomBytes(60), (byte) => String.fromCharCode(65 + (byte % 26))).join("");
    const value = () => receiptOf(letters());
    await produce(
      brokers,
      topic,
      Array.from({ length: partitions * codes }, (_, n) => ({ partition: n % partitions, value: value() })),
    );
  });

  afterAll(() => takeAtMost(1_048_588));

  it("are committed in several, and kept over a restart", async () => {
    await takeAtMost(32_768);
    for (let life = 0; life < 2; life++) {
      const exporter = await startExporter(runFlags(brokers, [topic]));
      let page = "";
      await waitFor(
        async () => {
          page = await exporter.metrics();
          const { codes: counted } = countedOf(page, topic);
          return Object.values(counted).reduce((sum, n) => sum + n, 0) === partitions * codes;
        },
        { what: "all partitions to be committed" },
      );
      const sizes = [...page.matchAll(/^dlr_checkpoint_bytes\{.*\} (\d+)/gm)].map(([, bytes]) =>
        Number(bytes),
      );
      if (life === 0) expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBeGreaterThan(32_768);
      expect(await exporter.stop()).toBe(0);
    }
  });
});
