import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drawPreview } from "../../grafana/source/preview/preview.ts";
import { Source } from "../../grafana/source/preview/source.ts";
import { panelsOf } from "../../grafana/source/shown/model.ts";
import { writeSettings } from "../../src/demo/settings.ts";
import { createStream } from "../../src/demo/stream.ts";
import { board, faultsOf, languages, show, statesOf, texts } from "../grafana/boards.ts";
import { readDashboard, readJson, readRules } from "../grafana/files.ts";
import { prometheusMissing } from "../grafana/prometheus.ts";
import { lookForDuplicates } from "./counting.ts";
import {
  evaluations,
  firingAlert,
  labelValues,
  loadedRules,
  scraping,
  valuesOver,
} from "./dashboards-prometheus.ts";
import { createTopic, type ExporterProcess, produce, randomName, startExporter, waitFor } from "./harness.ts";
import { SeriesDatabase } from "./series-database.ts";
import { describeWithBroker } from "./with-broker.ts";

// The Chinese ones have the same queries: a unit test holds them to that.
const dashboards = ["dlr-overview", "dlr-exporter"].map((uid) => readDashboard(uid));
const queries = dashboards.flatMap(({ uid, panels, annotations }) => [
  ...panels.flatMap(({ title, targets }) =>
    targets.map(({ refId, expr, instant }) => ({ name: `${uid}: ${title} ${refId}`, expr, instant })),
  ),
  ...annotations.list.map(({ name, expr }) => ({ name: `${uid}: ${name}`, expr, instant: false })),
]);
const variables = dashboards.flatMap(({ uid, templating }) =>
  templating.list
    .filter(({ type }) => type === "query")
    .map(({ name, query }) => ({ name: `${uid}: ${name}`, query })),
);

/** Where no data is the right answer. */
const rightlyEmpty = new Map([
  ["dlr-overview: Delivered share B", "nobody knows yet what is usual"],
  ["dlr-overview: Delivered share C", "nobody knows yet what is usual"],
  ["dlr-overview: Receipts per accepted request B", "nobody knows yet what is usual"],
  ["dlr-overview: Missing, of what is due A", "nothing is due yet"],
  ["dlr-overview: Missing, of what is due B", "nothing is due yet"],
]);

/** It looks at whole minutes, and there may be none yet. */
const perhapsEmpty = "dlr-overview: Blacklist share now and expected E";

if (prometheusMissing !== undefined) console.warn(`dashboards are not tried: ${prometheusMissing}`);

