import { spawn, spawnSync } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ReplayCounts, ReplaySeries, SeriesLabels } from "../../src/replay/counts.ts";
import { writeOpenMetrics } from "../../src/replay/sinks/openmetrics.ts";
import type { WrittenAs } from "../../src/replay/sinks/samples.ts";
import { readDashboard } from "../grafana/files.ts";
import { prometheusMissing } from "../grafana/prometheus.ts";
import {
  askEachDay,
  type DatabaseProgram,
  dayName,
  risesOf,
  SeriesDatabase,
} from "../integration/series-database.ts";
import { ending } from "../lab/guarded.ts";
import { createRandom, type Random } from "../lab/random.ts";
import { countsOf, labelsOf } from "../replay/sinks/history.ts";

const minute = 60_000;
const day = 86_400_000;
const from = Date.parse("2026-10-01T00:00:00Z");
const to = from + 31 * day;

const promtoolMissing =
  spawnSync("promtool", ["--version"]).error === undefined
    ? undefined
    : "promtool is not installed (Debian: apt install prometheus)";
const missing = prometheusMissing ?? promtoolMissing;
if (missing !== undefined) console.warn(`loading a replay into Prometheus is not tried: ${missing}`);

const categories = ["delivered", "delivered", "blacklist", "empty_number", "power_off"] as const;

/** Number n of the 40 series: some have receipts each minute, some one in hours, some days without any. */
function labelsOfNumber(number: number): SeriesLabels {
  const category = categories[number % categories.length] ?? "unknown";
  return labelsOf(`C${number}`, { category, outcome: category === "delivered" ? "delivered" : "failed" });
}

/** @returns the receipts of each of the window's minutes */
function receiptsByMinute(random: Random, number: number): number[] {
  const born = number % 4 === 3 ? random.below(20 * 1440) : 0;
  const most = number < 25 ? 1 + random.below(12) : 1;
  const likely = number < 25 ? 1 : 0.02 / (number - 24);
  return Array.from({ length: (to - from) / minute }, (_, step) => {
    const silent = step < born || (number % 6 === 5 && Math.floor(step / 1440) % 5 === 2);
    return silent || random.fraction() >= likely ? 0 : random.below(most + 1);
  });
}

function seriesOf(labels: SeriesLabels, receipts: readonly number[]): ReplaySeries {
  const steps = [...receipts.keys()].filter((step) => receipts[step] !== 0);
  return {
    labels,
    steps: Uint32Array.from(steps),
    counts: Uint32Array.from(steps, (step) => receipts[step] ?? 0),
    total: receipts.reduce((sum, count) => sum + count, 0),
  };
}

