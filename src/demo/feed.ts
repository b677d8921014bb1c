import { alertingSpike, type DemoOptions } from "./demo.ts";
import { openTopic, produceLive } from "./produce.ts";
import { createStream } from "./stream.ts";

/** How often it reports what was sent, in ms. */
const reportIntervalMs = 5000;

/**
 * Sends the demo's receipts, with a long blacklist spike, to a topic that another exporter reads, and leaves them
 * there. Reports what was sent, until the time is up or the signal aborts it.
 *
 * @throws Error when the topic does not exist, or the broker does not accept the records
 */
export async function feed(
  options: Omit<DemoOptions, "alerts">,
  brokers: readonly string[],
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const topic = await openTopic(brokers, name);
  const stream = createStream({ ...options, ...alertingSpike });
  const start = Date.now();
  const report = () => {
    const { receipts, categories } = stream.sent;
    const seconds = Math.round((Date.now() - start) / 1000);
    const spike = stream.spiking ? ", the blacklist spike is on" : "";
    process.stdout.write(
      `${seconds} s, ${receipts.toLocaleString("en")} receipts sent to ${name}, of them ` +
        `${(categories.get("blacklist") ?? 0).toLocaleString("en")} blacklist${spike}\n`,
    );
  };
  const reports = setInterval(report, reportIntervalMs);
  try {
    await produceLive(stream, topic, options.seconds, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearInterval(reports);
    report();
    await topic.close();
  }
}