describe.skipIf(prometheusMissing !== undefined && process.env.CI !== "true")(
  "with a real Prometheus",
  () => {
    describeWithBroker("dashboards and rules", ({ brokers }) => {
      // 3000 receipts before each of 12 scrapes, a blacklist spike before the sixth; then records that are none. This seed
      // brings every way to end, also the one that nobody can place; among those that are none are replies.
      const stream = createStream({ seed: 3, rate: 3000, seconds: 12 });
      const { sent } = stream;
      const topic = randomName("dashboards");
      let exporter: ExporterProcess;
      let database: SeriesDatabase;
      const started = Date.now();

      beforeAll(async () => {
        await createTopic(brokers, topic, 4);
        const settings = await writeSettings(topic);
        await lookForDuplicates(settings.file);
        exporter = await startExporter([
          ...["--config", settings.file, "--brokers", brokers.join(",")],
          ...["--group", randomName("dashboards"), "--commit-interval", "300"],
        ]).finally(settings.remove);
        database = await SeriesDatabase.start(scraping(`127.0.0.1:${exporter.port}`));
        await waitFor(async () => (await total("dlr_committed_offset")) !== undefined, {
          what: "a first scrape",
        });
        for (let second = 0; second < 12; second++) {
          await produce(brokers, topic, Array.from({ length: 10 }, () => stream.tick(Date.now())).flat());
          await untilScraped();
        }
        await produce(
          brokers,
          topic,
          Array.from({ length: 1000 }, (_, n) =>
            n % 10 === 0 ? '{"dest_code":"1","content":"TD"}' : "no receipt",
          ),
        );
        await fetch(`http://127.0.0.1:${exporter.port}/-/reload`, { method: "POST" });
        await waitFor(async () => (await total("dlr_receipts_total")) === sent.receipts, {
          what: "all receipts",
        });
        // so that rules that read rules that read rules have seen everything
        for (let times = 0; times < 3; times++) {
          await untilScraped();
          await untilEvaluated();
        }
      });

      afterAll(async () => {
        await database?.stop();
        await exporter?.stop();
      });

      async function numbers(expr: string, at = Date.now()): Promise<number[]> {
        return (await database.query(filled(expr), at)).flatMap(({ samples }) =>
          samples.map(({ value }) => value),
        );
      }

      async function total(metric: string): Promise<number | undefined> {
        return (await numbers(`sum(max without (instance, pod) (${metric}))`))[0];
      }

      async function untilScraped(): Promise<void> {
        const newest = async () => (await numbers("timestamp(up)"))[0] ?? 0;
        const before = await newest();
        await waitFor(async () => (await newest()) > before, { what: "a scrape" });
      }

      /** Until each group of rules has been evaluated once more. */
      async function untilEvaluated(): Promise<void> {
        const before = await evaluations(database);
        await waitFor(async () => (await evaluations(database)).every((at, group) => at !== before[group]), {
          what: "an evaluation of all rules",
        });
      }

      /** A query with Grafana's variables put in: everything chosen, the last quarter of an hour in view. */
      function filled(expr: string): string {
        return expr
          .replaceAll("$__rate_interval", "15m")
          .replaceAll("$__range", "15m")
          .replaceAll("$__from", String(started - 60_000))
          .replaceAll(/\$(?:job|topic|provider|channel|instance|dimension)\b/g, ".*");
      }

      test.each(variables)("variable $name has values", async ({ query }) => {
        const [, selector = "", label = ""] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? [];
        expect(await labelValues(database, filled(selector), label)).not.toEqual([]);
      });

      test.each(queries)("$name has data", async ({ name, expr, instant }) => {
        const found = await (instant ? numbers(expr) : valuesOver(database, filled(expr), 30));
        const finite = found.filter(Number.isFinite);
        if (rightlyEmpty.has(name)) expect(finite, rightlyEmpty.get(name)).toEqual([]);
        else if (name !== perhapsEmpty) expect(finite).not.toEqual([]);
      });

      test("Prometheus evaluates every rule without an error", async () => {
        const loaded = await loadedRules(database);
        expect(loaded.length).toBe(readRules().length + 1);
        expect(loaded.filter(({ health }) => health !== "ok")).toEqual([]);
      });

      test("the totals are what was sent", async () => {
        const series = await database.query(
          "sum by (category) (max without (instance, pod) (dlr_receipts_total)) > 0",
          Date.now(),
        );
        expect(new Map(series.map(({ labels, samples }) => [labels.category, samples[0]?.value]))).toEqual(
          sent.categories,
        );
      });

      describe("the row Now equals what was sent", () => {
        const categories = (...names: readonly string[]) =>
          names.reduce((count, name) => count + (sent.categories.get(name) ?? 0), 0);
        // A voice code that no map lists has no flag beside it: nobody knows whether the call ended.
        const final = () =>
          [...sent.codes]
            .filter(([code]) => /^(?:sms|voice)_receipt /.test(code) && code !== "voice_receipt 200999")
            .reduce((count, [, receipts]) => count + receipts, -categories("in_progress"));
        const rows = [
          { title: "Receipts a minute", expected: () => sent.receipts / 15 },
          {
            title: "Delivered share",
            expected: () => categories("delivered", "delivered_partial") / final(),
          },
          {
            title: "Blacklist share",
            query: "C",
            expected: () => categories("blacklist") / sent.receipts,
          },
          { title: "Unknown codes, last hour", expected: () => categories("unknown") },
          { title: "Event-time lag", expected: () => 0 },
          { title: "Consumer lag", expected: () => 0 },
        ];

        test("all of it is looked at", () => {
          const [, now, next] = dashboards[0]?.rows ?? [];
          const inRow = dashboards[0]?.panels.filter(({ id }) => id > (now?.id ?? 0) && id < (next?.id ?? 0));
          expect(now?.title).toBe("Now");
          expect(inRow?.map(({ title }) => title)).toEqual(rows.map(({ title }) => title));
        });

        test.each(rows)("$title", async ({ title, query = "A", expected }) => {
          const expr = queries.find(({ name }) => name === `dlr-overview: ${title} ${query}`)?.expr ?? "";
          const [shown] = await numbers(expr, await lastSampleOf(expr));
          // What rate() adds for the edges of its window is nothing here: every series begins at 0 in the window, and
          // is asked for at its last sample.
          expect(shown).toBeCloseTo(expected(), 6);
        });

        /** When the newest sample that an expression reads was taken, in ms. */
        async function lastSampleOf(expr: string): Promise<number> {
          const [metric = "up"] = /[\w:]*dlr_receipts_total[\w:]*/.exec(expr) ?? [];
          const [seconds = 0] = await numbers(`max(timestamp(${metric}))`);
          return Math.round(seconds * 1000);
        }
      });

      test.each(dashboards)(
        "a preview of $uid shows every panel, and none without data that can have some",
        async ({ uid, panels }) => {
          const file = JSON.stringify(readJson(uid));
          const to = Math.floor(Date.now() / 1000);
          const svg = await drawPreview(file, database.url, { from: to - 60, to });
          for (const { title } of panels) expect(svg).toContain(`>${title}</text>`);
          expect(svg).not.toContain(">No data</text>");
          const empty = panels
            .filter(({ title, targets }) =>
              targets.some(({ refId }) => !rightlyEmpty.has(`${uid}: ${title} ${refId}`)),
            )
            .flatMap(({ fieldConfig }) => fieldConfig?.defaults.noValue ?? []);
          expect(empty.filter((words) => svg.includes(`>${words}</text>`))).toEqual([]);
          expect(svg.length).toBeLessThan(400_000);
        },
      );

      describe.each(languages)("what Grafana shows in the language %s", (language) => {
        test.each(["dlr-overview", "dlr-exporter"])(
          "of each panel of %s is a heading, a name, a word, a code as it is or a number",
          async (uid) => {
            const shown = board(uid, language);
            const to = Math.floor(Date.now() / 1000);
            const source = await Source.open(database.url, { from: to - 60, to }, shown);
            const faults: string[] = [];
            for (const panel of panelsOf(shown)) {
              const answers = await source.answers(panel, 15);
              for (const [state, inState] of statesOf(panel, answers)) {
                const found = await faultsOf(panel, inState);
                faults.push(...found.map((fault) => `${panel.title}, ${state}: ${fault}`));
              }
            }
            expect(faults).toEqual([]);
          },
        );
      });

      test("an alert that fires is in the top row, whatever provider is chosen", async () => {
        const overview = board("dlr-overview", "en");
        const to = Math.floor(Date.now() / 1000);
        const [top] = panelsOf(overview);
        if (top === undefined) throw new Error("the dashboard has no panel");
        const source = await Source.open(database.url, { from: to - 60, to }, overview);
        const [[since, ...about] = []] = texts(await show(top, await source.answers(top, 15)));
        expect(about).toEqual(["page", firingAlert.alert, "007", "sms", "–", "–"]);
        expect(Date.parse(`${since}Z`)).toBeGreaterThanOrEqual(Math.floor(started / 1000) * 1000);
        expect(top.targets.some(({ expr }) => expr.includes("$provider"))).toBe(false);
      });

      test("the commonest failures are shown with what their codes mean, and who must act", async () => {
        const expr = (title: string) => queries.find(({ name }) => name === `dlr-overview: ${title} A`)?.expr;
        const failures = await database.query(filled(expr("Failures by code") ?? ""), Date.now());
        expect(failures).toHaveLength(15);
        const emptyNumber = failures.find(
          ({ labels }) => labels.scope === "sms_receipt" && labels.code === "12",
        );
        expect(emptyNumber?.labels).toMatchObject({
          category: "empty_number",
          fault: "recipient",
          description: expect.stringMatching(/empty number/i),
          description_zh: expect.stringMatching(/空号/),
        });
        const refusals = await database.query(filled(expr("Who must act") ?? ""), Date.now());
        const refused = refusals.filter(({ samples }) => samples.some(({ value }) => value > 0));
        expect(new Set(refused.map(({ labels }) => labels.fault))).toEqual(
          new Set(["account_config", "sender_content"]),
        );
      });
    });
  },
);
