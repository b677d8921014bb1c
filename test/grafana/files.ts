import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

const target = z.object({
  refId: z.string(),
  expr: z.string(),
  instant: z.boolean().default(false),
  datasource: z.object({ uid: z.string().regex(/^\$\{datasource\}$/) }),
});

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
        unit: z.string().min(1),
        thresholds: z.object({ steps: z.array(z.object({ value: z.number().nullable() })).min(1) }),
      }),
    })
    .optional(),
});

const variable = z.object({
  name: z.string(),
  label: z.string().min(1),
  type: z.enum(["datasource", "query"]),
  query: z.union([z.string(), z.object({ query: z.string() }).transform(({ query }) => query)]),
  allValue: z.string().optional(),
});

const dashboard = z.object({
  uid: z.string(),
  schemaVersion: z.number().min(39),
  editable: z.literal(false),
  templating: z.object({ list: z.array(variable) }),
  panels: z.array(panel),
});

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

/** The dashboard that Grafana is given. */
export function readDashboard(): Dashboard {
  return dashboard.parse(JSON.parse(readFileSync("grafana/dashboards/dlr-overview.json", "utf8")));
}

/** Recording rules and alerts, in the order in which they are evaluated. */
export function readRules(): Rule[] {
  return ruleFile.parse(readYaml("grafana/rules/dlr.rules.yml")).groups.flatMap(({ rules }) => rules);
}

/** A YAML file of the repository. Its shape is for the caller to check. */
export function readYaml(file: string): unknown {
  return parse(readFileSync(file, "utf8"));
}
