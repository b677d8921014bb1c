import { setInterval } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Report } from "../../src/replay/report/report.ts";
import {
  connect,
  type ExporterProcess,
  parseMetrics,
  randomName,
  startExporter,
  sumBy,
  waitFor,
  withAdmin,
} from "../integration/harness.ts";
import { type Bench, measured, outputOf } from "./measured.ts";
import type { BenchTopic } from "./topic.ts";
import type { Usage } from "./usage.ts";
import { window } from "./workload.ts";

/** What one program did with a whole topic. */
export interface Measurement {
  /** From the start of its process until it had everything: read, committed, or reported. */
  readonly seconds: number;
  /** Records, of a program that does not look into them; else receipts by code. */
  readonly counted: number | ReadonlyMap<string, number>;
  readonly usage: Usage;
}

export interface Program {
  readonly name: string;
  measure(topic: BenchTopic): Promise<Measurement>;
}

/** As it is installed: `npm run bench` builds it first. */
const program = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

const drainModule = fileURLToPath(new URL("drain.ts", import.meta.url));
const longestRunMs = 900_000;

/** kafkajs alone, with its defaults: reads every batch and does nothing with it. What the others are held against. */
export const yardstick: Program = {
  name: "kafkajs `eachBatch`, drain only (the yardstick)",
  measure: (topic) =>
    inGroup(topic, async ({ env, elapsed }, group) => {
      const args = [drainModule, topic.brokers.join(","), topic.name, group, String(topic.records)];
      return { counted: Number(await outputOf(args, env)), seconds: elapsed() };
    }),
};

/** The whole exporter, with a commit and a scrape each second; until its group has committed the last receipt. */
export const run: Program = {
  name: "dlr-exporter `run`",
  measure: (topic) =>
    inGroup(topic, async (bench, group) => {
      const exporter = await startRun(topic, group, bench);
      try {
        const crashed = exporter.ended.then(() => {
          throw new Error(`the exporter ended by itself:\n${exporter.log()}`);
        });
        await Promise.race([crashed, untilCommitted(exporter, topic, group)]);
        const seconds = bench.elapsed();
        return { seconds, counted: await Promise.race([crashed, untilShown(exporter, topic)]) };
      } finally {
        await exporter.stop();
      }
    }),
};

/** A replay of all of it by the minute, to a report. */
export const replay = replayWith("1");

/** The same with so many worker threads. */
export function replayWith(workers: string): Program {
  return { name: "dlr-exporter `replay`", measure: (topic) => replayed(topic, workers) };
}

async function replayed(topic: BenchTopic, workers: string): Promise<Measurement> {
  const { result, usage } = await measured(topic, async ({ env, elapsed, flags }) => {
    const args = [
      ...[program, "replay", "--brokers", topic.brokers.join(","), "--topic", topic.name, ...flags],
      ...["--report", "json", "--quiet", "--from", window.from, "--to", window.to, "--workers", workers],
    ];
    const { counts } = JSON.parse(await outputOf(args, asInstalled(env))) as Report;
    const counted = new Map<string, number>();
    for (const { code, count } of counts) counted.set(code, (counted.get(code) ?? 0) + count);
    return { counted, seconds: elapsed() };
  });
  return { ...result, usage };
}

/** Starts `run` on a topic as the image starts it. @param more by default it commits each second */
export function startRun(
  { brokers }: BenchTopic,
  group: string,
  { env, flags }: Bench,
  more: readonly string[] = ["--commit-interval", "1000"],
): Promise<ExporterProcess> {
  const what = ["--brokers", brokers.join(","), "--group", group, ...more];
  return startExporter([...what, ...flags], asInstalled(env), program);
}

/** The variables of a process that runs as in the image. */
function asInstalled(env: Bench["env"]): Bench["env"] {
  return { ...env, NODE_OPTIONS: `${env.NODE_OPTIONS ?? ""} --max-semi-space-size=2` };
}

/** Measures what a program does under a group of its own, and removes the group. */
export async function inGroup<T>(
  topic: BenchTopic,
  work: (bench: Bench, group: string) => Promise<T>,
): Promise<T & { usage: Usage }> {
  const group = randomName(topic.name);
  const { result, usage } = await measured(topic, (bench) => work(bench, group));
  await withAdmin(topic.brokers, (admin) => admin.deleteGroups([group]));
  return { ...result, usage };
}

/** Scrapes each second until the group's offsets are at the end of the topic. */
async function untilCommitted(exporter: ExporterProcess, topic: BenchTopic, group: string): Promise<void> {
  const admin = connect(topic.brokers).admin();
  const over = new AbortController();
  const scraping = scrapeEachSecond(exporter, over.signal);
  await admin.connect();
  try {
    const committed = waitFor(
      async () => {
        const [found] = await admin.fetchOffsets({ groupId: group, topics: [topic.name] });
        const offsets = found?.partitions.map(({ offset }) => Math.max(0, Number(offset))) ?? [];
        return sumOf(offsets) >= topic.records;
      },
      { what: `${topic.records} records to be committed`, timeoutMs: longestRunMs },
    );
    await Promise.race([committed, scraping]);
  } finally {
    over.abort();
    await admin.disconnect();
  }
}

async function scrapeEachSecond(exporter: ExporterProcess, over: AbortSignal): Promise<void> {
  try {
    for await (const _ of setInterval(1000, undefined, { signal: over })) await exporter.metrics();
  } catch (error) {
    if (!over.aborted) throw error;
  }
}

/** Scrapes until the page shows everything. @returns the receipts by code */
async function untilShown(
  exporter: ExporterProcess,
  topic: BenchTopic,
): Promise<ReadonlyMap<string, number>> {
  let counted: ReadonlyMap<string, number> = new Map();
  await waitFor(
    async () => {
      const samples = parseMetrics(await exporter.metrics());
      counted = sumBy(samples, "dlr_receipts_total", ({ code = "" }) => code);
      return sumOf(sumBy(samples, "dlr_committed_offset", () => "").values()) >= topic.records;
    },
    { what: `${topic.records} records to be shown` },
  );
  return counted;
}

function sumOf(numbers: Iterable<number>): number {
  return [...numbers].reduce((sum, number) => sum + number, 0);
}
