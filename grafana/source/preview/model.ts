import { z } from "zod";

/** What of a dashboard's file a picture needs. */
const mapping = z.object({
  type: z.literal("value"),
  options: z.record(z.string(), z.object({ text: z.string(), color: z.string().optional() })),
});

const thresholds = z.object({
  steps: z.array(z.object({ value: z.number().nullable(), color: z.string() })),
});

const override = z.object({
  matcher: z.object({ id: z.string(), options: z.unknown() }),
  properties: z.array(z.object({ id: z.string(), value: z.unknown() })),
});

const custom = z.object({
  fillOpacity: z.number().default(0),
  stacking: z.object({ mode: z.string() }).optional(),
  thresholdsStyle: z.object({ mode: z.string() }).optional(),
  axisSoftMax: z.number().default(0),
});

const fieldConfig = z.object({
  defaults: z.object({
    unit: z.string(),
    decimals: z.number().optional(),
    noValue: z.string().default(""),
    mappings: z.array(mapping).default([]),
    thresholds,
    custom: custom.default({ fillOpacity: 0, axisSoftMax: 0 }),
  }),
  overrides: z.array(override),
});

const target = z.object({ refId: z.string(), expr: z.string(), legendFormat: z.string().default("") });

const organize = z.object({
  excludeByName: z.record(z.string(), z.boolean()),
  indexByName: z.record(z.string(), z.number()),
  renameByName: z.record(z.string(), z.string()),
});

const chart = z.object({
  type: z.enum(["stat", "timeseries", "table", "heatmap", "state-timeline"]),
  title: z.string(),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  targets: z.array(target),
  fieldConfig,
  options: z.object({ sortBy: z.array(z.object({ displayName: z.string() })).default([]) }),
  transformations: z.array(z.object({ id: z.string(), options: z.unknown() })).default([]),
});

const row = z.object({
  type: z.literal("row"),
  title: z.string(),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
});

const dashboard = z.object({
  uid: z.string(),
  title: z.string(),
  panels: z.array(z.union([row, chart])),
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
export type Chart = z.output<typeof chart>;
export type FieldConfig = z.output<typeof fieldConfig>;
export type Mapping = z.output<typeof mapping>;
export type Thresholds = z.output<typeof thresholds>;
export type Columns = z.output<typeof organize>;

/** @throws ZodError when the file is none that this program writes */
export function parseDashboard(text: string): Dashboard {
  return dashboard.parse(JSON.parse(text));
}

/** How a table names and orders its columns. */
export function columnsOf({ transformations }: Chart): Columns {
  return organize.parse(transformations.find(({ id }) => id === "organize")?.options);
}

/** The properties of an override whose values are known to be of these shapes. */
export const properties = {
  text: z.string(),
  number: z.number(),
  color: z.object({ fixedColor: z.string().optional() }),
  mappings: z.array(mapping),
  thresholds,
  hidden: z.object({ viz: z.boolean() }),
  lineStyle: z.object({ fill: z.string() }),
  cell: z.object({ type: z.string() }),
} as const;
