import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { ClientSettings } from "./client-settings.ts";
import { Cluster, inNoGroup } from "./cluster.ts";
import { KafkaFailure } from "./failure.ts";
import { HistoryReading, isRead, type StretchReader } from "./history-reading.ts";
import { nameOf } from "./login/login.ts";
import type { Patience } from "./stretches.ts";

/** How often to look whether records still arrive, in ms. */
const watchMs = 200;

/**
 * Reads stretches, each once and in order, interleaved as the brokers send them. Partitions are fetched from their
 * leaders, without a consumer group: it would need rights of its own, and has to be deleted afterwards.
 *
 * @returns true when all were read to their end, false when the signal aborted the read
 * @throws KafkaFailure: `silent` when no record arrives for too long, `corrupt` when one can't be read, and when
 *   a topic may not be read or was recreated
 */
export async function readStretches(
  client: ClientSettings,
  readers: readonly StretchReader[],
  { timeoutMs, signal }: Patience,
  log: Logger,
): Promise<boolean> {
  const cluster = new Cluster(client, inNoGroup, log);
  const reading = new HistoryReading(readers, cluster, nameOf(client.sasl), log);
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  try {
    await Promise.race([reading.read(), watch(reading, timeoutMs, either)]);
    return readers.every(isRead);
  } finally {
    ended.abort();
    reading.stop();
    cluster.close();
  }
}

/** Returns when the signal is aborted. */
async function watch(reading: HistoryReading, timeoutMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(Math.min(timeoutMs, watchMs), undefined, { signal }).catch(() => {});
    const silence = performance.now() - reading.progressAt;
    if (!signal.aborted && silence > timeoutMs) {
      const why = reading.trouble ?? "is a broker down?";
      throw new KafkaFailure("silent", `no record received for ${Math.round(silence / 1000)} s: ${why}`);
    }
  }
}
