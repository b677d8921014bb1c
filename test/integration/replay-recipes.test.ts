import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shapes } from "../../src/demo/shapes.ts";
import { codeBlocks, namesIn, sectionUnder } from "../docs/markdown.ts";
import { manual } from "../docs/pages.ts";
import { npxHere } from "../docs/shell.ts";
import { prometheusMissing } from "../grafana/prometheus.ts";
import { ending } from "../lab/guarded.ts";
import { createRandom } from "../lab/random.ts";
import { countsOf, scatter } from "../replay/sinks/history.ts";
import { receivers } from "../replay/sinks/receivers.ts";
import { connectProducer, createTopic, randomName, waitFor } from "./harness.ts";
import { askEachDay, type DatabaseProgram, dayName, risesOf, SeriesDatabase } from "./series-database.ts";
import { describeWithBroker } from "./with-broker.ts";

const promtoolMissing =
  spawnSync("promtool", ["--version"]).error === undefined
    ? undefined
    : "promtool is not installed (Debian: apt install prometheus)";
const missing = prometheusMissing ?? promtoolMissing;
if (missing !== undefined) console.warn(`two recipes of docs/replay.md are not tried: ${missing}`);
const describeWithPrometheus = describe.skipIf(missing !== undefined && process.env.CI !== "true");

const minute = 60_000;
const day = 24 * 60 * minute;

/** The block of a recipe that is written in a language. */
function blockOf(recipe: string, language: string): string {
  const block = codeBlocks(sectionUnder(manual, recipe)).find((one) => one.language === language);
  if (block === undefined) throw new Error(`The manual has no ${language} under ${recipe}`);
  return block.code;
}

/** The flags of the Prometheus that a recipe speaks of. */
function prometheusFlags(recipe: string): string[] {
  const command = namesIn(sectionUnder(manual, recipe)).find((name) => name.startsWith("prometheus --"));
  if (command === undefined) throw new Error(`The manual has no command of Prometheus under ${recipe}`);
  return command.split(" ").slice(1);
}

/** The receipts of three hours by category and code, and what the recipes' map makes of them. */
const recent = [
  { code: "DELIVRD", category: "delivered", count: 1_000 },
  { code: "12", category: "empty_number", count: 100 },
  { code: "DB:0141", category: "blacklist", count: 63 },
  { code: "DB:0999", category: "unknown", count: 37 },
];

interface Sent {
  readonly at: number;
  readonly code: string;
}

/** Receipts of the last three hours, except the minutes that end during the test, and of whole days before. */
function historyUntil(now: number): { sent: Sent[]; month: { from: number; to: number } } {
  const random = createRandom(29);
  const today = Math.floor(now / day) * day;
  const month = { from: today - 28 * day, to: today - 8 * day };
  const days = Array.from({ length: 20 }, (_, index) => month.from + index * day).flatMap((start, index) =>
    recent.flatMap(({ code }, number) =>
      scatter(random, 20 + 7 * index + 30 * number, start, start + day).map((at) => ({ at, code })),
    ),
  );
  const hours = recent.flatMap(({ code, count }) =>
    scatter(random, count, now - 170 * minute, now - 10 * minute).map((at) => ({ at, code })),
  );
  return { sent: [...days, ...hours].sort((a, b) => a.at - b.at), month };
}

function recordOf({ at, code }: Sent) {
  const receivedAt = at - (at % 1_000);
  const event = { code, delivered: code === "DELIVRD", sentAt: receivedAt - 3_000, receivedAt };
  const value = shapes.tmcSms({ ...event, phone: "13000000000", id: "123456789012345678" });
  return { value, timestamp: String(receivedAt + 2_000) };
}

