import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { stringify } from "yaml";
import { endpointOf } from "../../src/replay/sinks/endpoint.ts";
import { type RemoteWriteOptions, remoteWrite, tryRemoteWrite } from "../../src/replay/sinks/remote-write.ts";
import { type Sample, samplesOf } from "../../src/replay/sinks/samples.ts";
import { prometheusMissing } from "../grafana/prometheus.ts";
import { countsOf, labelsOf } from "../replay/sinks/history.ts";
import { waitFor } from "./harness.ts";
import { historyUntil } from "./replay-history.ts";
import { askEachDay, type DatabaseProgram, dayName, risesOf, SeriesDatabase } from "./series-database.ts";

const day = 86_400_000;

/**
 * A Prometheus that scrapes itself, so that its newest sample is of now, and takes samples up to 10 days older.
 *
 * @param own flags
 */
const scrapingItself = (...own: string[]): DatabaseProgram => ({
  command: "prometheus",
  ready: "/-/ready",
  async flags(folder, address) {
    const config = {
      global: { scrape_interval: "1s" },
      storage: { tsdb: { out_of_order_time_window: "10d" } },
      scrape_configs: [{ job_name: "prometheus", static_configs: [{ targets: [address] }] }],
    };
    await writeFile(join(folder, "prometheus.yml"), stringify(config));
    return [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      "--storage.tsdb.retention.time=30d",
      `--web.listen-address=${address}`,
      ...own,
    ];
  },
});
const receiver = scrapingItself("--web.enable-remote-write-receiver");

if (prometheusMissing !== undefined) console.warn(`remote write is not tried: ${prometheusMissing}`);

