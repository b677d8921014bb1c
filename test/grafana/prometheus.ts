import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { z } from "zod";
import { freePort, waitFor } from "../integration/harness.ts";

/** Why a real Prometheus can't be run here; undefined when it can. */
export const prometheusMissing =
  spawnSync("prometheus", ["--version"]).error === undefined
    ? undefined
    : "prometheus is not installed (Debian: apt install prometheus)";

const sample = z.tuple([z.number(), z.string()]).transform(([, value]) => Number(value));

const queryAnswer = z.object({
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

const labelAnswer = z.object({ data: z.array(z.string()) });

const rulesAnswer = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        rules: z.array(z.object({ name: z.string(), health: z.string(), lastError: z.string().default("") })),
      }),
    ),
  }),
});

/** One series of an answer: a single number for an instant query, one for each step for a range. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

/** A Prometheus of our own, which scrapes each second and evaluates the project's rules each second. */
export class Prometheus {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #address: string;

  private constructor(process: ChildProcess, folder: string, address: string) {
    this.#process = process;
    this.#folder = folder;
    this.#address = address;
  }

  /**
   * Starts one and waits until it is ready. It serves the folder grafana/ at /user.
   *
   * @param target what to scrape, host:port, as the job `dlr-exporter`
   */
  static async start(target: string): Promise<Prometheus> {
    const folder = await mkdtemp(join(tmpdir(), "dlr-prometheus-"));
    const rules = await readFile("grafana/rules/dlr.rules.yml", "utf8");
    await writeFile(join(folder, "dlr.rules.yml"), rules.replace(/interval: \w+/g, "interval: 1s"));
    const config = {
      global: { scrape_interval: "1s", evaluation_interval: "1s" },
      rule_files: ["dlr.rules.yml"],
      scrape_configs: [{ job_name: "dlr-exporter", static_configs: [{ targets: [target] }] }],
    };
    await writeFile(join(folder, "prometheus.yml"), stringify(config));
    const address = `127.0.0.1:${await freePort()}`;
    const flags = [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=${address}`,
      `--web.user-assets=${resolve("grafana")}`,
    ];
    const prometheus = new Prometheus(spawn("prometheus", flags, { stdio: "ignore" }), folder, address);
    await waitFor(async () => (await fetch(`http://${address}/-/ready`)).ok, { what: "Prometheus" });
    return prometheus;
  }

  /** Evaluates at this moment. @throws Error with Prometheus' words when the expression is wrong */
  query(expr: string): Promise<Series[]> {
    return this.#evaluate("query", { query: expr });
  }

  /** Evaluates each second of the last `seconds`. @throws Error as {@link query} does */
  queryRange(expr: string, seconds: number): Promise<Series[]> {
    const end = Date.now() / 1000;
    return this.#evaluate("query_range", {
      query: expr,
      start: String(end - seconds),
      end: String(end),
      step: "1",
    });
  }

  /** The values of a label among the series that a selector matches. */
  async labelValues(selector: string, label: string): Promise<string[]> {
    return labelAnswer.parse(await this.#get(`/api/v1/label/${label}/values`, { "match[]": selector })).data;
  }

  /** The rules that it has loaded, with the error of their last evaluation, empty when there was none. */
  async rules(): Promise<{ readonly name: string; readonly health: string; readonly lastError: string }[]> {
    const { data } = rulesAnswer.parse(await this.#get("/api/v1/rules", {}));
    return data.groups.flatMap(({ rules }) => rules);
  }

  /** The text of a file in grafana/, as its web server gives it. */
  async userAsset(path: string): Promise<string> {
    return (await fetch(`http://${this.#address}/user/${path}`)).text();
  }

  async stop(): Promise<void> {
    const exited = once(this.#process, "exit");
    this.#process.kill("SIGTERM");
    await exited;
    await rm(this.#folder, { recursive: true });
  }

  async #evaluate(kind: "query" | "query_range", parameters: Record<string, string>): Promise<Series[]> {
    const { data } = queryAnswer.parse(await this.#get(`/api/v1/${kind}`, parameters));
    return data.result.map(({ metric, value, values }) => ({
      labels: metric,
      values: values ?? (value === undefined ? [] : [value]),
    }));
  }

  async #get(path: string, parameters: Record<string, string>): Promise<unknown> {
    const response = await fetch(`http://${this.#address}${path}?${new URLSearchParams(parameters)}`);
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  }
}
