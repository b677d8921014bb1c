import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createStream } from "../../src/demo/stream.ts";
import { readDashboard, readRules } from "../grafana/files.ts";
import { Prometheus, prometheusMissing, type Series } from "../grafana/prometheus.ts";
import { createTopic, type ExporterProcess, produce, randomName, startExporter, waitFor } from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

const dashboard = readDashboard();
const panels = dashboard.panels.flatMap(({ title, targets }) =>
  targets.map((target) => ({ name: `${title} ${target.refId}`, ...target })),
);
const variables = dashboard.templating.list.filter(({ type }) => type === "query");
const rules = readRules().map((rule) => ({
  name: [rule.alert ?? rule.record, ...Object.values(rule.labels)].join(" "),
  ...rule,
}));

/** Where no data is the right answer of a few minutes in which nothing broke. */
const rightlyEmpty = new Map([
  ["provider_channel:dlr_blacklist_per_receipts:baseline day", "there was no yesterday"],
  ["provider_channel:dlr_blacklist_per_receipts:baseline week", "there was no last week"],
  ["topic:dlr_event_time_behind_seconds:max", "no records wait"],
  ["DlrConsumerBehind warning", "no records wait"],
  ["DlrCheckpointFailing warning", "the broker takes every commit"],
  ["DlrCodeMapReloadFailed warning", "the code map is good"],
  ["DlrExporterDown critical", "partitions are counted"],
  ["DlrExporterDown warning", "the exporter answers"],
]);

if (prometheusMissing !== undefined) console.warn(`dashboards are not tried: ${prometheusMissing}`);

describe.skipIf(prometheusMissing !== undefined && process.env.CI !== "true")(
  "with a real Prometheus",
  () => {
    describeWithBroker("dashboard and rules", ({ brokers }) => {
      // 3000 receipts a second for 12 seconds, a blacklist spike in the sixth; then records that are none.
      const stream = createStream({ seed: 1, rate: 3000, seconds: 12 });
      const { sent } = stream;
      const topic = randomName("dashboards");
      let exporter: ExporterProcess;
      let prometheus: Prometheus;

      beforeAll(async () => {
        await createTopic(brokers, topic, 4);
        exporter = await startExporter([
          ...["--brokers", brokers.join(","), "--topic", topic, "--group", randomName("dashboards")],
          ...["--commit-interval", "300"],
        ]);
        prometheus = await Prometheus.start(`127.0.0.1:${exporter.port}`);
        await waitFor(async () => (await total("dlr_committed_offset")) !== undefined, {
          what: "a first scrape",
        });
        for (let second = 0; second < 12; second++) {
          await produce(brokers, topic, Array.from({ length: 10 }, () => stream.tick(Date.now())).flat());
          await sleep(1000);
        }
        await produce(
          brokers,
          topic,
          Array.from({ length: 1000 }, () => "no receipt"),
        );
        await waitFor(async () => (await total("dlr_receipts_total")) === sent.receipts, {
          what: "all receipts",
        });
        // a few more scrapes and evaluations, so that rules that read rules have seen everything
        await sleep(5000);
      });

      afterAll(async () => {
        await prometheus?.stop();
        await exporter?.stop();
      });

      async function total(metric: string): Promise<number | undefined> {
        const [series] = await prometheus.query(`sum(max without (instance, pod) (${metric}))`);
        return series?.values[0];
      }

      /** The number that a panel of the row Now shows. */
      async function shown(title: string): Promise<number | undefined> {
        const [series] = await prometheus.query(
          filled(panels.find(({ name }) => name === `${title} A`)?.expr ?? ""),
        );
        return series?.values[0];
      }

      function sum(...categories: readonly string[]): number {
        return categories.reduce((count, category) => count + (sent.categories.get(category) ?? 0), 0);
      }

      test.each(variables)("variable $name has values", async ({ query }) => {
        const [, selector = "", label = ""] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? [];
        expect(await prometheus.labelValues(filled(selector), label)).not.toEqual([]);
      });

      test.each(panels)("panel $name has data", async ({ name, expr, instant }) => {
        const series = await (instant
          ? prometheus.query(filled(expr))
          : prometheus.queryRange(filled(expr), 30));
        expectData(name, series);
      });

      test.each(rules)("rule $name has data", async ({ name, expr }) => {
        expectData(name, await prometheus.query(expr));
      });

      test("Prometheus evaluates every rule without an error", async () => {
        const loaded = await prometheus.rules();
        expect(loaded.length).toBe(rules.length);
        expect(loaded.filter(({ health }) => health !== "ok")).toEqual([]);
      });

      test("the totals are what was sent", async () => {
        const series = await prometheus.query(
          "sum by (category) (max without (instance, pod) (dlr_receipts_total)) > 0",
        );
        expect(new Map(series.map(({ labels, values }) => [labels.category, values[0]]))).toEqual(
          sent.categories,
        );
      });

      test("the row Now shows what was sent", async () => {
        expect(await shown("Records waiting")).toBe(0);
        expect(await shown("Event time behind")).toBe(0);
        // increase() extrapolates over the edges of its window
        expectNear(await shown("Unknown codes, last hour"), sum("unknown"), 0.15);
        expectNear(await shown("Blacklist share, 15 m"), sum("blacklist") / sent.receipts, 0.05);
      });

      test("the commonest failures are shown with what their codes mean", async () => {
        const [panel] = panels.filter(({ name }) => name === "Failures by code A");
        const series = await prometheus.query(filled(panel?.expr ?? ""));
        expect(series).toHaveLength(15);
        expect(
          series.find(({ labels }) => labels.scope === "sms_receipt" && labels.code === "12")?.labels,
        ).toMatchObject({
          category: "empty_number",
          description: expect.stringMatching(/empty number/i),
        });
      });

      test("every alert links to a page that Prometheus serves", async () => {
        for (const { annotations } of rules) {
          if (annotations.runbook_url === undefined) continue;
          const [path = "", section = ""] = annotations.runbook_url.split("/user/")[1]?.split("#") ?? [];
          expect((await prometheus.userAsset(path)).toLowerCase()).toContain(`## ${section}`);
        }
      });
    });
  },
);

/** A query with Grafana's variables put in: everything chosen, the last minutes in view. */
function filled(expr: string): string {
  return expr
    .replaceAll("$__rate_interval", "10s")
    .replaceAll("$__range", "300s")
    .replaceAll(/\$(?:job|topic|provider|channel)\b/g, ".+");
}

function expectData(name: string, series: readonly Series[]): void {
  const numbers = series.flatMap(({ values }) => values).filter(Number.isFinite);
  if (rightlyEmpty.has(name)) expect(numbers, rightlyEmpty.get(name)).toEqual([]);
  else expect(numbers).not.toEqual([]);
}

function expectNear(actual: number | undefined, expected: number, tolerance: number): void {
  expect(expected).toBeGreaterThan(0);
  expect(actual).toBeGreaterThan(expected * (1 - tolerance));
  expect(actual).toBeLessThan(expected * (1 + tolerance));
}
