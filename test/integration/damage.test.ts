import { afterAll, beforeAll, expect, it } from "vitest";
import { countedOf, receiptOf, receiptsOf, runFlags, untilCounted } from "./counting.ts";
import {
  createTopic,
  type ExporterProcess,
  parseMetrics,
  produce,
  randomName,
  startExporter,
  waitFor,
} from "./harness.ts";
import { replayed, untilNow } from "./replaying.ts";
import { type Tampering, tamper } from "./tampering.ts";
import { describeWithBroker } from "./with-broker.ts";

describeWithBroker("a record batch that is damaged on its way", ({ brokers }) => {
  const topic = randomName("damage");
  const healthy = { value: receiptOf("DELIVRD"), partition: 1 };
  let damaging = true;
  let way: Tampering;
  let exporter: ExporterProcess;

  beforeAll(async () => {
    await createTopic(brokers, topic, 2);
    const send = (receipts: readonly string[]) =>
      produce(
        brokers,
        topic,
        receipts.map((value) => ({ value, partition: 0 })),
      );
    await send(receiptsOf("12", 10));
    await send(receiptsOf("XL:206", 5));
    await send(receiptsOf("024", 3));
    way = await tamper(brokers[0] ?? "", (body) => {
      const at = damaging ? body.indexOf("XL:206") : -1;
      if (at !== -1) body.write("XL:207", at);
    });
    exporter = await startExporter(runFlags([way.address], [topic]));
  });

  afterAll(async () => {
    await exporter?.stop();
    way?.close();
  });

  it("is not counted, is said, and holds up nothing but its partition", async () => {
    await waitFor(() => exporter.log().includes("records can't be read; retrying"), {
      what: "the damage",
    });
    await produce(brokers, topic, [healthy, healthy]);
    await waitFor(async () => countedOf(await exporter.metrics(), topic).committed.get("1") === 2, {
      what: "the other partition",
    });
    const { codes, committed } = countedOf(await exporter.metrics(), topic);
    expect({ codes, committed: committed.get("0") }).toEqual({
      codes: { "12": 10, DELIVRD: 2 },
      committed: 10,
    });
    const ready = await exporter.get("/-/ready");
    const damage = "the record batch at offset 10 is damaged: checksum mismatch";
    const remark = `partition 0 of topic ${topic} can't be read: ${damage}`;
    expect([ready.status, await ready.text()]).toEqual([200, `ready\n${remark}\n`]);
    const unreadable = parseMetrics(await exporter.metrics()).filter(
      ({ name, labels }) => name === "dlr_unreadable_fetches_total" && labels.topic === topic,
    );
    const counts = unreadable.map(({ labels, value }) => [labels.partition, value > 0]).sort();
    expect(counts).toEqual([
      ["0", true],
      ["1", false],
    ]);
  });

  it("ends a replay, which says where", async () => {
    const { code, stderr } = await replayed("--brokers", way.address, "--topic", topic, ...untilNow());
    expect(code).toBe(1);
    expect(stderr).toContain(
      `partition 0 of topic ${topic} can't be read: the record batch at offset 10 is damaged`,
    );
  });

  it("is counted once it arrives whole", async () => {
    damaging = false;
    const { codes } = await untilCounted(exporter, brokers, topic);
    expect(codes).toEqual({ "12": 10, "XL:206": 5, "024": 3, DELIVRD: 2 });
    await waitFor(async () => (await (await exporter.get("/-/ready")).text()) === "ready\n", {
      what: "readiness",
    });
  });
});
