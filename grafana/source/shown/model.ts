import { z } from "zod";

/** What of a dashboard's file is needed to know what Grafana shows. The rest is passed on to Grafana's library as it is. */
const target = z.object({
  refId: z.string(),
  expr: z.string(),
  legendFormat: z.string().default(""),
  format: z.enum(["time_series", "table", "heatmap"]).default("time_series"),
  instant: z.boolean().default(false),
});

const gridPos = z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() });

const mapping = z.object({
  type: z.literal("value"),
  options: z.record(z.string(), z.object({ text: z.string(), color: z.string().optional() })),
});

const fieldConfig = z.object({
  defaults: z.looseObject({
    unit: z.string().optional(),
    decimals: z.number().optional(),
    noValue: z.string().optional(),
    mappings: z.array(mapping).default([]),
    color: z.object({ mode: z.string() }).optional(),
    thresholds: z.object({
      mode: z.string(),
      steps: z.array(z.object({ value: z.number().nullable(), color: z.string() })),
    }),
    custom: z
      .looseObject({
        fillOpacity: z.number().default(0),
        stacking: z.object({ mode: z.string() }).optional(),
        thresholdsStyle: z.object({ mode: z.string() }).optional(),
        axisSoftMax: z.number().default(0),
      })
      .prefault({}),
  }),
  overrides: z.array(
    z.object({
      matcher: z.object({ id: z.string(), options: z.unknown() }),
      properties: z.array(z.object({ id: z.string(), value: z.unknown() })),
    }),
  ),
});

const panel = z.object({
  type: z.enum(["stat", "timeseries", "table", "heatmap", "state-timeline"]),
  title: z.string(),
  gridPos,
  targets: z.array(target),
  fieldConfig,
  options: z.looseObject({
    sortBy: z.array(z.object({ displayName: z.string() })).default([]),
    textMode: z.string().optional(),
  }),
  transformations: z.array(z.object({ id: z.string(), options: z.unknown() })).default([]),
});

const row = z.object({ type: z.literal("row"), title: z.string(), gridPos });

const dashboard = z.object({
  uid: z.string(),
  title: z.string(),
  panels: z.array(z.union([row, panel])),
  templating: z.object({
    list: z.array(
      z.object({
        name: z.string(),
        type: z.string(),
        allValue: z.string().optional(),
        query: z.union([z.string(), z.object({ query: z.string() }).transform(({ query }) => query)]),
      }),
    ),
  }),
});

export type Dashboard = z.output<typeof dashboard>;
export type Panel = z.output<typeof panel>;
export type Target = z.output<typeof target>;

/** @throws ZodError when the file is none that this program writes */
export function parseDashboard(text: string): Dashboard {
  return dashboard.parse(JSON.parse(text));
}

/** The panels of a dashboard, without the headings. */
export function panelsOf({ panels }: Dashboard): Panel[] {
  return panels.filter((one): one is Panel => one.type !== "row");
}
