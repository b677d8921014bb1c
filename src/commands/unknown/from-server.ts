import { z } from "zod";
import type { TargetSettings } from "../../config/schema.ts";
import { loginAdvice } from "../../replay/sinks/delivery.ts";
import { below, type Endpoint, endpointOf, whyUnanswered, wordsOf } from "../../replay/sinks/endpoint.ts";
import { exchange } from "../../replay/sinks/exchange.ts";
import { version } from "../version.ts";
import { samplesOf } from "./exposition.ts";
import { type CodeCount, type Counted, totalKey } from "./occurrences.ts";

/** Request timeout, in ms. */
const patience = 60_000;

/** Larger than the page of an exporter with a thousand partitions, in bytes. */
const longestPage = 256 * 1024 * 1024;

/** Number of steps in a period, to see when a code came first and last. */
const steps = 500;

const shortestStep = 15;

/** A server could not be queried; the message is for the operator. */
export class AskingError extends Error {
  override readonly name = "AskingError";
}

/**
 * The counts of a running exporter, since their start.
 *
 * @param address of the exporter, with or without the path of its metrics
 * @throws AskingError
 */
export async function askExporter(address: string, target: TargetSettings): Promise<Counted> {
  const given = endpointOf(address, version, target);
  const endpoint = new URL(given.url).pathname === "/" ? below(given, "metrics") : given;
  const totals = new Map<string, number>();
  const unknown: CodeCount[] = [];
  let found = false;
  for (const { labels, value } of samplesOf(await get(endpoint), "dlr_receipts_total")) {
    found = true;
    const count = countOf(labels, value);
    totals.set(totalKey(count), (totals.get(totalKey(count)) ?? 0) + value);
    if (labels.category === "unknown") unknown.push(count);
  }
  if (!found) throw new AskingError(`${endpoint.shown} has no dlr_receipts_total: is it a dlr-exporter?`);
  return { unknown, totals, stepMs: undefined };
}

/**
 * The exact increase of counters in a window, in PromQL: without the extrapolation of `increase()`, and independent
 * of which instance owned which partition. Counts before a counter reset are missed.
 */
function risenIn(series: string, window: string): string {
  const without = "without (instance, pod)";
  return `(max ${without} (max_over_time(${series}[${window}])) - min ${without} (min_over_time(${series}[${window}])))`;
}

/**
 * The counts in a Prometheus for a period that ends now: what it has scraped, with times known to one step.
 *
 * @param since the length of the period, in ms
 * @param now in ms since the epoch
 * @throws AskingError
 */
export async function askPrometheus(
  address: string,
  { since, now }: { readonly since: number; readonly now: number },
  target: TargetSettings,
): Promise<Counted> {
  const endpoint = endpointOf(address, version, target);
  const step = Math.max(shortestStep, Math.ceil(since / 1_000 / steps));
  const at = { time: String(now / 1_000) };
  const range = { start: String((now - since) / 1_000), end: at.time, step: String(step) };
  const one = "provider, channel, scope, code, outcome";
  const unknown = 'dlr_receipts_total{category="unknown"}';
  const within = `${Math.ceil(since / 1_000)}s`;
  const ask = (path: string, query: string, times: Readonly<Record<string, string>>) =>
    get(below(endpoint, path, new URLSearchParams({ query, ...times })));
  const [counts, all, series] = await Promise.all([
    ask("api/v1/query", `sum by (${one}) ${risenIn(unknown, within)} > 0`, at),
    ask("api/v1/query", `sum by (provider, channel) ${risenIn("dlr_receipts_total", within)}`, at),
    // Twice the step, so that an increase between the samples of neighbouring windows is in one of them.
    ask("api/v1/query_range", `sum by (${one}) ${risenIn(unknown, `${2 * step}s`)} > 0`, range),
  ]);
  const times = new Map(
    parsed(rangeAnswer, series, endpoint).map(({ metric, values }) => {
      const [first = 0, last = 0] = [values[0]?.[0], values.at(-1)?.[0]];
      // The last window has no successor to tell in which half of it the receipts came.
      const isNow = last + step > now / 1_000;
      return [
        keyOf(metric),
        { firstAt: 1_000 * (first - step), lastAt: 1_000 * (isNow ? last : last - step) },
      ];
    }),
  );
  return {
    unknown: parsed(instantAnswer, counts, endpoint).map(({ metric, value: [, value] }) => ({
      ...countOf(metric, Number(value)),
      ...times.get(keyOf(metric)),
    })),
    totals: new Map(
      parsed(instantAnswer, all, endpoint).map(({ metric, value: [, value] }) => [
        totalKey(countOf(metric, 0)),
        Number(value),
      ]),
    ),
    stepMs: 1_000 * step,
  };
}

const labels = z.record(z.string(), z.string());
const point = z.tuple([z.number(), z.string()]);
const instantAnswer = z.object({
  data: z.object({
    resultType: z.literal("vector"),
    result: z.array(z.object({ metric: labels, value: point })),
  }),
});
const rangeAnswer = z.object({
  data: z.object({
    resultType: z.literal("matrix"),
    result: z.array(z.object({ metric: labels, values: z.array(point) })),
  }),
});

function parsed<Result>(
  schema: z.ZodType<{ data: { result: Result[] } }>,
  text: string,
  { shown }: Endpoint,
): Result[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Reported below: it is not a Prometheus response.
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data.data.result;
  throw new AskingError(
    `${shown} does not answer like a Prometheus: set --prometheus to its address, such as http://localhost:9090`,
  );
}

type Labels = Readonly<Record<string, string>>;

function countOf(
  { provider = "", channel = "", scope = "", code = "", outcome = "" }: Labels,
  count: number,
): CodeCount {
  return { provider, channel, scope, code, outcome, count, firstAt: undefined, lastAt: undefined };
}

function keyOf({ provider, channel, scope, code, outcome }: Labels): string {
  return [provider, channel, scope, code, outcome].join("\t");
}

async function get(endpoint: Endpoint): Promise<string> {
  const signal = AbortSignal.timeout(patience);
  try {
    const answer = await exchange(endpoint, { method: "GET", longest: longestPage }, signal);
    if (answer.status !== 200) {
      const advice = answer.status === 401 || answer.status === 403 ? `; ${loginAdvice}` : "";
      throw new AskingError(`cannot query ${endpoint.shown}: ${wordsOf(answer, endpoint)}${advice}`);
    }
    if (!answer.isWhole) throw new AskingError(`the response of ${endpoint.shown} was cut off`);
    return answer.body;
  } catch (error) {
    if (error instanceof AskingError) throw error;
    throw new AskingError(`cannot query ${endpoint.shown}: ${whyUnanswered(error)}`, { cause: error });
  }
}
