import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { shippedMap } from "../codes/shipped-map.ts";
import {
  type Counted,
  commitAs,
  logEntries,
  receiptOf,
  receiptsOf,
  runFlags,
  untilCounted,
} from "./counting.ts";
import {
  createTopic,
  type ExporterProcess,
  parseMetrics,
  produce,
  randomName,
  startExporter,
  sumBy,
  withAdmin,
} from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

describeWithBroker("what the group has committed", ({ brokers }) => {
  /** Starts an exporter that counts `topic` in the group of the same name, and ends it when `work` is done. */
  async function exporting<T>(
    topic: string,
    work: (exporter: ExporterProcess) => Promise<T>,
    config?: string,
  ): Promise<T> {
    const flags = config === undefined ? [] : ["--config", config];
    const exporter = await startExporter([...runFlags(brokers, [topic]), ...flags]);
    try {
      return await work(exporter);
    } finally {
      expect(await exporter.stop()).toBe(0);
    }
  }

  const committed = (topic: string) =>
    withAdmin(brokers, async (admin) => {
      const [offsets] = await admin.fetchOffsets({ groupId: topic, topics: [topic] });
      return offsets?.partitions;
    });

  describe("moved by hand", () => {
    const topic = randomName("moved");
    const resets = [
      { name: "to the start", offset: "0", first: 0, codes: { "12": 6, "024": 4 } },
      { name: "to an offset in the middle", offset: "5", first: 5, codes: { "12": 1, "024": 4 } },
    ];

    beforeAll(async () => {
      await createTopic(brokers, topic, 1);
      await produce(brokers, topic, [...receiptsOf("12", 6), ...receiptsOf("024", 4)]);
      await exporting(topic, (exporter) => untilCounted(exporter, brokers, topic));
    });

    it.each(resets)("$name: counts from 0 from there, and says why", async ({ offset, first, codes }) => {
      await commitAs(brokers, topic, offset, "");
      await exporting(topic, async (exporter) => {
        expect((await untilCounted(exporter, brokers, topic, { 0: first })).codes).toEqual(codes);
        expect(logEntries(exporter.log())).toContainEqual(
          expect.objectContaining({ level: 40, msg: expect.stringContaining("reset by a tool") }),
        );
      });
    });
  });

  it("with another program's metadata is not overwritten: ends with 1 and says what to do", async () => {
    const topic = randomName("foreign");
    await createTopic(brokers, topic, 1);
    await produce(brokers, topic, receiptsOf("12", 3));
    await commitAs(brokers, topic, "2", "checkpoint 2");
    const before = await committed(topic);
    expect(before).toEqual([{ partition: 0, offset: "2", metadata: "checkpoint 2" }]);

    const exporter = await startExporter(runFlags(brokers, [topic]));
    expect(await exporter.ended).toBe(1);
    const fatal = logEntries(exporter.log()).filter(({ level }) => level === 60);
    expect(fatal).toHaveLength(1);
    expect(fatal[0]?.line).toContain(
      `the counts committed for partition 0 of topic ${topic} can't be read: it was written by another program. ` +
        "Use another group, or reset the offsets of this one (which clears its counts) and restart",
    );
    expect(await committed(topic)).toEqual(before);
  });

  describe("within a limit", () => {
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "dlr-limits-"));
    });

    afterAll(() => rm(folder, { recursive: true }));

    async function config(settings: Record<string, number>): Promise<string> {
      const file = join(folder, `${randomName("config")}.yaml`);
      await writeFile(file, stringify(settings));
      return file;
    }

    /** A topic with three receipts of a listed code, and `count` unlisted codes of which code i comes i % 3 + 1 times. */
    async function unlisted(count: number): Promise<{ topic: string; total: number }> {
      const topic = randomName("limit");
      await createTopic(brokers, topic, 1);
      const codes = Array.from({ length: count }, (_, i) => `${randomName("X")}.${i}`);
      const records = [...receiptsOf("12", 3), ...codes.flatMap((code, i) => receiptsOf(code, (i % 3) + 1))];
      await produce(brokers, topic, records);
      return { topic, total: records.length };
    }

    function expectMerged({ codes }: Counted, total: number): void {
      expect(codes["12"]).toBe(3);
      expect(codes._other).toBeGreaterThan(0);
      expect(Object.values(codes).reduce((sum, count) => sum + count, 0)).toBe(total);
    }

    it("that is small, merges the rarest unlisted codes, every receipt kept over a restart", async () => {
      const { topic, total } = await unlisted(40);
      const small = await config({ metadata_limit: 256 });
      const count = (exporter: ExporterProcess) => untilCounted(exporter, brokers, topic);
      const before = await exporting(topic, count, small);
      expectMerged(before, total);
      expect((await committed(topic))?.[0]?.metadata?.length).toBeLessThanOrEqual(256);
      expect(await exporting(topic, count, small)).toEqual(before);
    });

    it("of the broker that is lower than the configured one, is found, counted and kept", async () => {
      // more than 5000 bytes, where the broker takes 4096
      const { topic, total } = await unlisted(600);
      const high = await config({ metadata_limit: 8192, unknown_codes: 1000 });
      await exporting(
        topic,
        async (exporter) => {
          expectMerged(await untilCounted(exporter, brokers, topic), total);
          expect(failures(await exporter.metrics(), "too_large")).toBe(1);
          expect(exporter.log()).toContain("the broker's offset.metadata.max.bytes is below metadata_limit");
        },
        high,
      );
    });

    it("that the listed codes alone exceed, folds those too, every total by category kept over a restart", async () => {
      const topic = randomName("outgrown");
      await createTopic(brokers, topic, 1);
      const { map } = await shippedMap();
      const records = map.tables.flatMap(({ scope, api, entries }) =>
        entries.flatMap(({ code }, i) => {
          const value = api === undefined ? receiptOf(code) : answerOf(api, code);
          return scope === "voice_receipt" ? [] : Array.from({ length: i * 7 + 1 }, () => value);
        }),
      );
      await produce(brokers, topic, records);
      const tight = await config({ metadata_limit: 320 });
      const lives: Map<string, number>[] = [];
      for (let life = 0; life < 2; life++) {
        await exporting(
          topic,
          async (exporter) => {
            await untilCounted(exporter, brokers, topic);
            const samples = parseMetrics(await exporter.metrics());
            lives.push(sumBy(samples, "dlr_receipts_total", ({ category = "" }) => category));
            expect(sumBy(samples, "dlr_folded_codes", () => "").get("")).toBeGreaterThan(0);
          },
          tight,
        );
      }
      const [first = new Map(), second] = lives;
      expect(second).toEqual(first);
      expect([...first.values()].reduce((sum, count) => sum + count, 0)).toBe(records.length);
    });
  });
});

/** An API's refusal, as the format top-response writes it. */
function answerOf(method: string, code: string): string {
  return JSON.stringify({ method, error_response: { sub_code: code } });
}

function failures(text: string, reason: string): number {
  const byReason = sumBy(
    parseMetrics(text),
    "dlr_checkpoint_failures_total",
    (labels) => labels.reason ?? "",
  );
  return byReason.get(reason) ?? 0;
}
