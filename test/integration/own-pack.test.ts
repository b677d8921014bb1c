import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Report } from "../../src/replay/report/report.ts";
import { smallPack, smallShapes } from "../codes/small-pack.ts";
import { type TemporaryFolder, temporaryFolder } from "../lab/guarded.ts";
import { countedOf, receiptOf, runFlags } from "./counting.ts";
import { createTopic, parseMetrics, produce, randomName, startExporter, sumBy, waitFor } from "./harness.ts";
import { replayed, untilNow } from "./replaying.ts";
import { describeWithBroker } from "./with-broker.ts";

const records = [
  receiptOf("X1"),
  '{"nimbus_id":"1","nimbus_error":"0","nimbus_code":"DB:0144","nimbus_state":"fail"}',
  '{"nimbus_id":"2","nimbus_error":"","nimbus_code":"OK","nimbus_state":"success"}',
  '{"nimbus_id":"3","nimbus_error":"07","nimbus_code":"","nimbus_state":"fail"}',
];
const nimbus = { "07 blacklist": 1, "DB:0144 blacklist": 1, "OK delivered": 1 };

describeWithBroker("the pack of a provider that does not exist", ({ brokers }) => {
  let folder: TemporaryFolder;
  beforeAll(async () => {
    folder = await temporaryFolder("dlr-exporter-own-pack-");
    await writeFile(join(folder.path, "nimbus.yaml"), `${smallPack}${smallShapes}`);
  });
  afterAll(() => folder?.remove());

  /** A topic with each record twice, one in each of two partitions, and the file that configures it. */
  async function topicWith(formats: string): Promise<{ topic: string; config: string }> {
    const topic = randomName("own-pack");
    await createTopic(brokers, topic, 2);
    const messages = [0, 1].flatMap((partition) => records.map((value) => ({ value, partition })));
    await produce(brokers, topic, messages);
    const config = join(folder.path, `${topic}.yaml`);
    await writeFile(config, `code_maps: [nimbus.yaml]\ntopics: [{ topic: ${topic}, ${formats} }]\n`);
    return { topic, config };
  }

  const twice = (counts: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(counts).map(([key, count]) => [key, 2 * count]));

  it("is counted beside the packaged ones", async () => {
    const { topic, config } = await topicWith("format: auto");
    const exporter = await startExporter(["--config", config, ...runFlags(brokers, [topic])]);
    try {
      const isCounted = async () => {
        const { committed } = countedOf(await exporter.metrics(), topic);
        return ["0", "1"].every((partition) => committed.get(partition) === records.length);
      };
      await waitFor(isCounted, { what: `${topic} to be counted` });
      const sums = sumBy(parseMetrics(await exporter.metrics()), "dlr_receipts_total", (own) =>
        own.provider === "nimbus" ? `${own.code} ${own.category}` : "others",
      );
      expect(Object.fromEntries([...sums].filter(([, count]) => count > 0))).toEqual(
        twice({ ...nimbus, others: 1 }),
      );
    } finally {
      await exporter.stop();
    }
  });

  it("is read by the threads of a replay", async () => {
    const { topic, config } = await topicWith("formats: [nimbus-sms]");
    const args = ["--config", config, "--brokers", brokers.join(","), "--topic", topic];
    const more = [...untilNow(), "--quiet", "--workers", "2", "--report", "json"];
    const { code, stdout, stderr } = await replayed(...args, ...more);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as Report;
    const counts = report.counts.map((own) => [`${own.code} ${own.category}`, own.count]);
    expect(Object.fromEntries(counts)).toEqual(twice(nimbus));
    expect(report.malformed).toEqual({ not_a_receipt: 2 });
  });
});
