import { type ChildProcess, spawn } from "node:child_process";
import { z } from "zod";
import type { ReplayCounts } from "../../src/replay/counts.ts";
import { endProcess, guarded, type TemporaryFolder, temporaryFolder } from "../lab/guarded.ts";
import { freePort, waitFor } from "./harness.ts";

/** How a database is started: its command, and the flags for a folder of its own and a `host:port`. */
export interface DatabaseProgram {
  readonly command: string;
  /** A path that answers 200 when it can be asked. */
  readonly ready: string;
  flags(folder: string, address: string): Promise<readonly string[]>;
}

/** A series as the database holds it; the values are those of a moment or of each sample. */
export interface HeldSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly { readonly at: number; readonly value: number }[];
}

const sample = z
  .tuple([z.number(), z.string().transform(Number)])
  .transform(([seconds, value]) => ({ at: Math.round(seconds * 1000), value }));

const answer = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        value: sample.optional(),
        values: z.array(sample).optional(),
      }),
    ),
  }),
});

/** A time series database of our own that speaks Prometheus' query API, and can be killed and started again. */
export class SeriesDatabase {
  readonly url: string;
  readonly #command: string;
  readonly #flags: readonly string[];
  readonly #ready: string;
  readonly #folder: TemporaryFolder;
  #process: ChildProcess;

  private constructor(
    program: DatabaseProgram,
    flags: readonly string[],
    folder: TemporaryFolder,
    address: string,
  ) {
    this.url = `http://${address}`;
    this.#command = program.command;
    this.#flags = flags;
    this.#ready = program.ready;
    this.#folder = folder;
    this.#process = this.#spawn();
  }

  /** Starts one and waits until it can be asked. */
  static async start(program: DatabaseProgram): Promise<SeriesDatabase> {
    const folder = await temporaryFolder("dlr-database-");
    const address = `127.0.0.1:${await freePort()}`;
    const flags = await program.flags(folder.path, address);
    const database = new SeriesDatabase(program, flags, folder, address);
    await database.#whenReady();
    return database;
  }

  /** SIGKILL: nobody is on the port any more. */
  async crash(): Promise<void> {
    await endProcess(this.#process, "SIGKILL");
  }

  /** A new process on the same port and data. */
  async restart(): Promise<void> {
    this.#process = this.#spawn();
    await this.#whenReady();
  }

  async stop(): Promise<void> {
    await endProcess(this.#process);
    await this.#folder.remove();
  }

  /**
   * Evaluates an expression again and again.
   *
   * @param from and the others: in s, `from` and `to` since the epoch
   */
  range(query: string, from: number, to: number, step: number): Promise<HeldSeries[]> {
    const [start, end] = [from, to].map(String);
    return this.#ask("query_range", { query, start: start ?? "", end: end ?? "", step: String(step) });
  }

  /**
   * Evaluates an expression; a range selector gives the samples themselves.
   *
   * @param at ms since the epoch
   */
  query(query: string, at: number): Promise<HeldSeries[]> {
    return this.#ask("query", { query, time: String(at / 1000) });
  }

  async #ask(kind: string, asked: Record<string, string>): Promise<HeldSeries[]> {
    const parameters = new URLSearchParams({ ...asked, nocache: "1" });
    let held: HeldSeries[] = [];
    // While Prometheus moves what was just written into a block, it may not find it.
    await waitFor(
      async () => {
        const response = await fetch(`${this.url}/api/v1/${kind}?${parameters}`);
        if (!response.ok) throw new Error(await response.text());
        held = answer.parse(await response.json()).data.result.map(({ metric, value, values }) => ({
          labels: metric,
          samples: values ?? (value === undefined ? [] : [value]),
        }));
        return true;
      },
      { what: asked.query ?? kind },
    );
    return held;
  }

  #spawn(): ChildProcess {
    return guarded(spawn(this.#command, this.#flags, { stdio: "ignore" }));
  }

  async #whenReady(): Promise<void> {
    await waitFor(async () => (await fetch(`${this.url}${this.#ready}`)).ok, { what: this.#command });
  }
}

const day = 86_400_000;

/** What the database should say of one day and category, and what it says. */
export interface DayOfCategory {
  readonly day: string;
  readonly category: string;
  /** Last minus first sample of the day, over the category's series. */
  readonly rise: number;
  /** `increase` over the day. */
  readonly increase: number;
}

/** Every day of a replay, which begins and ends at midnight UTC, as the database tells it. */
export async function askEachDay(
  database: SeriesDatabase,
  { window: { from, to } }: ReplayCounts,
  selector: string,
): Promise<DayOfCategory[]> {
  const days: DayOfCategory[] = [];
  for (let end = from + day; end <= to; end += day) {
    const increases = await database.query(`sum by (category) (increase(${selector}[1d]))`, end);
    // With the sample of the midnight before, whether a range is open at its start or not.
    const raw = await database.query(`${selector}[${day + 1}ms]`, end);
    const byCategory = Map.groupBy(raw, ({ labels }) => labels.category ?? "");
    for (const [category, series] of byCategory) {
      const rises = series.map(({ samples }) => (samples.at(-1)?.value ?? 0) - (samples[0]?.value ?? 0));
      const increase = increases.find(({ labels }) => labels.category === category)?.samples[0]?.value ?? 0;
      days.push({
        day: dayName(end - day),
        category,
        rise: rises.reduce((sum, rise) => sum + rise, 0),
        increase,
      });
    }
  }
  return days;
}

/** The rises of days and categories that rose, by `2026-10-03 blacklist`. */
export function risesOf(days: readonly DayOfCategory[]): Map<string, number> {
  const risen = days.filter(({ rise }) => rise > 0);
  return new Map(risen.map(({ day, category, rise }) => [`${day} ${category}`, rise]));
}

/** @param at ms since the epoch @returns the day in UTC, such as `2026-10-03` */
export function dayName(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
