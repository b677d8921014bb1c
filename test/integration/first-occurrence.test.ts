import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { z } from "zod";
import { manyCodes } from "../../src/bounds.ts";
import { type PrometheusProcess, prometheusMissing, startPrometheus } from "../lab/prometheus.ts";
import { receiptsOf, runFlags } from "./counting.ts";
import { createTopic, type ExporterProcess, produce, randomName, startExporter, waitFor } from "./harness.ts";
import { categoryOf, codeOf, largeMapText } from "./large-map-text.ts";
import { describeWithBroker } from "./with-broker.ts";

const categories = 20;
const codes = manyCodes + 100;

const vector = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        value: z.tuple([z.number(), z.string().transform(Number)]),
      }),
    ),
  }),
});

const missing = prometheusMissing();
if (missing !== undefined) console.warn(`increase() over a first occurrence is not tried: ${missing}`);

describeWithBroker("the first occurrence of one of many codes", ({ brokers }) => {
  const folder = mkdtempSync(join(tmpdir(), "dlr-first-"));
  let exporter: ExporterProcess | undefined;
  let prometheus: PrometheusProcess | undefined;

  afterAll(async () => {
    await prometheus?.stop();
    await exporter?.kill9();
    rmSync(folder, { recursive: true });
  });

  const query = async (text: string, at?: number) => {
    const time = at === undefined ? {} : { time: String(at) };
    return vector.parse(await prometheus?.get("/api/v1/query", { query: text, ...time })).data.result;
  };

  it.skipIf(missing !== undefined && process.env.CI !== "true")(
    "is an increase() to the receipt in a real Prometheus, and no code has a series before",
    async () => {
      const topic = randomName("first");
      await createTopic(brokers, topic, 1);
      const map = join(folder, "map.yaml");
      writeFileSync(map, largeMapText(codes, categories));
      exporter = await startExporter([
        ...runFlags(brokers, [topic]),
        ...["--format", "tmc-sms", "--code-map", map],
      ]);
      const scrape = {
        job_name: "dlr-exporter",
        static_configs: [{ targets: [`127.0.0.1:${exporter.port}`] }],
      };
      prometheus = await startPrometheus(
        { global: { scrape_interval: "1s" }, scrape_configs: [scrape] },
        folder,
      );

      await waitFor(async () => (await query("dlr_receipts_total")).length > 0, { what: "the zeros" });
      const first = await query("dlr_receipts_total");
      expect(new Set(first.map(({ metric }) => metric.code))).toEqual(new Set(["_other"]));
      expect(first).toHaveLength(categories);

      // Of the same category, one after the other.
      for (const [n, count] of [
        [7, 5],
        [7 + categories, 3],
      ] as const) {
        await produce(brokers, topic, receiptsOf(codeOf(n), count));
        const series = `dlr_receipts_total{code="${codeOf(n)}"}`;
        await waitFor(async () => (await query(series))[0]?.value[1] === count, {
          what: `${codeOf(n)} counted`,
        });
        // At a sample's own time nothing is extrapolated.
        const at = (await query(`timestamp(${series})`))[0]?.value[1] ?? 0;
        expect((await query(`increase(${series}[5m])`, at))[0]?.value[1]).toBe(count);
      }
      const category = `dlr_receipts_total{category="${categoryOf(7, categories)}"}`;
      const at = (await query(`max(timestamp(${category}))`))[0]?.value[1] ?? 0;
      expect((await query(`sum(increase(${category}[5m]))`, at))[0]?.value[1]).toBe(8);
    },
  );
});
