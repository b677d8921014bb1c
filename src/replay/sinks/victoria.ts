import { z } from "zod";
import type { ReplayCounts } from "../counts.ts";
import { type Clock, wallClock } from "./clock.ts";
import {
  type Attempt,
  attemptOf,
  isTaken,
  loginAdvice,
  type Pace,
  persist,
  RefusedError,
} from "./delivery.ts";
import { below, type Endpoint, SinkError, whyUnanswered, wordsOf } from "./endpoint.ts";
import { type Asked, exchange } from "./exchange.ts";
import { type OpenMetricsOptions, openMetricsText, type Written } from "./openmetrics.ts";
import { ageOfOldest, familiesOf } from "./samples.ts";

/** A VictoriaMetrics, and how long to retry. */
export interface Importing {
  /** The address of a single-node VictoriaMetrics, such as `http://localhost:8428`. */
  readonly endpoint: Endpoint;
  /** The longest time without progress, in ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Called with the reason of each retry. */
  readonly onWait?: ((reason: string) => void) | undefined;
  readonly clock?: Clock;
}

export interface VictoriaOptions extends OpenMetricsOptions, Importing {
  /** ms since the epoch, for the age of missing samples. */
  readonly now: number;
  readonly pace?: CheckPace;
}

/** The intervals of the check, in ms. */
export interface CheckPace {
  /** Before each query. VictoriaMetrics caches an empty result for about 10 s, so a quick query delays the check. */
  readonly between: number;
  /** How long the number of samples may stay the same before the rest counts as missing. */
  readonly patience: number;
}

const defaultPace: CheckPace = { between: 2_000, patience: 15_000 };

/** Retries after temporary failures. */
const persistence: Pace = { attempt: 30_000, shortest: 250, longest: 10_000 };

/** Error codes that mean that the server has received nothing. */
const nobodyThere = ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "EAI_AGAIN"];

/**
 * Checks that a VictoriaMetrics is there, and accepts imports and queries from us: imports nothing, and queries a
 * number.
 *
 * @throws SinkError like {@link importVictoria}
 */
export async function tryVictoria(importing: Importing): Promise<void> {
  await inWords(importing, async () => {
    await upload(() => [], importing);
    await ask(new URLSearchParams({ query: "vector(0)" }), importing);
  });
}

/**
 * Imports a replay into VictoriaMetrics, then queries until it has every sample: it answers 204 at once, and silently
 * drops what is beyond its retention. After a second import a counter reads the same; a gauge reads double unless the
 * server runs with `-dedup.minScrapeInterval`.
 *
 * @throws SinkError when it rejects the import, can't be reached, accepts nothing for `timeoutMs`, drops samples, or
 *   the signal aborts
 */
export async function importVictoria(
  counts: ReplayCounts,
  options: VictoriaOptions,
): Promise<Readonly<Written>> {
  let written: Written = { samples: 0, series: 0, bytes: 0 };
  return inWords(options, async () => {
    const text = () => {
      written = { samples: 0, series: 0, bytes: 0 };
      return openMetricsText(counts, options, written);
    };
    await upload(text, options);
    const held = await awaitHeld(countQuestion(counts, options), written.samples, options);
    if (held < written.samples) {
      const age = ageOfOldest(counts, options.as, options.now);
      throw new SinkError(
        `it accepted the import but has only ${held} of ${written.samples} samples; it drops samples older than its -retentionPeriod, and the oldest is ${age} old: raise -retentionPeriod above that and replay again`,
      );
    }
    return written;
  });
}

/** Prefixes errors with where they occurred. */
async function inWords<T>({ endpoint, signal }: Importing, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const login = error instanceof RefusedError && error.wantsLogin ? `${loginAdvice}; ` : "";
    const reason = signal.aborted ? "stopped" : `${login}${whyUnanswered(error)}`;
    throw new SinkError(`VictoriaMetrics at ${endpoint.shown}: ${reason}`, { cause: error });
  }
}

