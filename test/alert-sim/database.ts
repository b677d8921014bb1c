import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { z } from "zod";
import { freePort, waitFor } from "../integration/harness.ts";
import { endProcess, guarded, type TemporaryFolder, temporaryFolder } from "../lab/guarded.ts";

/** A series over a stretch of time. */
export interface Stretch {
  readonly labels: Readonly<Record<string, string>>;
  /** Seconds since the epoch and the value, in order of time. */
  readonly samples: readonly (readonly [number, string])[];
}

const rangeAnswer = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        // Millions of them: what they hold is Prometheus' promise.
        values: z.custom<(readonly [number, string])[]>(Array.isArray),
      }),
    ),
  }),
});

/** Prometheus gives at most 11,000 points of a series at once. */
const mostPoints = 10_000;
const step = 60;

/** A Prometheus of our own whose past is written, block by block. */
export class Database {
  /** A month takes hundreds of megabytes. */
  readonly #folder: TemporaryFolder;
  readonly #signal: AbortSignal;
  readonly #lookback: string;
  #address = "";
  #process: ChildProcess | undefined;

  private constructor(folder: TemporaryFolder, signal: AbortSignal, lookback: string) {
    this.#folder = folder;
    this.#signal = signal;
    this.#lookback = lookback;
  }

  /**
   * @param signal ends what is under way, with an error; what was started is then still to be removed
   * @param lookback for how long a series that has ended is still seen. What is written into the past has no marks of
   *   where it ends, which Prometheus makes at a failed scrape: each level of rules adds as much again.
   */
  static async create(signal: AbortSignal, lookback = "5m"): Promise<Database> {
    return new Database(await temporaryFolder("dlr-alert-sim-"), signal, lookback);
  }

  /**
   * Writes series into the past, and starts Prometheus anew so that it sees them. Until then it answers what they may
   * be made of.
   *
   * @param texts OpenMetrics lines, each series in order of time, without `# EOF`
   * @throws Error with promtool's words
   */
  async load(texts: Iterable<string> | AsyncIterable<string>): Promise<void> {
    const file = join(this.#folder.path, "samples.om");
    const signal = this.#signal;
    await pipeline(Readable.from(ended(texts)), createWriteStream(file), { signal });
    const flags = ["tsdb", "create-blocks-from", "openmetrics", "--quiet", "--max-block-duration=744h"];
    const loading = promisify(execFile)("promtool", [...flags, file, this.#data], { signal });
    guarded(loading.child);
    await loading;
    await rm(file);
    await this.stop();
    await this.#start();
  }

  /**
   * Evaluates an expression each minute.
   *
   * @param from seconds since the epoch, the first minute
   * @param to the last one
   * @returns stretches without their metric's name; a series has several, one after the other
   * @throws Error with Prometheus' words when the expression is wrong
   */
  async *evaluate(expr: string, from: number, to: number): AsyncGenerator<Stretch> {
    for (let start = from; start <= to; start += mostPoints * step) {
      const end = Math.min(to, start + (mostPoints - 1) * step);
      const query = new URLSearchParams({ query: expr, start: `${start}`, end: `${end}`, step: `${step}` });
      const response = await fetch(`http://${this.#address}/api/v1/query_range`, {
        method: "POST",
        body: query,
        signal: this.#signal,
      });
      if (!response.ok) throw new Error(`${expr}: ${await response.text()}`);
      yield* withoutNames(rangeAnswer.parse(await response.json()).data.result);
    }
  }

  /** Ends Prometheus. What is written stays. */
  async stop(): Promise<void> {
    if (this.#process !== undefined) await endProcess(this.#process);
    this.#process = undefined;
  }

  /** Ends Prometheus and removes all that was written. */
  async remove(): Promise<void> {
    await this.stop();
    await this.#folder.remove();
  }

  get #data(): string {
    return join(this.#folder.path, "data");
  }

  async #start(): Promise<void> {
    this.#address = `127.0.0.1:${await freePort()}`;
    const flags = [
      "--config.file=/dev/null",
      `--storage.tsdb.path=${this.#data}`,
      "--storage.tsdb.retention.time=100y",
      "--query.max-samples=500000000",
      // two minutes are too few for a month on a machine that has more to do
      "--query.timeout=1h",
      `--query.lookback-delta=${this.#lookback}`,
      `--web.listen-address=${this.#address}`,
    ];
    this.#process = guarded(spawn("prometheus", flags, { stdio: "ignore" }));
    await waitFor(async () => (await fetch(`http://${this.#address}/-/ready`)).ok, { what: "Prometheus" });
  }
}

async function* ended(texts: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string> {
  yield* texts;
  yield "# EOF\n";
}

/**
 * Series as a rule records them, without the name of the metric. The two sides of an `or` may differ by it alone: then
 * Prometheus gives two series, each with the moments at which the other has none.
 */
function withoutNames(result: z.output<typeof rangeAnswer>["data"]["result"]): Stretch[] {
  const series = result.map(({ metric: { __name__: _, ...labels }, values }) => ({ labels, values }));
  const same = Map.groupBy(series, ({ labels }) => JSON.stringify(Object.entries(labels).sort()));
  return [...same.values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    const samples = [first, ...more].flatMap(({ values }) => values);
    return { labels: first.labels, samples: more.length === 0 ? samples : samples.sort(([a], [b]) => a - b) };
  });
}
