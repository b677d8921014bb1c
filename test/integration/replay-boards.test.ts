import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeOpenMetrics } from "../../src/replay/sinks/openmetrics.ts";
import { readDashboard } from "../grafana/files.ts";
import { prometheusMissing } from "../grafana/prometheus.ts";
import { ending } from "../lab/guarded.ts";
import { createRandom } from "../lab/random.ts";
import { countsOf, labelsOf, scatter } from "../replay/sinks/history.ts";
import { type DatabaseProgram, SeriesDatabase } from "./series-database.ts";

const promtoolMissing =
  spawnSync("promtool", ["--version"]).error === undefined
    ? undefined
    : "promtool is not installed (Debian: apt install prometheus)";
const missing = prometheusMissing ?? promtoolMissing;
if (missing !== undefined) console.warn(`a replay is not looked at through the boards: ${missing}`);

const minute = 60_000;
const from = Date.UTC(2026, 9, 13, 10);
const to = from + 180 * minute;

/** What three hours had: 1,913 receipts, 57 of them blacklist, some codes often, some hardly ever. */
const truth = [
  { category: "delivered", code: "DELIVRD", outcome: "delivered", count: 1_500 },
  { category: "empty_number", code: "MK:0001", outcome: "failed", count: 250 },
  { category: "power_off", code: "UNDELIV", outcome: "failed", count: 106 },
  { category: "blacklist", code: "DB:0141", outcome: "failed", count: 40 },
  { category: "blacklist", code: "MB:1042", outcome: "failed", count: 14 },
  { category: "blacklist", code: "006", outcome: "failed", count: 3 },
] as const;

function total(matches: (one: (typeof truth)[number]) => boolean): number {
  return truth.filter(matches).reduce((sum, { count }) => sum + count, 0);
}

/** What Grafana puts into a query, by its documentation of the data source. */
interface View {
  /** Of the data source, in s. */
  readonly scrape: number;
  /** In s since the epoch. */
  readonly from: number;
  readonly to: number;
}

type Target = ReturnType<typeof readDashboard>["panels"][number]["targets"][number];

/** The seconds between two points of a panel of 720 pixels, and a query with Grafana's variables put in. */
function inGrafana({ expr, interval }: Target, { scrape, ...range }: View): { step: number; query: string } {
  const asked = interval === undefined ? undefined : Number(/^(\d+)m$/.exec(interval)?.[1]) * 60;
  const least = asked ?? scrape;
  const spread = (range.to - range.from) / 720;
  const step = Math.max(least, [1, 5, 15, 30, 60, 120, 300].find((nice) => nice >= spread) ?? 600);
  const query = expr
    .replaceAll("$__rate_interval", `${Math.max(step + least, 4 * least)}s`)
    .replaceAll("$__range", `${range.to - range.from}s`)
    .replaceAll(/\$(?:topic|provider|channel)\b/g, ".*")
    .replaceAll("$job", "dlr-replay");
  return { step, query };
}

