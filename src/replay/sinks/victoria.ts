import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import type { ReplayCounts } from "../counts.ts";
import { ageOfOldest } from "./age.ts";
import { type Clock, wallClock } from "./clock.ts";
import { type Endpoint, endpointOf, reasonOf, SinkError, wordsOf } from "./endpoint.ts";
import { type OpenMetricsOptions, openMetricsText, type Written } from "./openmetrics.ts";
import { metricOf } from "./samples.ts";

export interface VictoriaOptions extends OpenMetricsOptions {
  /** The address of a single-node VictoriaMetrics, such as `http://localhost:8428`; user and password may be in it. */
  readonly url: string;
  /** Of this program. */
  readonly version: string;
  /** ms since the epoch, for the age of what is missing. */
  readonly now: number;
  /** The longest time that it may take nothing, in ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly pace?: CheckPace;
  readonly clock?: Clock;
}

/** How the check asks; in ms. */
export interface CheckPace {
  /** Before each question. VictoriaMetrics remembers for about 10 s that it found nothing, so haste delays. */
  readonly between: number;
  /** How long the number of samples may stand still before the rest counts as missing. */
  readonly patience: number;
}

const defaultPace: CheckPace = { between: 2_000, patience: 15_000 };

/** How long the check waits for one answer, in ms. */
const answerMs = 30_000;

/**
 * Imports a replay into VictoriaMetrics, then asks until it holds every sample: it answers 204 at once and drops what
 * its retention does not reach without a word. Imported twice, a counter reads the same; a gauge reads double unless
 * the server runs with `-dedup.minScrapeInterval`.
 *
 * @throws SinkError when it refuses, cannot be reached, takes nothing for `timeoutMs`, drops samples, or the signal
 *   aborts
 */
export async function importVictoria(
  counts: ReplayCounts,
  options: VictoriaOptions,
): Promise<Readonly<Written>> {
  const base = endpointOf(options.url, options.version);
  const written = { samples: 0, series: 0, bytes: 0 };
  try {
    await upload(at(base, "api/v1/import/prometheus"), openMetricsText(counts, options, written), options);
    const question = countQuestion(counts, options);
    const held = await settle(at(base, "api/v1/query"), question, written.samples, options);
    if (held < written.samples) {
      const age = ageOfOldest(counts, options.as, options.now);
      throw new SinkError(
        `it took the text but holds ${held} of ${written.samples} samples; it drops what is older than its -retentionPeriod, and the oldest is ${age} old: raise it above that and replay again`,
      );
    }
    return written;
  } catch (error) {
    const reason = options.signal.aborted ? "stopped" : reasonOf(error);
    throw new SinkError(`VictoriaMetrics at ${base.url}: ${reason}`, { cause: error });
  }
}

function at({ url, headers }: Endpoint, path: string): Endpoint {
  return { url: `${url.replace(/\/$/, "")}/${path}`, headers };
}

/** By node:http: `fetch` reads a stream as fast as it comes, and holds in memory what the server has not yet taken. */
async function upload(
  { url, headers }: Endpoint,
  document: Iterable<Buffer>,
  { timeoutMs, signal }: VictoriaOptions,
): Promise<void> {
  const open = url.startsWith("https:") ? https.request : http.request;
  const request = open(url, {
    method: "POST",
    headers: { ...headers, "content-type": "text/plain" },
    signal,
    timeout: timeoutMs,
  });
  request.on("timeout", () => request.destroy(new SinkError("it did not answer in time")));
  const responding = new Promise<IncomingMessage>((resolve, reject) => {
    request.once("response", resolve).once("error", reject);
  });
  const sending = pipeline(document, request);
  // A refusal may come in the middle, and then says more than the connection that breaks with it.
  sending.catch(() => {});
  try {
    const response = await responding;
    const { statusCode = 0 } = response;
    if (statusCode < 200 || statusCode > 299) {
      throw new SinkError(`refused; ${wordsOf(statusCode, await text(response))}`);
    }
    response.resume();
    await sending;
  } finally {
    request.destroy();
  }
}

/** The parameters of a query for the number of samples that the server holds of this replay. */
function countQuestion(counts: ReplayCounts, { as, job, instance }: VictoriaOptions): URLSearchParams {
  const { from, to, step } = counts.window;
  const selector = `${metricOf(as, step).name}{job=${JSON.stringify(job)},instance=${JSON.stringify(instance)}}`;
  // The range is open at its start, where a counter's first 0 may lie.
  const query = `sum(count_over_time(${selector}[${to - from + step}ms]))`;
  return new URLSearchParams({ query, time: String(to / 1000), nocache: "1" });
}

const countAnswer = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.coerce.number()]) })) }),
});

/** Asks until all samples are there or their number stands still. @returns the number */
async function settle(
  endpoint: Endpoint,
  question: URLSearchParams,
  expected: number,
  { pace: { between, patience } = defaultPace, signal, clock = wallClock }: VictoriaOptions,
): Promise<number> {
  let held = 0;
  for (let grown = clock.now(); held < expected && clock.now() - grown < patience; ) {
    await clock.sleep(between, signal);
    const limit = AbortSignal.any([signal, clock.limit(answerMs)]);
    const now = await ask(endpoint, question, limit);
    if (now > held) grown = clock.now();
    held = now;
  }
  return held;
}

async function ask(
  { url, headers }: Endpoint,
  question: URLSearchParams,
  signal: AbortSignal,
): Promise<number> {
  const response = await fetch(`${url}?${question}`, { headers, redirect: "manual", signal });
  const body = await response.text();
  const answer = response.ok ? countAnswer.safeParse(parseJson(body)) : undefined;
  if (answer?.success !== true) {
    throw new SinkError(`it took the text but cannot be asked for it; ${wordsOf(response.status, body)}`);
  }
  return answer.data.data.result[0]?.value[1] ?? 0;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
