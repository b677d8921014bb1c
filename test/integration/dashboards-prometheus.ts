import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { stringify } from "yaml";
import { z } from "zod";
import { ruleFiles } from "../grafana/files.ts";
import type { DatabaseProgram, SeriesDatabase } from "./series-database.ts";

/** An alert that fires all the while. */
export const firingAlert = {
  alert: "DlrBoardsTest",
  expr: "vector(1)",
  labels: { severity: "critical", job: "dlr-exporter", provider: "007", channel: "sms" },
} as const;

/**
 * A Prometheus that scrapes each second and evaluates the project's rules each second. No alert of theirs fires in it,
 * however long a test takes: each would have to last for an hour. {@link firingAlert} does.
 *
 * @param target what to scrape, host:port, as the job `dlr-exporter`
 */
export function scraping(target: string): DatabaseProgram {
  return {
    command: "prometheus",
    ready: "/-/ready",
    async flags(folder, address) {
      for (const file of ruleFiles()) {
        const rules = await readFile(file, "utf8");
        await writeFile(
          join(folder, basename(file)),
          rules.replace(/interval: \w+/g, "interval: 1s").replace(/ for: \w+/g, " for: 1h"),
        );
      }
      await writeFile(
        join(folder, "boards.rules.yml"),
        stringify({ groups: [{ name: "boards", interval: "1s", rules: [firingAlert] }] }),
      );
      const config = {
        global: { scrape_interval: "1s", evaluation_interval: "1s" },
        rule_files: ["*.rules.yml"],
        scrape_configs: [{ job_name: "dlr-exporter", static_configs: [{ targets: [target] }] }],
      };
      await writeFile(join(folder, "prometheus.yml"), stringify(config));
      return [
        `--config.file=${join(folder, "prometheus.yml")}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        `--web.listen-address=${address}`,
      ];
    },
  };
}

const range = z.object({
  data: z.object({
    result: z.array(z.object({ values: z.array(z.tuple([z.number(), z.string().transform(Number)])) })),
  }),
});

/** All values of an expression over the last `seconds`, one each second. @throws Error with Prometheus' words */
export async function valuesOver(
  database: SeriesDatabase,
  query: string,
  seconds: number,
): Promise<number[]> {
  const end = Date.now() / 1000;
  const parameters = { query, start: `${end - seconds}`, end: `${end}`, step: "1" };
  const { data } = range.parse(await ask(database, "query_range", parameters));
  return data.result.flatMap(({ values }) => values.map(([, value]) => value));
}

const labels = z.object({ data: z.array(z.string()) });

/** The values of a label among the series that a selector matches. */
export async function labelValues(
  database: SeriesDatabase,
  selector: string,
  label: string,
): Promise<string[]> {
  return labels.parse(await ask(database, `label/${label}/values`, { "match[]": selector })).data;
}

const rule = z.object({ name: z.string(), health: z.string(), lastError: z.string().default("") });
const rules = z.object({
  data: z.object({ groups: z.array(z.object({ rules: z.array(rule), lastEvaluation: z.string() })) }),
});

/** The rules that it has loaded, with the error of their last evaluation. */
export async function loadedRules(database: SeriesDatabase): Promise<z.output<typeof rule>[]> {
  return (await ruleGroups(database)).flatMap((group) => group.rules);
}

/** When each group of rules was evaluated last. */
export async function evaluations(database: SeriesDatabase): Promise<string[]> {
  return (await ruleGroups(database)).map((group) => group.lastEvaluation);
}

async function ruleGroups(database: SeriesDatabase) {
  return rules.parse(await ask(database, "rules", {})).data.groups;
}

async function ask(
  { url }: SeriesDatabase,
  path: string,
  parameters: Record<string, string>,
): Promise<unknown> {
  const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}
