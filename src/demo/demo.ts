import { setTimeout as sleep } from "node:timers/promises";
import type { Broker } from "../../test/lab/broker-contract.ts";
import { type ExporterProcess, startExporter } from "../../test/lab/exporter.ts";
import { parseMetrics, type Sample, sumBy } from "../../test/lab/scrape.ts";
import { type AlertWatch, watchAlerts } from "./alerts.ts";
import { createDemoTopic, type DemoTopic, produceLive } from "./produce.ts";
import { writeSettings } from "./settings.ts";
import { differences, readCounts, renderSummary } from "./settle.ts";
import { createStream, type Stream } from "./stream.ts";
import { createDisplay, type Frame } from "./table.ts";

export interface DemoOptions {
  readonly seed: number;
  /** Receipts a second. */
  readonly rate: number;
  /** Length in seconds; undefined runs until it is stopped. */
  readonly seconds: number | undefined;
  /** Also run a Prometheus with the project's rules, and show the alerts. */
  readonly alerts: boolean;
}

const partitions = 4;
/** Seconds between two blacklist spikes of an endless demo. */
export const endlessCycle = 60;
/** A spike long enough for an alert, whose windows are minutes long: ten minutes after the first. In seconds. */
export const alertingSpike = { seconds: 1800, spike: { from: 60, until: 660 } };
/** A busy machine takes longer to count. */
const settleTimeoutMs = 180_000;

/**
 * Sends an invented stream through Kafka into an exporter and shows its counts, until the time is up or the signal
 * aborts it. Stops what it started, but not the broker.
 *
 * @returns whether everything sent was counted exactly; also true when the signal aborted it
 * @throws the signal's reason when it aborts before the exporter is started; Error with the exporter's log when the
 *   exporter exits
 */
export async function runDemo(options: DemoOptions, broker: Broker, signal: AbortSignal): Promise<boolean> {
  signal.throwIfAborted();
  const topic = await createDemoTopic(broker.brokers, partitions);
  try {
    signal.throwIfAborted();
    const settings = await writeSettings(topic.name);
    const exporter = await startExporter([
      ...["--config", settings.file, "--brokers", broker.brokers.join(","), "--group", topic.group],
      ...["--commit-interval", "1000"],
    ]).finally(settings.remove);
    try {
      const alerts = options.alerts ? await watchAlerts(exporter.port) : undefined;
      try {
        return await play(options, topic, exporter, alerts, signal);
      } finally {
        await alerts?.stop();
      }
    } finally {
      await exporter.stop();
    }
  } finally {
    if (broker.kind === "given") await topic.remove();
    await topic.close();
  }
}

async function play(
  options: DemoOptions,
  topic: DemoTopic,
  exporter: ExporterProcess,
  alerts: AlertWatch | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const died = new AbortController();
  void exporter.ended.then((how) =>
    died.abort(new Error(`the exporter ended by itself (${how}):\n${exporter.log()}`)),
  );
  const stop = AbortSignal.any([signal, died.signal]);
  const produced = new AbortController();
  const stream = createStream({
    ...options,
    ...(options.alerts ? alertingSpike : { seconds: options.seconds ?? endlessCycle }),
  });
  try {
    const producing = produceLive(stream, topic, options.seconds, stop).finally(() => produced.abort());
    await Promise.all([producing, show(exporter, alerts, AbortSignal.any([stop, produced.signal]))]);
    return await settle(stream, exporter, stop);
  } catch (error) {
    if (died.signal.aborted) throw died.signal.reason;
    if (signal.aborted) return true;
    throw error;
  }
}

/** Scrapes every second, as Prometheus would, and shows the categories and the alerts. */
async function show(
  exporter: ExporterProcess,
  alerts: AlertWatch | undefined,
  done: AbortSignal,
): Promise<void> {
  process.stdout.write(`metrics: http://127.0.0.1:${exporter.port}/metrics\n`);
  if (alerts !== undefined) process.stdout.write(`Prometheus: ${alerts.address}/alerts\n`);
  const display = createDisplay(process.stdout);
  const start = Date.now();
  const history: { at: number; categories: Map<string, number> }[] = [];
  while (!done.aborted) {
    const samples = parseMetrics(await exporter.metrics());
    const now = { at: Date.now(), categories: readCounts(samples).categories };
    history.push(now);
    if (history.length > rateWindow) history.shift();
    display({ ...frameOf(samples, now, history[0] ?? now, start), alerts: await alerts?.active() });
    await sleep(1000, undefined, { signal: done }).catch(() => {});
  }
}

/** Number of scrapes for a rate. */
const rateWindow = 15;

function frameOf(
  samples: readonly Sample[],
  now: { at: number; categories: Map<string, number> },
  before: { at: number; categories: Map<string, number> },
  start: number,
): Omit<Frame, "alerts"> {
  const minutes = Math.max(now.at - before.at, 1000) / 60_000;
  const total = (name: string) => sumBy(samples, name, () => "").get("") ?? 0;
  return {
    seconds: Math.round((now.at - start) / 1000),
    receipts: total("dlr_receipts_total"),
    malformed: total("dlr_malformed_records_total"),
    lag: total("dlr_consumer_lag_records"),
    categories: [...now.categories].map(([name, value]) => ({
      name,
      total: value,
      perMinute: (value - (before.categories.get(name) ?? 0)) / minutes,
    })),
  };
}

/** Waits until the exporter has counted everything sent, and prints both sides. */
async function settle(stream: Stream, exporter: ExporterProcess, stop: AbortSignal): Promise<boolean> {
  const deadline = Date.now() + settleTimeoutMs;
  let counted = readCounts(parseMetrics(await exporter.metrics()));
  while (differences(stream.sent, counted).length > 0 && Date.now() < deadline) {
    await sleep(250, undefined, { signal: stop });
    counted = readCounts(parseMetrics(await exporter.metrics()));
  }
  const wrong = differences(stream.sent, counted);
  const { receipts, records } = stream.sent;
  process.stdout.write(`\n${renderSummary(stream.sent, counted)}`);
  process.stdout.write(
    wrong.length === 0
      ? `${receipts.toLocaleString("en")} receipts in ${records.toLocaleString("en")} records: every code counted exactly.\n`
      : `Not exact:\n${wrong.join("\n")}\n`,
  );
  return wrong.length === 0;
}