describeWithBroker("the recipes of docs/replay.md", ({ brokers }) => {
  const topic = randomName("recipes");
  const { sent, month } = historyUntil(Date.now());
  let folder = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "dlr-exporter-recipes-"));
    await createTopic(brokers, topic, 3);
    const producer = await connectProducer(brokers);
    await producer.send({ topic, messages: sent.map(recordOf) });
    await producer.disconnect();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /**
   * Runs the commands of a recipe in a folder of its own, as they are written but for what they are run on.
   *
   * @param places what else the recipe names, beside broker and topic, and what stands for it here
   */
  async function follow(recipe: string, places: Readonly<Record<string, string>> = {}): Promise<string> {
    const substitutions = { "kafka-1:9092": brokers.join(","), "sms.receipts": topic, ...places };
    const commands = Object.entries(substitutions).reduce(
      (text, [written, here]) => {
        if (!text.includes(written)) throw new Error(`The manual has no ${written} under ${recipe}`);
        return text.replaceAll(written, here);
      },
      blockOf(recipe, "sh"),
    );
    const bash = spawn("bash", ["-e", "-c", `${npxHere}; ${commands}`], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? "" },
      detached: true,
    });
    const { code, stdout, stderr } = await ending(bash);
    expect(code, stderr).toBe(0);
    return stdout;
  }

  describeWithPrometheus("Fill a gap", () => {
    let database: SeriesDatabase;
    let report = "";

    /** Scrapes itself, so that its newest sample is of now, as in any Prometheus that is at work. */
    const receiver: DatabaseProgram = {
      command: "prometheus",
      ready: "/-/ready",
      async flags(data, address) {
        const file = join(data, "prometheus.yml");
        const scraped = `[{ job_name: prometheus, static_configs: [{ targets: ["${address}"] }] }]`;
        const config = `global: { scrape_interval: 1s }\nscrape_configs: ${scraped}\n`;
        await writeFile(file, config + blockOf("Fill a gap", "yaml"));
        return [
          ...prometheusFlags("Fill a gap"),
          `--config.file=${file}`,
          `--storage.tsdb.path=${join(data, "data")}`,
          `--web.listen-address=${address}`,
        ];
      },
    };

    beforeAll(async () => {
      if (missing !== undefined) throw new Error(missing);
      database = await SeriesDatabase.start(receiver);
      await waitFor(async () => (await database.query("up", Date.now())).length > 0, { what: "a scrape" });
      report = await follow("Fill a gap", { "http://localhost:9090": database.url });
    });
    afterAll(() => database?.stop());

    it("reports the three hours", () => {
      expect(report).toMatch(/^blacklist +63 +5\.3 %$/m);
      expect(report).toContain("receipts 1200, ");
    });

    it("holds every receipt of them", async () => {
      const raw = await database.query('dlr_receipts_total{job="dlr-replay"}[4h]', Date.now());
      const rises = raw.map(({ labels, samples }) => [
        labels.code,
        (samples.at(-1)?.value ?? 0) - (samples[0]?.value ?? 0),
      ]);
      expect(Object.fromEntries(rises)).toEqual(
        Object.fromEntries(recent.map(({ code, count }) => [code, count])),
      );
    });

    it("answers the query beside it", async () => {
      const answer = await database.query(blockOf("Fill a gap", "promql"), Date.now());
      expect(answer.map(({ labels }) => labels.category).sort()).toEqual(
        recent.map(({ category }) => category).sort(),
      );
      for (const { category, count } of recent) {
        const told = answer.find(({ labels }) => labels.category === category)?.samples[0]?.value ?? 0;
        // Its samples lie up to a minute inside the three hours, and `increase` extrapolates.
        expect(Math.abs(told - count)).toBeLessThanOrEqual(0.006 * count + 1);
      }
    });
  });

  describeWithPrometheus("Load a month into Prometheus", () => {
    let database: SeriesDatabase;

    const loaded: DatabaseProgram = {
      command: "prometheus",
      ready: "/-/ready",
      async flags(data, address) {
        const path = join(data, "data");
        await follow("Load a month into Prometheus", { "/var/lib/prometheus": path });
        return [
          ...prometheusFlags("Load a month into Prometheus"),
          "--config.file=/dev/null",
          `--storage.tsdb.path=${path}`,
          `--web.listen-address=${address}`,
        ];
      },
    };

    beforeAll(async () => {
      if (missing !== undefined) throw new Error(missing);
      database = await SeriesDatabase.start(loaded);
    });
    afterAll(() => database?.stop());

    it("tells the receipts of each day and category exactly", async () => {
      const expected = new Map<string, number>();
      for (const { at, code } of sent.filter(({ at }) => at < month.to)) {
        const key = `${dayName(at)} ${recent.find((one) => one.code === code)?.category}`;
        expected.set(key, (expected.get(key) ?? 0) + 1);
      }
      const days = await askEachDay(database, countsOf(month, []), 'dlr_receipts_total{job="dlr-replay"}');
      expect(expected.size).toBe(20 * recent.length);
      expect(risesOf(days)).toEqual(expected);
    });
  });

  it("Send to Mimir, Thanos or a cluster", async () => {
    const { url, held } = await receivers();
    const hosts = ["http://mimir:8080", "http://thanos:19291", "http://vminsert:8480"];
    await follow("Send to Mimir, Thanos or a cluster", Object.fromEntries(hosts.map((host) => [host, url])));
    const tenants = ["/api/v1/push sms", "/api/v1/receive sms", "/insert/0/prometheus/api/v1/write 0"];
    expect([...held.keys()]).toEqual(tenants);
    for (const samples of held.values()) expect(samples).toBeGreaterThan(recent.length);
  });

  it("Try a map", async () => {
    const map = readFileSync("config/code-map.yaml", "utf8");
    const entry = blockOf("The code map", "yaml").trimEnd().replace(/^/gm, " ".repeat(8));
    await writeFile(join(folder, "old.yaml"), map);
    await writeFile(join(folder, "new.yaml"), map.replace(/^ {6}codes:$/m, `$&\n${entry}`));
    const told = await follow("Try a map");
    const shown = blockOf("Try a map", "text");
    expect(told.slice(0, shown.length)).toBe(shown);
    expect(told.slice(shown.length)).toMatch(/^\nDAY +FROM +TO +COUNT\n\d{4}-\d\d-\d\d /);
  });
});
