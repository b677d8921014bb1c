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
  waitFor,
} from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

async function readyText(exporter: ExporterProcess): Promise<string> {
  return (await exporter.get("/-/ready")).text();
}

describeWithBroker("several members of one group", ({ brokers }) => {
  it("that have different topics, as two deployments under the default group, count all of them", async () => {
    const [a, b, group] = [randomName("a"), randomName("b"), randomName("shared")];
    for (const topic of [a, b]) {
      await createTopic(brokers, topic, 2);
      await produce(
        brokers,
        topic,
        receiptsOf("12", 2).map((value, partition) => ({ value, partition })),
      );
    }
    const first = await startExporter(runFlags(brokers, [a], group));
    await untilCounted(first, brokers, a);
    const second = await startExporter(runFlags(brokers, [b], group));
    try {
      expect((await untilCounted(second, brokers, b)).codes).toEqual({ "12": 2 });
      await produce(brokers, a, receiptsOf("024", 6));
      expect((await untilCounted(first, brokers, a)).codes).toEqual({ "12": 2, "024": 6 });
      for (const exporter of [first, second]) expect(await readyText(exporter)).toBe("ready\n");
    } finally {
      await Promise.all([first.stop(), second.stop()]);
    }
  });

  it("that an older version leads, which shares out its own topics alone: says what nobody owns", async () => {
    const [a, b, group] = [randomName("a"), randomName("b"), randomName("led")];
    await createTopic(brokers, a, 1);
    await createTopic(brokers, b, 3);
    const leader = connect(brokers).consumer({ groupId: group, sessionTimeout: 60_000 });
    await leader.connect();
    await leader.subscribe({ topic: a });
    const joined = new Promise((resolve) => leader.on(leader.events.GROUP_JOIN, resolve));
    await leader.run({ eachMessage: async () => {} });
    await joined;
    const exporter = await startExporter(runFlags(brokers, [b], group));
    try {
      await waitFor(
        async () =>
          (await readyText(exporter)).includes(`3 partitions of topic ${b} are not owned by any member`),
        {
          what: "what nobody owns to be said",
        },
      );
      expect(parseMetrics(await exporter.metrics())).toContainEqual(
        expect.objectContaining({ name: "dlr_unowned_partitions", labels: { topic: b }, value: 3 }),
      );
      expect(exporter.log()).toContain("no member of the group owns these partitions");
      await leader.disconnect();
      await produce(brokers, b, receiptsOf("12", 2));
      expect((await untilCounted(exporter, brokers, b)).codes).toEqual({ "12": 2 });
    } finally {
      await leader.disconnect();
      await exporter.stop();
    }
  });

  it("of another program and protocol: says so, waits, and counts when they are gone", async () => {
    const [topic, group] = [randomName("foreign"), randomName("foreign")];
    await createTopic(brokers, topic, 1);
    const stranger = connect(brokers).consumer({
      groupId: group,
      partitionAssigners: [
        () => ({
          name: "range",
          version: 0,
          assign: async () => [],
          protocol: () => ({ name: "range", metadata: Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0]) }),
        }),
      ],
    });
    await stranger.connect();
    await stranger.subscribe({ topic });
    const joined = new Promise((resolve) => stranger.on(stranger.events.GROUP_JOIN, resolve));
    await stranger.run({ eachMessage: async () => {} });
    await joined;
    const exporter = await startExporter(runFlags(brokers, [topic], group));
    try {
      const sentence = `not ready: the group ${group} has members of another program; use another group\n`;
      await waitFor(async () => (await readyText(exporter)) === sentence, { what: sentence });
      await stranger.disconnect();
      await produce(brokers, topic, receiptsOf("12", 2));
      expect((await untilCounted(exporter, brokers, topic)).codes).toEqual({ "12": 2 });
    } finally {
      await exporter.stop();
    }
  });
});