describe.skipIf(missing !== undefined && process.env.CI !== "true")(
  "a month loaded into a real Prometheus",
  () => {
    const random = createRandom(31);
    const history = Array.from({ length: 40 }, (_, number) => ({
      labels: labelsOfNumber(number),
      receipts: receiptsByMinute(random, number),
    }));
    const counts: ReplayCounts = {
      ...countsOf({ from, to }, []),
      series: history.map(({ labels, receipts }) => seriesOf(labels, receipts)),
    };
    const samples = { written: 0, loaded: 0 };
    let database: SeriesDatabase;

    /** Writes a file and makes blocks of it, as the notes after a replay say. */
    async function load(what: ReplayCounts, as: WrittenAs, folder: string): Promise<void> {
      const file = join(folder, `${as}.om`);
      const labels = { job: "dlr-replay", instance: "october" };
      const written = await writeOpenMetrics(what, { file }, { as, ...labels }, new AbortController().signal);
      samples.written += written.samples;
      const flags = ["create-blocks-from", "openmetrics", "--max-block-duration=744h"];
      const promtool = spawn("promtool", ["tsdb", ...flags, file, join(folder, "data")]);
      const { code, stdout: table, stderr } = await ending(promtool);
      if (code !== 0) throw new Error(stderr);
      // BLOCK ULID, MIN TIME, MAX TIME, DURATION, NUM SAMPLES, …
      const blocks = table.split("\n").slice(1).filter(Boolean);
      for (const block of blocks) samples.loaded += Number(block.trim().split(/\s{2,}/)[4]);
      await rm(file);
    }

    const program: DatabaseProgram = {
      command: "prometheus",
      ready: "/-/ready",
      async flags(folder, address) {
        await load(counts, "counter", folder);
        await load({ ...counts, series: counts.series.slice(0, 10) }, "gauge", folder);
        return [
          "--config.file=/dev/null",
          `--storage.tsdb.path=${join(folder, "data")}`,
          "--storage.tsdb.retention.time=100y",
          `--web.listen-address=${address}`,
        ];
      },
    };

    beforeAll(async () => {
      database = await SeriesDatabase.start(program);
    });

    afterAll(async () => {
      await database?.stop();
    });

    /** How many receipts of the series that match came in [start, end), counted without what is tested. */
    function received(start: number, end: number, matches: (labels: SeriesLabels) => boolean): number {
      return history
        .filter(({ labels }) => matches(labels))
        .flatMap(({ receipts }) => receipts.slice((start - from) / minute, (end - from) / minute))
        .reduce((sum, count) => sum + count, 0);
    }

    test("promtool has taken every sample", () => {
      expect(samples.written).toBeGreaterThan(1_000_000);
      expect(samples.loaded).toBe(samples.written);
    });

    test("each day and category rises by its receipts, and increase says so", async () => {
      const days = await askEachDay(database, counts, 'dlr_receipts_total{job="dlr-replay"}');
      const expected = new Map<string, number>();
      for (let start = from; start < to; start += day) {
        for (const category of new Set(categories)) {
          const count = received(start, start + day, (labels) => labels.category === category);
          expected.set(`${dayName(start)} ${category}`, count);
        }
      }
      expect(risesOf(days)).toEqual(expected);
      for (const { rise, increase } of days) {
        // From 3.0 on Prometheus leaves the first minute of a range out, 0.07 % of a day, and extrapolates.
        expect(Math.abs(increase - rise)).toBeLessThanOrEqual(0.0015 * rise + 1);
      }
    });

    test("as a gauge, sum_over_time is exact", async () => {
      for (let end = from + day; end <= to; end += day) {
        const sums = await database.query("sum by (code) (sum_over_time(dlr_receipts_1m[86399s]))", end);
        const expected = new Map<string, number>();
        for (const { code } of history.slice(0, 10).map(({ labels }) => labels)) {
          const count = received(end - day, end, (labels) => labels.code === code);
          if (count > 0) expected.set(code, count);
        }
        expect(new Map(sums.map(({ labels, samples }) => [labels.code, samples[0]?.value]))).toEqual(
          expected,
        );
      }
    });

    describe("the dashboard shows that history", () => {
      /** A working hour of the second week. */
      const at = from + 9 * day + 615 * minute;
      const dashboard = readDashboard();

      /** A panel's query with Grafana's variables put in, everything chosen; its values by a label. */
      async function shown(
        title: string,
        label: string,
        legend?: string,
      ): Promise<Map<string, number | undefined>> {
        const targets = dashboard.panels.find((panel) => panel.title === title)?.targets ?? [];
        const expr =
          targets.find(({ legendFormat }) => [undefined, legendFormat].includes(legend))?.expr ?? "";
        const filled = expr
          .replaceAll("$__rate_interval", "15m")
          .replaceAll("$__range", "15m")
          .replaceAll(/\$(?:job|topic|provider|channel)\b/g, ".+");
        const series = await database.query(filled, at);
        return new Map(series.map(({ labels, samples }) => [labels[label] ?? "", samples[0]?.value]));
      }

      function inQuarter(matches: (labels: SeriesLabels) => boolean): number {
        return received(at - 15 * minute, at, matches);
      }

      const all = () => true;
      const blacklisted = ({ category }: SeriesLabels) => category === "blacklist";
      const wasDelivered = ({ outcome }: SeriesLabels) => outcome === "delivered";
      const singles = [
        { title: "Receipts a minute", expected: inQuarter(all) / 15 },
        { title: "Delivered share", legend: "15 min", expected: inQuarter(wasDelivered) / inQuarter(all) },
        { title: "Blacklist share", legend: "15 min", expected: inQuarter(blacklisted) / inQuarter(all) },
        { title: "Blacklist", expected: inQuarter(blacklisted) / 15 },
      ];
      test.each(singles)("$title", async ({ title, legend, expected }) => {
        expectNear((await shown(title, "none", legend)).get(""), expected);
      });

      test("Failures by category", async () => {
        const failures = await shown("Failures by category", "category");
        expect([...failures.keys()].sort()).toEqual(["blacklist", "empty_number", "power_off"]);
        for (const [category, perMinute] of failures) {
          expectNear(perMinute, inQuarter((labels) => labels.category === category) / 15);
        }
      });

      test("Failures by code", async () => {
        const failures = [...(await shown("Failures by code", "code"))].filter(([, count = 0]) => count > 30);
        expect(failures.length).toBeGreaterThan(5);
        for (const [code, count] of failures) {
          expectNear(
            count,
            inQuarter((labels) => labels.code === code),
          );
        }
      });
    });
  },
);

/** Within the first minute of fifteen, which Prometheus leaves out from 3.0 on. */
function expectNear(actual: number | undefined, expected: number): void {
  expect(expected).toBeGreaterThan(0);
  expect(actual).toBeGreaterThan(0.93 * expected);
  expect(actual).toBeLessThan(1.07 * expected);
}
