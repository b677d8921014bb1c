import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const datasource = z.object({ type: z.literal("prometheus"), uid: z.literal("$datasource") });

const target = z.object({
  refId: z.string(),
  expr: z.string(),
  instant: z.boolean().default(false),
  range: z.boolean().default(false),
  format: z.enum(["time_series", "table", "heatmap"]).optional(),
  legendFormat: z.string().optional(),
  /** The least step, and with it the least `$__rate_interval`: four times as long. */
  interval: z.string().optional(),
  datasource,
});

const property = z.object({ id: z.string(), value: z.unknown() });

const panel = z.object({
  id: z.number(),
  type: z.string(),
  title: z.string().min(1),
  description: z.string().default(""),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  targets: z.array(target).default([]),
  fieldConfig: z
    .object({
      defaults: z.object({
        unit: z.string().min(1).optional(),
        noValue: z.string().optional(),
        thresholds: z.object({ steps: z.array(z.object({ value: z.number().nullable() })).min(1) }),
        links: z.array(z.object({ title: z.string(), url: z.string() })).default([]),
      }),
      overrides: z.array(z.object({ properties: z.array(property) })),
    })
    .optional(),
});

const variable = z.object({
  name: z.string(),
  label: z.string().min(1),
  type: z.enum(["datasource", "query"]),
  query: z.union([z.string(), z.object({ query: z.string() }).transform(({ query }) => query)]),
  allValue: z.string().optional(),
  hide: z.number().default(0),
});

const annotation = z.object({ name: z.string(), enable: z.literal(true), expr: z.string(), datasource });

const link = z.object({
  title: z.string(),
  url: z.string(),
  keepTime: z.boolean(),
  includeVars: z.boolean(),
});

const dashboard = z
  .object({
    uid: z.string(),
    title: z.string(),
    description: z.string(),
    schemaVersion: z.number().min(39),
    editable: z.literal(false),
    templating: z.object({ list: z.array(variable) }),
    annotations: z.object({ list: z.array(annotation) }),
    links: z.array(link),
    panels: z.array(panel),
  })
  // Headings are panels to Grafana; here they are apart.
  .transform((read) => ({
    ...read,
    panels: read.panels.filter(({ type }) => type !== "row"),
    rows: read.panels.filter(({ type }) => type === "row"),
  }));

export type Dashboard = z.output<typeof dashboard>;
export type Panel = z.output<typeof panel>;

const rule = z.object({
  record: z.string().optional(),
  alert: z.string().optional(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
});

const ruleFile = z.object({ groups: z.array(z.object({ name: z.string(), rules: z.array(rule) })) });

export type Rule = z.output<typeof rule>;

/**
 * A dashboard that Grafana is given.
 *
 * @param uid as its file is named: `dlr-overview`, `dlr-exporter`, with `-zh` behind for the Chinese one
 */
export function readDashboard(uid = "dlr-overview"): Dashboard {
  return dashboard.parse(readJson(uid));
}

/** The whole file of a dashboard, by its uid. */
export function readJson(uid: string): unknown {
  const folder = uid.endsWith("-zh") ? "grafana/dashboards-zh" : "grafana/dashboards";
  return JSON.parse(readFileSync(`${folder}/${uid}.json`, "utf8"));
}

/** The files of rules that Prometheus is given, in the order in which it reads them. */
export function ruleFiles(): string[] {
  return filesOfRules(".rules.yml");
}

/** The files of promtool's tests of them. */
export function ruleTests(): string[] {
  return filesOfRules(".test.yml");
}

function filesOfRules(ending: string): string[] {
  const folder = "grafana/rules";
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));
}

/** Recording rules and alerts of all files. */
export function readRules(): Rule[] {
  return ruleFiles().flatMap((file) => ruleFile.parse(readYaml(file)).groups.flatMap(({ rules }) => rules));
}

/** A YAML file of the repository. Its shape is for the caller to check. */
export function readYaml(file: string): unknown {
  return parse(readFileSync(file, "utf8"));
}