/**
 * Uploads, with retries if the server has received nothing. An upload that breaks off is not repeated:
 * VictoriaMetrics would store the received part twice, and sums of a gauge would be double.
 *
 * @param text creates the chunks for each attempt
 */
async function upload(text: () => NonNullable<Asked["body"]>, importing: Importing): Promise<void> {
  const { endpoint, timeoutMs, signal } = importing;
  const importAt = below(endpoint, "api/v1/import/prometheus");
  const attempt = async (): Promise<Attempt<undefined>> => {
    const headers = { "content-type": "text/plain" };
    try {
      // It may take as long as it makes progress.
      const asked = { method: "POST", headers, body: text(), idleMs: timeoutMs } as const;
      const answer = await exchange(importAt, asked, signal);
      const { status } = answer;
      if (isTaken(answer)) return { verdict: "taken", value: undefined };
      const reason = `refused; ${wordsOf(answer, endpoint)}`;
      if (status !== 503 && status !== 429) return { verdict: "refused", status, reason };
      return { verdict: "busy", reason, retryAfter: answer.headers["retry-after"] };
    } catch (error) {
      if (!isNobodyThere(error)) throw error;
      return { verdict: "busy", reason: whyUnanswered(error), retryAfter: undefined };
    }
  };
  await persist(attempt, { ...importing, pace: persistence });
}

function isNobodyThere(error: unknown): boolean {
  return error instanceof Error && "code" in error && nobodyThere.includes(String(error.code));
}

/** The parameters of a query for the number of this replay's samples on the server. */
function countQuestion(counts: ReplayCounts, { as, job, instance }: VictoriaOptions): URLSearchParams {
  const { from, to, step } = counts.window;
  const names = familiesOf(counts, as).flatMap((family) => family.names);
  const [name, named] = names.length === 1 ? [names[0], ""] : ["", `__name__=~"${names.join("|")}",`];
  const selector = `${name}{${named}job=${JSON.stringify(job)},instance=${JSON.stringify(instance)}}`;
  // The range excludes its start, where a counter's first 0 may be.
  const query = `sum(count_over_time(${selector}[${to - from + step}ms]))`;
  return new URLSearchParams({ query, time: String(to / 1000), nocache: "1" });
}

const countAnswer = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.coerce.number()]) })) }),
});

/** Queries until all samples are there, or their number no longer changes. @returns the number */
async function awaitHeld(
  question: URLSearchParams,
  expected: number,
  { pace: { between, patience } = defaultPace, ...importing }: VictoriaOptions,
): Promise<number> {
  const { signal, clock = wallClock } = importing;
  let held = 0;
  for (let grown = clock.now(); held < expected && clock.now() - grown < patience;) {
    await clock.sleep(between, signal);
    const now = await ask(question, importing);
    if (now > held) grown = clock.now();
    held = now;
  }
  return held;
}

/** @returns the result of a query; 0 if it is empty */
async function ask(question: URLSearchParams, importing: Importing): Promise<number> {
  const { endpoint } = importing;
  const queryAt = below(endpoint, "api/v1/query", question);
  const attempt = async (signal: AbortSignal): Promise<Attempt<number>> => {
    const asked = await attemptOf(queryAt, { method: "GET" }, signal);
    if (asked.verdict === "busy") return asked;
    const cannot = (status: number, reason: string) =>
      ({ verdict: "refused", status, reason: `the import succeeded but queries fail; ${reason}` }) as const;
    if (asked.verdict === "refused") return cannot(asked.status, asked.reason);
    const answer = asked.value;
    const counted = countAnswer.safeParse(parseJson(answer.body));
    if (!counted.success) return cannot(answer.status, wordsOf(answer, endpoint));
    return { verdict: "taken", value: counted.data.data.result[0]?.value[1] ?? 0 };
  };
  return (await persist(attempt, { ...importing, pace: persistence })).value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
