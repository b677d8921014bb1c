import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Clock, wallClock } from "../../src/replay/sinks/clock.ts";
import { endpointOf } from "../../src/replay/sinks/endpoint.ts";
import { samplesOf, type WrittenAs } from "../../src/replay/sinks/samples.ts";
import { importVictoria, type VictoriaOptions } from "../../src/replay/sinks/victoria.ts";
import { countsBy, countsOf, labelsOf } from "../replay/sinks/history.ts";
import { historyUntil } from "./replay-history.ts";
import { askEachDay, type DatabaseProgram, dayName, risesOf, SeriesDatabase } from "./series-database.ts";

const day = 86_400_000;

const victoria: DatabaseProgram = {
  command: "victoria-metrics",
  ready: "/health",
  flags: async (folder, address) => [
    `-storageDataPath=${join(folder, "data")}`,
    `-httpListenAddr=${address}`,
    "-retentionPeriod=30d",
  ],
};

const missing =
  spawnSync(victoria.command, ["-version"]).error === undefined
    ? undefined
    : "victoria-metrics is not installed (Debian: apt install victoria-metrics)";
if (missing !== undefined) console.warn(`the import into VictoriaMetrics is not tried: ${missing}`);

describe.skipIf(missing !== undefined && process.env.CI !== "true")(
  "import into a real VictoriaMetrics",
  () => {
    const midnight = Math.floor(Date.now() / day) * day;
    const { counts, receipts } = historyUntil(midnight, 6);
    let database: SeriesDatabase;

    beforeAll(async () => {
      if (missing !== undefined) throw new Error(missing);
      database = await SeriesDatabase.start(victoria);
    });

    afterAll(async () => {
      await database?.stop();
    });

    function load(what: typeof counts, as: WrittenAs, instance: string, rest: Partial<VictoriaOptions> = {}) {
      return importVictoria(what, {
        endpoint: endpointOf(database.url, "1.2.3"),
        as,
        job: "dlr-replay",
        instance,
        now: midnight,
        timeoutMs: 600_000,
        signal: new AbortController().signal,
        pace: { between: 2_000, patience: 600_000 },
        ...rest,
      });
    }

    test("when it returns, every sample can be read", async () => {
      const written = await load(counts, "counter", "whole");
      const raw = await database.query('dlr_receipts_total{instance="whole"}[10d]', midnight);
      const byCode = new Map(raw.map(({ labels, samples }) => [labels.code, samples]));
      for (const series of counts.series) {
        expect(byCode.get(series.labels.code)).toEqual([...samplesOf(series, counts.window, "counter")]);
      }
      expect(written.samples).toBe(raw.reduce((sum, { samples }) => sum + samples.length, 0));
    });

    test("each day and category rises by its receipts, and increase says exactly that", async () => {
      const days = await askEachDay(database, counts, 'dlr_receipts_total{instance="whole"}');
      expect(risesOf(days)).toEqual(receipts);
      expect(days.map(({ increase }) => increase)).toEqual(days.map(({ rise }) => rise));
    });

    test("as a gauge, sum_over_time is exact", async () => {
      await load(counts, "gauge", "gauge");
      const sums = new Map<string, number>();
      for (let end = counts.window.from + day; end <= midnight; end += day) {
        const query = 'sum by (category) (sum_over_time(dlr_receipts_1m{instance="gauge"}[1d]))';
        for (const { labels, samples } of await database.query(query, end)) {
          sums.set(`${dayName(end - day)} ${labels.category}`, samples[0]?.value ?? 0);
        }
      }
      expect(sums).toEqual(receipts);
    });

    test("receipts by dimension are held too, each series under its value", async () => {
      const from = midnight - day;
      const times = [from, from + 60_000, from + 7_200_000];
      const small = countsOf({ from, to: midnight }, [{ labels: labelsOf("A"), times }]);
      const signed = countsBy(small, "signature", { Shop: times.slice(0, 2), Bank: times.slice(2) });
      const by = countsBy(signed, "app", { _none: times });
      const written = await load(by, "counter", "by");
      const selector = '{__name__=~"dlr_receipts.*",instance="by"}';
      const raw = await database.query(`${selector}[2d]`, midnight);
      expect(written.samples).toBe(raw.reduce((sum, { samples }) => sum + samples.length, 0));
      const byValue = new Map(
        raw.map(({ labels, samples }) => [`${labels.dimension} ${labels.value}`, samples.at(-1)?.value]),
      );
      expect(byValue).toEqual(
        new Map([
          ["undefined undefined", 3],
          ["signature Shop", 2],
          ["signature Bank", 1],
          ["app _none", 3],
        ]),
      );
    });

    test("what its retention does not reach is missed, though it answered 204", async () => {
      // The first of these days are outside the 30 days, the last ones inside.
      const { counts: old } = historyUntil(midnight - 28 * day, 6);
      const held = async () => {
        const query = 'sum(count_over_time(dlr_receipts_total{instance="old"}[30d]))';
        const [all] = await database.query(query, midnight - 28 * day);
        return all?.samples[0]?.value ?? 0;
      };
      // Time for the check passes only once there is something to be seen.
      const clock: Clock = {
        ...wallClock,
        now: () => now,
        sleep: async (ms, signal) => {
          await wallClock.sleep(ms, signal);
          if ((await held()) > 0) now += ms;
        },
      };
      let now = 0;
      const pace = { between: 2_000, patience: 5_000 };
      await expect(load(old, "counter", "old", { pace, clock })).rejects.toThrow(
        /it accepted the import but has only [1-9]\d* of \d+ samples; it drops samples older than its -retentionPeriod, and the oldest is 34 days old: raise -retentionPeriod above that and replay again$/,
      );
    });
  },
);
