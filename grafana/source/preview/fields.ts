import type { z } from "zod";
import { type Chart, type FieldConfig, type Mapping, properties, type Thresholds } from "./model.ts";
import type { Series } from "./source.ts";
import { colorOf, palette } from "./theme.ts";

/** How the values of a series or a column are shown, the panel's overrides applied. */
export interface Field {
  readonly name: string;
  readonly unit: string;
  readonly decimals: number | undefined;
  readonly color: string | undefined;
  readonly thresholds: Thresholds;
  readonly mappings: readonly Mapping[];
  readonly hidden: boolean;
  readonly dashed: boolean;
  readonly fillOpacity: number;
  /** In pixels, of a column; 0 when it takes its part. */
  readonly width: number;
  /** Its text has the colour of its value. */
  readonly colored: boolean;
}

/**
 * @param name as the query gives it, before an override renames it
 * @param refId of its query
 */
export function fieldOf(
  { defaults, overrides }: FieldConfig,
  name: string,
  refId: string,
  samples: Series["samples"],
): Field {
  const values = new Map(
    overrides
      .filter(({ matcher: { id, options } }) => {
        if (id === "byName") return options === name;
        if (id === "byFrameRefID") return options === refId;
        return id === "byValue" && samples.length > 0 && samples.every(([, value]) => value === 0);
      })
      .flatMap((override) => override.properties.map(({ id, value }) => [id, value] as const)),
  );
  const read = <T>(id: string, shape: z.ZodType<T>): T | undefined =>
    values.has(id) ? shape.parse(values.get(id)) : undefined;
  return {
    name: read("displayName", properties.text) ?? name,
    unit: read("unit", properties.text) ?? defaults.unit,
    decimals: values.has("unit") ? undefined : defaults.decimals,
    color: read("color", properties.color)?.fixedColor,
    thresholds: read("thresholds", properties.thresholds) ?? defaults.thresholds,
    mappings: read("mappings", properties.mappings) ?? defaults.mappings,
    hidden: read("custom.hideFrom", properties.hidden)?.viz ?? false,
    dashed: read("custom.lineStyle", properties.lineStyle)?.fill === "dash",
    fillOpacity: read("custom.fillOpacity", properties.number) ?? defaults.custom.fillOpacity,
    width: read("custom.width", properties.number) ?? 0,
    colored: read("custom.cellOptions", properties.cell)?.type === "color-text",
  };
}

/** A line of a panel: a series with how it is shown. */
export interface Line {
  readonly field: Field;
  readonly color: string;
  readonly samples: Series["samples"];
}

/** @param answers one for each of the panel's queries, in their order */
export function linesOf({ targets, fieldConfig }: Chart, answers: readonly (readonly Series[])[]): Line[] {
  const lines = targets.flatMap(({ refId, legendFormat }, index) =>
    (answers[index] ?? []).map(({ labels, samples }) => {
      const name = legendFormat.replace(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? "");
      return { field: fieldOf(fieldConfig, name, refId, samples), samples };
    }),
  );
  return lines
    .filter(({ field }) => !field.hidden)
    .map((line, index) => ({
      ...line,
      color: line.field.color ?? palette[index % palette.length] ?? "",
    }));
}

/** The words and the colour of a value: of its mapping, else the number and its threshold's colour. */
export function shownAs(
  value: number | string,
  { mappings, thresholds, color }: Field,
  format: (value: number) => string,
): { text: string; color: string } {
  const mapped = mappings.map(({ options }) => options[value]).find((words) => words !== undefined);
  const step = thresholds.steps.findLast((one) => one.value === null || Number(value) >= one.value);
  return {
    text: mapped?.text ?? (typeof value === "number" ? format(value) : value),
    color: colorOf(mapped?.color ?? color ?? (typeof value === "number" ? step?.color : "text") ?? "text"),
  };
}