describe.skipIf(missing !== undefined && process.env.CI !== "true")(
  "three hours of a replay on the boards, in a real Prometheus",
  () => {
    const random = createRandom(83);
    // so that the windows of the lines have all of it in them: nothing in the last ten minutes
    const series = truth.map(({ count, ...labels }) => ({
      labels: labelsOf(labels.code, labels),
      times: scatter(random, count, from + minute, to - 10 * minute),
    }));
    const counts = countsOf({ from, to }, series);
    let database: SeriesDatabase;

    const program: DatabaseProgram = {
      command: "prometheus",
      ready: "/-/ready",
      async flags(folder, address) {
        const file = join(folder, "replay.txt");
        const labels = { as: "counter", job: "dlr-replay", instance: "r1" } as const;
        await writeOpenMetrics(counts, { file }, labels, new AbortController().signal);
        const data = join(folder, "data");
        const flags = ["create-blocks-from", "openmetrics", "--max-block-duration=744h", file, data];
        const { code, stderr } = await ending(spawn("promtool", ["tsdb", ...flags]));
        if (code !== 0) throw new Error(stderr);
        return [
          ...["--config.file=/dev/null", `--storage.tsdb.path=${data}`],
          ...["--storage.tsdb.retention.time=100y", `--web.listen-address=${address}`],
        ];
      },
    };

    beforeAll(async () => {
      if (missing !== undefined) throw new Error(missing);
      database = await SeriesDatabase.start(program);
    });

    afterAll(async () => {
      await database?.stop();
    });

    const { panels } = readDashboard("dlr-overview");

    function targetOf(title: string): Target {
      const target = panels.find((panel) => panel.title === title)?.targets[0];
      if (target === undefined) throw new Error(`no panel is called ${title}`);
      return target;
    }

    /** What the points of a line add up to, by a label; each is a rate a minute and stands for a step. */
    async function drawn(title: string, label: string, view: View) {
      const { step, query } = inGrafana(targetOf(title), view);
      // Grafana begins and ends at whole steps.
      const [start, end] = [view.from, view.to].map((at) => Math.floor(at / step) * step);
      const sums = new Map<string, { sum: number; points: number }>();
      for (const { labels, samples } of await database.range(query, start ?? 0, end ?? 0, step)) {
        const key = labels[label] ?? "";
        const sum = samples.reduce((all, { value }) => all + value, 0) * (step / 60);
        sums.set(key, { sum, points: samples.length * step });
      }
      return sums;
    }

    const lines = [
      {
        title: "Failures by category",
        label: "category",
        expected: { blacklist: 57, empty_number: 250, power_off: 106 },
      },
      {
        title: "Blacklist by code",
        label: "code",
        expected: { "DB:0141": 40, "MB:1042": 14, "006": 3 },
      },
      { title: "Blacklist", label: "none", expected: { "": 57 } },
      { title: "Empty number", label: "none", expected: { "": 250 } },
      { title: "Receipts by scope", label: "scope", expected: { sms_receipt: total(() => true) } },
    ];
    const scrapes = [5, 15, 30, 60];
    const views = scrapes.flatMap((scrape) => lines.map((line) => ({ scrape, ...line })));

    test("the truth is what it says", () => {
      expect(total(() => true)).toBe(1_913);
      expect(total(({ category }) => category === "blacklist")).toBe(57);
    });

    test.each(views)("$title, scraped each $scrape s", async ({ title, label, expected, scrape }) => {
      const sums = await drawn(title, label, { scrape, from: from / 1000, to: to / 1000 });
      expect([...sums.keys()].sort()).toEqual(Object.keys(expected).sort());
      for (const [key, count] of Object.entries(expected)) {
        const { sum = 0, points = 0 } = sums.get(key) ?? {};
        expect(sum, key).toBeCloseTo(count, 0);
        // no gap from its first receipts to the end
        const first = Math.min(
          ...series
            .filter(({ labels }) => Object.values({ none: "", ...labels }).includes(key))
            .flatMap(({ times }) => times),
        );
        if (key !== "") expect(points, key).toBeGreaterThanOrEqual((to - first) / 1000 - 240);
      }
    });

    /** Moments that are no whole minutes too, as a dashboard's now is. */
    const moments = [to, to - 90 * minute, to - 61 * minute + 7_000, to - 33 * minute + 52_000];
    const stats = scrapes.flatMap((scrape) =>
      moments.map((at) => ({ scrape, at, end: new Date(at).toISOString() })),
    );
    test.each(stats)("Receipts a minute at $end, scraped each $scrape s", async ({ scrape, at }) => {
      const view = { scrape, from: at / 1000 - 900, to: at / 1000 };
      const { query } = inGrafana(targetOf("Receipts a minute"), view);
      const [shown] = await database.query(query, at);
      // a sample stands for the minute that it ends
      const end = Math.floor(at / minute) * minute;
      const inFour = series
        .flatMap(({ times }) => times)
        .filter((time) => time >= end - 4 * minute && time < end);
      expect(shown?.samples[0]?.value).toBeDefined();
      // what is seen of four minutes is at least three of them
      const three = series
        .flatMap(({ times }) => times)
        .filter((time) => time >= end - 3 * minute && time < end);
      const near = [inFour.length / 4, three.length / 3];
      expect(shown?.samples[0]?.value).toBeGreaterThanOrEqual(Math.min(...near) - 0.5);
      expect(shown?.samples[0]?.value).toBeLessThanOrEqual(Math.max(...near) + 0.5);
    });

    test.each(["Failures by code"])("%s, over the three hours", async (title) => {
      const { query } = inGrafana(targetOf(title), { scrape: 15, from: from / 1000, to: to / 1000 });
      const shown = await database.query(query, to);
      const byCode = Object.fromEntries(
        shown.map(({ labels, samples }) => [labels.code, samples[0]?.value ?? 0]),
      );
      for (const { code, outcome, count } of truth) {
        if (outcome === "failed") expect(byCode[code], code).toBeCloseTo(count, 0);
      }
    });
  },
);
