import snappy from "snappy";
import type { ReplayCounts } from "../counts.ts";
import { batchesOf } from "./batches.ts";
import type { Clock } from "./clock.ts";
import { deliver, loginAdvice, type Pace, RefusedError, saysTooOld } from "./delivery.ts";
import { type Endpoint, SinkError, whyUnanswered } from "./endpoint.ts";
import type { OpenMetricsOptions } from "./openmetrics.ts";
import { encodeWriteRequest, type TimeSeries } from "./protobuf.ts";
import { ageOfOldest } from "./samples.ts";

/** A receiver, and how long to retry. */
export interface Receiving {
  /** The receiver's whole address, such as `http://localhost:9090/api/v1/write`. */
  readonly endpoint: Endpoint;
  /** The longest time without an accepted batch, in ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Called with the reason of each retry. */
  readonly onWait?: ((reason: string) => void) | undefined;
  readonly pace?: Pace;
  readonly clock?: Clock;
}

export interface RemoteWriteOptions extends OpenMetricsOptions, Receiving {
  /** Called with the number of samples accepted so far. */
  readonly onTaken?: (samples: number) => void;
  /** No sample may be later, in ms since the epoch. */
  readonly now: number;
}

/** What the receiver has accepted. */
export interface RemoteWritten {
  samples: number;
  batches: number;
  /** Samples in the future, which were moved to now. */
  clamped: number;
  /** Number of retries. */
  retried: number;
}

const defaultPace: Pace = { attempt: 30_000, shortest: 250, longest: 10_000 };

const headers = {
  "content-encoding": "snappy",
  "content-type": "application/x-protobuf",
  "x-prometheus-remote-write-version": "0.1.0",
};

/**
 * Checks that a receiver is there, supports remote write, and accepts it from us: sends a request without samples,
 * which a receiver answers like any other and which leaves no trace.
 *
 * @throws SinkError like {@link remoteWrite}
 */
export async function tryRemoteWrite(receiving: Receiving): Promise<void> {
  const { endpoint, signal } = receiving;
  try {
    await send(receiving, []);
  } catch (error) {
    const reason = signal.aborted ? "stopped" : explain(error, undefined);
    throw new SinkError(`remote write to ${endpoint.shown}: ${reason}`, { cause: error });
  }
}

/**
 * Sends a replay to a running Prometheus, Mimir or Thanos with remote write 1.0, one request at a time. Sending the
 * same samples again, in whole or in part, changes nothing.
 *
 * @throws SinkError when the receiver rejects it, can't be reached for `timeoutMs`, or the signal aborts: with the
 *   reason, in the receiver's own words if it has any, and the number of accepted samples
 */
export async function remoteWrite(
  counts: ReplayCounts,
  options: RemoteWriteOptions,
): Promise<Readonly<RemoteWritten>> {
  const { endpoint, signal } = options;
  const written = { samples: 0, batches: 0, clamped: 0, retried: 0 };
  try {
    for (const { series, samples } of batchesOf(counts, options, written)) {
      signal.throwIfAborted();
      written.retried += await send(options, series);
      written.samples += samples;
      written.batches++;
      options.onTaken?.(written.samples);
    }
    return written;
  } catch (error) {
    const reason = signal.aborted ? "stopped" : explain(error, ageOfOldest(counts, options.as, options.now));
    const taken = `${written.samples} samples were accepted before`;
    throw new SinkError(`remote write to ${endpoint.shown}: ${reason} (${taken})`, { cause: error });
  }
}

/** @returns the number of failed attempts */
function send(
  { endpoint, timeoutMs, signal, onWait, pace = defaultPace, clock }: Receiving,
  series: readonly TimeSeries[],
): Promise<number> {
  const body = snappy.compressSync(encodeWriteRequest(series));
  return deliver(endpoint, headers, body, { timeoutMs, pace, signal, onWait, clock });
}

/** @param age of the oldest sample, in words; undefined when none was sent */
function explain(error: unknown, age: string | undefined): string {
  const reason = whyUnanswered(error);
  if (!(error instanceof RefusedError)) return reason;
  if (error.wantsLogin) return `${loginAdvice}; ${reason}`;
  if (saysTooOld(reason) && age !== undefined) {
    return `the receiver does not accept samples this old: the oldest is ${age} old; raise its out_of_order_time_window (Prometheus: storage.tsdb) and its retention above that; ${reason}`;
  }
  if (/duplicate (?:sample|timestamp)|sample-duplicate-timestamp/i.test(reason)) {
    return `the receiver already has other values for these labels and times; use another --instance; ${reason}`;
  }
  return `refused; ${reason}`;
}
