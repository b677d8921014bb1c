import { z } from "zod";
import type { Series } from "../shown/frames.ts";
import type { Dashboard, Panel } from "../shown/model.ts";

/** A stretch of time, in s since the epoch. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** As Prometheus writes it: NaN and ±Inf are samples too, and a chart has a gap there. */
const value = z.string().transform((text) => Number(text.replace("Inf", "Infinity")));
const sample = z.tuple([z.number(), value]);
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
const names = z.object({ data: z.array(z.string()) });

/** Asks a Prometheus what a dashboard asks, with everything chosen and the first job. */
export class Source {
  readonly #address: string;
  readonly #range: Range;
  readonly #variables = new Map<string, string>();

  /**
   * @param address of a Prometheus, such as `http://localhost:9090`
   * @throws Error when it does not answer, or has no job to choose
   */
  static async open(address: string, range: Range, dashboard: Dashboard): Promise<Source> {
    const source = new Source(address, range);
    for (const { name, type, query, allValue } of dashboard.templating.list) {
      if (type === "query") source.#variables.set(name, allValue ?? (await source.#first(query)));
    }
    return source;
  }

  private constructor(address: string, range: Range) {
    this.#address = address;
    this.#range = range;
  }

  /** Evaluates at the end of the range. */
  moment(expr: string): Promise<Series[]> {
    return this.#ask("query", { query: this.#filled(expr, 240), time: `${this.#range.to}` });
  }

  /** Evaluates over the range. @param step in s */
  lines(expr: string, step: number): Promise<Series[]> {
    const { from, to } = this.#range;
    const query = this.#filled(expr, Math.max(240, step + 60));
    return this.#ask("query_range", { query, start: `${from}`, end: `${to}`, step: `${step}` });
  }

  /** Asks all that a panel asks. @param step between two values of a line, in s @returns one for each of its queries */
  async answers({ targets }: Panel, step: number): Promise<Series[][]> {
    const answers: Series[][] = [];
    for (const { expr, instant } of targets) {
      answers.push(await (instant ? this.moment(expr) : this.lines(expr, step)));
    }
    return answers;
  }

  async #first(query: string): Promise<string> {
    const [, selector = "", label = ""] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? [];
    const parameters = { "match[]": this.#filled(selector, 60), ...this.#bounds() };
    const [value] = names.parse(await this.#get(`label/${label}/values`, parameters)).data;
    // An exporter without dimensions has no value for theirs.
    if (value === undefined && label !== "dimension")
      throw new Error(`${this.#address} has nothing for ${query}`);
    return value ?? "";
  }

  #filled(expr: string, rateInterval: number): string {
    const { from, to } = this.#range;
    return expr
      .replaceAll("$__rate_interval", `${rateInterval}s`)
      .replaceAll("$__range", `${Math.round(to - from)}s`)
      .replaceAll(/\$(\w+)/g, (_, name: string) => this.#variables.get(name) ?? "");
  }

  #bounds(): Record<string, string> {
    return { start: `${this.#range.from}`, end: `${this.#range.to}` };
  }

  async #ask(kind: string, parameters: Record<string, string>): Promise<Series[]> {
    return answer.parse(await this.#get(kind, parameters)).data.result.map(({ metric, value, values }) => ({
      labels: metric,
      samples: values ?? (value === undefined ? [] : [value]),
    }));
  }

  async #get(path: string, parameters: Record<string, string>): Promise<unknown> {
    const response = await fetch(`${this.#address}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    if (!response.ok) throw new Error(`${this.#address} refuses: ${await response.text()}`);
    return response.json();
  }
}
