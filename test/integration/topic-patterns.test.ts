import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { countedOf, logEntries, receiptsOf, untilCounted } from "./counting.ts";
import {
  createTopic,
  type ExporterProcess,
  parseMetrics,
  produce,
  randomName,
  startExporter,
  waitFor,
  withAdmin,
} from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

describeWithBroker("topics by pattern", ({ brokers }) => {
  const ends: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  /** Starts an exporter of the topics that begin so, the cluster being asked each second. */
  async function exporterOf(prefix: string, group: string, entries = ""): Promise<ExporterProcess> {
    const folder = await mkdtemp(join(tmpdir(), "dlr-exporter-patterns-"));
    const config = join(folder, "dlr.yaml");
    const pattern = `^${prefix.replaceAll(".", "\\.")}\\..*$`;
    await writeFile(
      config,
      `brokers: ['${brokers.join("','")}']\ngroup: ${group}\nmetadata_interval_ms: 1000\n` +
        `commit_interval_ms: 500\nsession_timeout_ms: 6000\ntopics:\n${entries}` +
        `- {pattern: '${pattern}', provider: tencent}\n`,
    );
    const exporter = await startExporter(["--config", config, "--host", "127.0.0.1"]);
    ends.push(
      () => rm(folder, { recursive: true, force: true }),
      () => exporter.stop(),
    );
    return exporter;
  }

  async function readiness(exporter: ExporterProcess): Promise<string> {
    return (await exporter.get("/-/ready")).text();
  }

  /** The providers whose receipts of a topic are counted. */
  function providersOf(text: string, topic: string): string[] {
    const own = parseMetrics(text).filter(
      ({ name, labels, value }) => name === "dlr_receipts_total" && labels.topic === topic && value > 0,
    );
    return [...new Set(own.map(({ labels }) => labels.provider ?? ""))];
  }

  it("are taken up while it runs, from their first record, with the pattern's settings", async () => {
    const prefix = randomName("patterns");
    const [first, second, own, stranger] = ["a", "b", "own"]
      .map((end) => `${prefix}.${end}`)
      .concat(`my.${prefix}.a`) as [string, string, string, string];
    const exporter = await exporterOf(
      prefix,
      randomName("patterns"),
      `- {topic: ${own}, provider: infobip}\n`,
    );
    await waitFor(async () => (await readiness(exporter)).includes("none of the topics exists yet"), {
      what: "the reason",
    });
    for (const topic of [first, own, stranger]) {
      await createTopic(brokers, topic, 2);
      await produce(brokers, topic, receiptsOf("DELIVRD", 12));
    }
    await untilCounted(exporter, brokers, first);
    await untilCounted(exporter, brokers, own);
    await createTopic(brokers, second, 3);
    await produce(brokers, second, receiptsOf("DELIVRD", 30));
    expect((await untilCounted(exporter, brokers, second)).codes).toEqual({ DELIVRD: 30 });
    expect((await untilCounted(exporter, brokers, first)).codes).toEqual({ DELIVRD: 12 });
    const text = await exporter.metrics();
    expect([first, second, own].flatMap((topic) => providersOf(text, topic))).toEqual([
      "tencent",
      "tencent",
      "infobip",
    ]);
    expect(text).not.toContain(stranger);
    expect(text).not.toContain('topic="__');
    const page = await (await exporter.get("/")).text();
    expect(page).toContain(second);
  });

  it("are waited for where none matches yet", async () => {
    const prefix = randomName("patterns");
    const exporter = await exporterOf(prefix, randomName("patterns"));
    await waitFor(async () => (await readiness(exporter)).includes("waiting for topics that match"), {
      what: "the reason",
    });
    await createTopic(brokers, `${prefix}.a`, 1);
    await waitFor(async () => (await exporter.get("/-/ready")).status === 200, { what: "a topic" });
  });

  it("are shared out between members whose patterns differ, and given up when they are gone", async () => {
    const [mine, theirs] = [randomName("patterns"), randomName("patterns")];
    const group = randomName("patterns");
    const [one, other] = await Promise.all([exporterOf(mine, group), exporterOf(theirs, group)]);
    for (const topic of [`${mine}.a`, `${theirs}.a`]) {
      await createTopic(brokers, topic, 2);
      await produce(brokers, topic, receiptsOf("DELIVRD", 10));
    }
    await untilCounted(one, brokers, `${mine}.a`);
    await untilCounted(other, brokers, `${theirs}.a`);
    expect(countedOf(await one.metrics(), `${theirs}.a`).committed.size).toBe(0);
    await withAdmin(brokers, (admin) => admin.deleteTopics({ topics: [`${mine}.a`] }));
    await waitFor(async () => logEntries(one.log()).some(({ line }) => line.includes("topic deleted")), {
      what: "the end of the topic",
    });
    await waitFor(async () => !(await one.metrics()).includes(`topic="${mine}.a",partition=`), {
      what: "the page without it",
    });
    expect(countedOf(await other.metrics(), `${theirs}.a`).codes).toEqual({ DELIVRD: 10 });
  });
});