describe.skipIf(prometheusMissing !== undefined && process.env.CI !== "true")(
  "remote write to a real Prometheus",
  () => {
    const midnight = Math.floor(Date.now() / day) * day;
    const { counts, receipts } = historyUntil(midnight, 6);
    const wanted = counts.series.map((series) => ({
      code: series.labels.code,
      samples: [...samplesOf(series, counts.window, "counter")],
    }));
    const total = wanted.reduce((sum, { samples }) => sum + samples.length, 0);
    const written = 'dlr_receipts_total{job="dlr-replay",instance="killed"}';
    let database: SeriesDatabase;

    beforeAll(async () => {
      if (prometheusMissing !== undefined) throw new Error(prometheusMissing);
      database = await SeriesDatabase.start(receiver);
      await waitFor(async () => (await database.query("up", Date.now())).length > 0, {
        what: "a first scrape",
      });
    });

    afterAll(async () => {
      await database?.stop();
    });

    function write(instance: string, rest: Partial<RemoteWriteOptions> = {}, what = counts) {
      return remoteWrite(what, {
        endpoint: endpointOf(`${database.url}/api/v1/write`, "1.2.3"),
        as: "counter",
        job: "dlr-replay",
        instance,
        now: Date.now(),
        timeoutMs: 600_000,
        signal: new AbortController().signal,
        ...rest,
      });
    }

    /**
     * Waits until Prometheus holds the samples of each series that one of these takes, and no other series: a query
     * may miss some while it moves what was just written into blocks.
     */
    async function isHeld(...takes: readonly ((samples: readonly Sample[]) => readonly Sample[])[]) {
      await waitFor(
        async () => {
          const raw = await database.query(`${written}[10d]`, midnight);
          const byCode = new Map(raw.map(({ labels, samples }) => [labels.code, samples]));
          const held = wanted.filter(({ code, samples }) =>
            takes.some((take) => isDeepStrictEqual(byCode.get(code), take(samples))),
          );
          return held.length === byCode.size && held.length === wanted.length;
        },
        { what: `${total} samples` },
      );
    }

    /** A proxy to the database that kills it during these requests (by number), then restarts it. */
    async function killing(...numbers: readonly number[]) {
      let number = 0;
      let failed = 0;
      let dead = false;
      let started = Promise.resolve();
      const server = createServer(async (request, response) => {
        const body = await buffer(request);
        const headers = { "content-encoding": "snappy", "content-type": "application/x-protobuf" };
        const passing = fetch(`${database.url}${request.url}`, { method: "POST", headers, body }).catch(
          () => undefined,
        );
        if (numbers.includes(++number)) {
          await database.crash();
          dead = true;
        }
        const answer = await passing;
        if (answer?.ok !== true) failed++;
        if (answer === undefined) request.socket.destroy();
        else response.writeHead(answer.status).end(await answer.text());
        // not before it was found dead
        if (answer !== undefined || !dead) return;
        dead = false;
        started = database.restart();
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      onTestFinished(() => {
        server.close();
        server.closeAllConnections();
      });
      const { port } = server.address() as AddressInfo;
      return {
        url: `http://127.0.0.1:${port}/api/v1/write`,
        failed: () => failed,
        started: () => started,
      };
    }

    test("tried, it takes what holds nothing", async () => {
      const endpoint = endpointOf(`${database.url}/api/v1/write`, "1.2.3");
      await tryRemoteWrite({ endpoint, timeoutMs: 600_000, signal: new AbortController().signal });
      expect(await database.query("count(dlr_receipts_total)", Date.now())).toEqual([]);
    });

    test("tried without its receiver, it says so", async () => {
      const other = await SeriesDatabase.start(scrapingItself());
      onTestFinished(() => other.stop());
      const endpoint = endpointOf(`${other.url}/api/v1/write`, "1.2.3");
      const signal = new AbortController().signal;
      await expect(tryRemoteWrite({ endpoint, timeoutMs: 600_000, signal })).rejects.toThrow(
        /refused; it answered 404: remote write receiver needs to be enabled/,
      );
    });

    test("killed twice in the middle, it takes every sample once", async () => {
      const way = await killing(10, 50);
      const result = await write("killed", { endpoint: endpointOf(way.url, "1.2.3") });
      await way.started();
      expect(result).toMatchObject({ samples: total, clamped: 0 });
      expect(result.batches).toBeGreaterThan(100);
      expect(result.retried).toBe(way.failed());
      expect(result.retried).toBeGreaterThan(1);

      // Killed between its two logs, Prometheus 2.42 loses the first sample of a new series, though sent again.
      await isHeld(
        (samples) => samples,
        (samples) => samples.slice(1),
      );
    });

    test("written again, it holds every sample once", async () => {
      expect(await write("killed")).toMatchObject({ samples: total, clamped: 0 });
      await isHeld((samples) => samples);
    });

    test("each day and category rises by its receipts, and increase says so", async () => {
      const days = await askEachDay(database, counts, written);
      expect(risesOf(days)).toEqual(receipts);
      for (const { rise, increase } of days) {
        // From 3.0 on Prometheus leaves the first minute of a range out, 0.07 % of a day, and extrapolates.
        expect(Math.abs(increase - rise)).toBeLessThanOrEqual(0.0015 * rise + 1);
      }
    });

    test("as a gauge, sum_over_time is exact", async () => {
      await write("gauge", { as: "gauge" });
      const sums = new Map<string, number>();
      for (let end = counts.window.from + day; end <= midnight; end += day) {
        // Without the sample of the midnight before, which a closed range would hold.
        const query = `sum by (category) (sum_over_time(dlr_receipts_1m{instance="gauge"}[${day - 1}ms]))`;
        for (const { labels, samples } of await database.query(query, end)) {
          const key = `${dayName(end - day)} ${labels.category}`;
          sums.set(key, samples[0]?.value ?? 0);
        }
      }
      expect(sums).toEqual(receipts);
    });

    test("what lies in the future stands at now", async () => {
      const now = Date.now();
      const from = Math.floor(now / 60_000) * 60_000 - 600_000;
      const times = [from, from + 590_000, from + 800_000, from + 1_100_000];
      const soon = countsOf({ from, to: from + 1_200_000 }, [{ labels: labelsOf("A"), times }]);
      const result = await write("future", { now }, soon);
      expect(result.clamped).toBeGreaterThan(0);
      const [series] = await database.query('dlr_receipts_total{instance="future"}[1h]', now + 1_800_000);
      expect(series?.samples.at(-1)).toEqual({ at: now, value: times.length });
      expect(series?.samples).toHaveLength(result.samples);
    });

    test("what is older than its window ends with a clear sentence", async () => {
      const old = historyUntil(midnight - 20 * day, 1);
      await expect(write("old", { now: midnight }, old.counts)).rejects.toThrow(
        /the receiver does not accept samples this old: the oldest is 21 days old; raise its out_of_order_time_window \(Prometheus: storage.tsdb\) and its retention above that; it answered 500: too old sample \(0 samples were accepted before\)$/,
      );
    });
  },
);
