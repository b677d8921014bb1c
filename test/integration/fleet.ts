import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { type ExporterProcess, parseMetrics, type Sample, startExporter, waitFor } from "./harness.ts";

/** The counters that carry a partition: what the ledger keeps. */
const durable = new Set([
  "dlr_receipts_total",
  "dlr_malformed_records_total",
  "dlr_ignored_records_total",
  "dlr_conflicting_receipts_total",
  "dlr_skipped_offsets_total",
  "dlr_unmeasured_delays_total",
  "dlr_segments_total",
  "dlr_segment_receipts_total",
  "dlr_receipt_delay_seconds_bucket",
  "dlr_receipt_delay_seconds_sum",
  "dlr_receipt_delay_seconds_count",
  "dlr_committed_offset",
]);

/**
 * Exporters of one group, scraped all the while as Prometheus would. Every scrape is held against those
 * before it: no series of a process goes back, and neither does a partition's series across processes.
 */
export class Fleet {
  readonly #args: readonly string[];
  readonly #env: Readonly<Record<string, string>>;
  readonly #live = new Map<ExporterProcess, Map<string, number>>();
  readonly #highest = new Map<string, { value: number; sample: Sample }>();
  readonly #paused = new Set<ExporterProcess>();
  readonly #stopped = new AbortController();
  readonly #scraping: Promise<void>;
  #failure: unknown;
  scrapes = 0;

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    this.#args = args;
    this.#env = env;
    this.#scraping = this.#scrapeAll().catch((error) => {
      this.#failure = error;
    });
  }

  async start(): Promise<ExporterProcess> {
    const exporter = await startExporter(this.#args, this.#env);
    this.#live.set(exporter, new Map());
    return exporter;
  }

  async kill9(exporter: ExporterProcess): Promise<void> {
    this.#live.delete(exporter);
    await exporter.kill9();
  }

  /**
   * Sends SIGTERM: it must end in order, with everything committed. On a busy machine the group may have given it up just
   * before; then it must have said that it could not commit.
   */
  async stop(exporter: ExporterProcess): Promise<void> {
    this.#live.delete(exporter);
    const end = await exporter.stop();
    const uncommitted = exporter.log().includes("the last counts were not committed");
    expect(end, exporter.log()).toBe(uncommitted ? 1 : 0);
  }

  /**
   * Whether a page of the process has shown what it owns. From then on it is held against its own pages: a zombie may
   * show less than others have counted since, but a process that has just loaded its ledgers may not.
   */
  hasShown(exporter: ExporterProcess): boolean {
    return (this.#live.get(exporter)?.size ?? 0) > 0;
  }

  /** Freezes a process, as a machine does that swaps or migrates: the group goes on without it. */
  pause(exporter: ExporterProcess): void {
    this.#paused.add(exporter);
    process.kill(exporter.pid, "SIGSTOP");
  }

  /** Wakes it again, a zombie that believes it still owns what it owned. */
  resume(exporter: ExporterProcess): void {
    process.kill(exporter.pid, "SIGCONT");
    this.#paused.delete(exporter);
  }

  /** Ends the scraping, and every process that still runs. */
  async end(): Promise<void> {
    this.#stopped.abort();
    await this.#scraping;
    await Promise.all([...this.#live.keys()].map((exporter) => exporter.kill9()));
  }

  /**
   * Counts what is sent in parts, each but the last up to a `kill -9` of the only exporter and a new one in its place.
   *
   * @param send sends a part
   * @param parts how many there are
   * @param receipts how many they have in all
   * @returns the last exporter, when it has shown them all, and twice more: a count too many would show then
   */
  async countOverKills(send: () => Promise<void>, parts: number, receipts: number): Promise<ExporterProcess> {
    const shown = () => this.total("dlr_receipts_total");
    let exporter = await this.start();
    for (let part = 1; part < parts; part++) {
      const before = shown();
      await send();
      await waitFor(() => shown() > before, { what: "more receipts counted" });
      await this.kill9(exporter);
      exporter = await this.start();
    }
    await send();
    await waitFor(() => shown() >= receipts, { what: "all receipts counted" });
    const { scrapes } = this;
    await waitFor(() => this.scrapes > scrapes + 2, { what: "two more scrapes" });
    return exporter;
  }

  /** The highest value seen of every series of a metric, summed by what `keyOf` makes of its labels. Throws what a scrape found wrong. */
  totals(metric: string, keyOf: (labels: Sample["labels"]) => string): Map<string, number> {
    if (this.#failure !== undefined) throw this.#failure;
    const sums = new Map<string, number>();
    for (const { value, sample } of this.#highest.values()) {
      if (sample.name !== metric || value === 0) continue;
      const key = keyOf(sample.labels);
      sums.set(key, (sums.get(key) ?? 0) + value);
    }
    return sums;
  }

  total(metric: string): number {
    return this.totals(metric, () => "all").get("all") ?? 0;
  }

  async #scrapeAll(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      const awake = [...this.#live.keys()].filter((exporter) => !this.#paused.has(exporter));
      // Answers to requests that are under way together may arrive in another order than they were given in.
      const shown = new Map([...this.#highest].map(([key, { value }]) => [key, value]));
      await Promise.all(awake.map((exporter) => this.#scrape(exporter, shown)));
      // what they show changes with a commit, and they commit each 200 ms
      await sleep(200);
    }
  }

  /** @param shown what every series showed before the scrape is asked for */
  async #scrape(exporter: ExporterProcess, shown: ReadonlyMap<string, number>): Promise<void> {
    const previous = this.#live.get(exporter) ?? new Map();
    let text: string;
    try {
      text = await exporter.metrics();
    } catch (error) {
      if (!this.#live.has(exporter) || this.#paused.has(exporter)) return;
      throw error;
    }
    this.scrapes++;
    const page = new Map<string, number>();
    // the rest, which is most of a page, is not read: it is scraped again and again
    const lines = text.split("\n").filter((line) => durable.has(line.slice(0, line.indexOf("{"))));
    for (const sample of parseMetrics(lines.join("\n"))) {
      const key = `${sample.name} ${JSON.stringify(sample.labels)}`;
      page.set(key, sample.value);
      const highest = this.#highest.get(key);
      // A series new to this process was counted by another before: it must not fall below what that one showed.
      const before = previous.get(key) ?? shown.get(key) ?? 0;
      if (sample.value < before) throw new Error(`${key} went from ${before} back to ${sample.value}`);
      if (highest === undefined || sample.value > highest.value) {
        this.#highest.set(key, { value: sample.value, sample });
      }
    }
    if (this.#live.has(exporter)) this.#live.set(exporter, page);
  }
}
