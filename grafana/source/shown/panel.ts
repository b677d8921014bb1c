import type { DataFrame, DisplayValue, Field, FieldConfigSource, ScopedVars } from "@grafana/data";
import { type Answers, framesOf } from "./frames.ts";
import { fieldSettings, grafana, theme, transformed } from "./library.ts";
import type { Panel } from "./model.ts";

/** Of a text without a colour of its own. */
const textColor = theme.visualization.getColorByName("text");

/** A text as it is shown, with its colour. */
export interface Shown {
  readonly text: string;
  readonly color: string;
}

/** A number of a stat panel. */
export interface ShownStat extends Shown {
  /** Undefined where the panel shows no names. */
  readonly name: string | undefined;
}

/** A table with a title for each column, the rows sorted. */
export interface ShownTable {
  readonly columns: readonly { readonly title: string; readonly width: number }[];
  readonly rows: readonly (readonly Shown[])[];
}

/** A series over time. */
export interface ShownLine {
  readonly name: string;
  readonly color: string;
  readonly dashed: boolean;
  readonly fillOpacity: number;
  /** In s, with its value. */
  readonly samples: readonly (readonly [at: number, value: number])[];
  /** How a value of it is written. */
  display(value: number): Shown;
}

/**
 * Puts the answers to a panel's queries through its transformations, defaults and overrides, all by Grafana's library.
 *
 * @param answers one for each target, in their order; undefined for a query that failed
 */
export async function panelFrames(panel: Panel, answers: Answers): Promise<DataFrame[]> {
  const frames = await transformed(
    framesOf(panel.targets, answers),
    panel.transformations.map(({ id, options }) => ({ id, options })),
  );
  return grafana.applyFieldOverrides({
    data: frames,
    fieldConfig: sourceOf(panel),
    fieldConfigRegistry: fieldSettings,
    replaceVariables: (text) => text,
    theme,
    timeZone: "utc",
  });
}

/** What a panel shows instead of data; undefined when it has some. A panel without words of its own says `No data`. */
export function emptyWords({ fieldConfig }: Panel, frames: readonly DataFrame[]): string | undefined {
  return frames.some(({ length }) => length > 0) ? undefined : (fieldConfig.defaults.noValue ?? "No data");
}

/** The numbers of a stat panel, from top to bottom. */
export function shownStats(panel: Panel, frames: DataFrame[]): ShownStat[] {
  const values = grafana.getFieldDisplayValues({
    data: frames,
    reduceOptions: { calcs: ["lastNotNull"], values: false },
    fieldConfig: sourceOf(panel),
    replaceVariables: (text, variables) =>
      text.replace(/\$\{(__field\.displayName|__calc)\}/g, (_, name: string) => nameIn(variables, name)),
    theme,
    timeZone: "utc",
  });
  const named = panel.options.textMode === "value_and_name";
  return values.map(({ display }) => ({
    ...shown(display),
    name: named ? (display.title ?? "") : undefined,
  }));
}

/** The cells of a table panel. */
export function shownTable({ options }: Panel, frames: readonly DataFrame[]): ShownTable {
  const fields = (frames[0]?.fields ?? []).filter((field) => field.config.custom?.hideFrom?.viz !== true);
  const titles = fields.map((field) => grafana.getFieldDisplayName(field, frames[0]));
  const sortedBy = fields[titles.indexOf(options.sortBy[0]?.displayName ?? "")];
  const order = Array.from({ length: frames[0]?.length ?? 0 }, (_, row) => row);
  if (sortedBy !== undefined) {
    const key = (row: number) => Number(sortedBy.values[row] ?? Number.NEGATIVE_INFINITY);
    order.sort((a, b) => key(b) - key(a));
  }
  return {
    columns: fields.map((field, index) => ({
      title: titles[index] ?? "",
      width: Number(field.config.custom?.width ?? 0),
    })),
    rows: order.map((row) => fields.map((field) => cell(field, field.values[row]))),
  };
}

/** The series of a panel over time, without those that are hidden. */
export function shownLines(frames: readonly DataFrame[]): ShownLine[] {
  return frames.flatMap((frame) => {
    const time = frame.fields.find(({ type }) => type === grafana.FieldType.time);
    return frame.fields
      .filter(
        ({ type, config }) => type === grafana.FieldType.number && config.custom?.hideFrom?.viz !== true,
      )
      .map((field) => ({
        name: grafana.getFieldDisplayName(field, frame, [...frames]),
        color: grafana.getFieldSeriesColor(field, theme).color,
        dashed: field.config.custom?.lineStyle?.fill === "dash",
        fillOpacity: Number(field.config.custom?.fillOpacity ?? 0),
        samples: field.values.map((value, row): [number, number] => [(time?.values[row] ?? 0) / 1000, value]),
        display: (value: number) => shownAs(field, value),
      }));
  });
}

/** How Grafana writes a number on an axis. */
export function axisText({ fieldConfig: { defaults } }: Panel, value: number, decimals?: number): string {
  const format = grafana.getValueFormat(defaults.unit ?? "none");
  return grafana.formattedValueToString(format(value, defaults.decimals ?? decimals ?? null));
}

function cell(field: Field, value: unknown): Shown {
  const { text, color } = shownAs(field, value);
  return { text, color: field.config.custom?.cellOptions?.type === "color-text" ? color : textColor };
}

function shownAs(field: Field, value: unknown): Shown {
  if (field.display === undefined) throw new Error(`${field.name} has had no settings applied`);
  return shown(field.display(value));
}

function shown(display: DisplayValue): Shown {
  return { text: grafana.formattedValueToString(display), color: display.color ?? textColor };
}

/** A panel's settings as Grafana's library takes them: the lowest step of thresholds begins at minus infinity. */
function sourceOf({ fieldConfig: { defaults, overrides } }: Panel): FieldConfigSource {
  const steps = defaults.thresholds.steps.map((step) => ({ ...step, value: step.value ?? -Infinity }));
  return {
    defaults: { ...defaults, thresholds: { ...defaults.thresholds, steps } },
    overrides,
  } as FieldConfigSource;
}

/** A variable of a text, such as the name of a field. */
function nameIn(variables: ScopedVars | undefined, name: string): string {
  if (name === "__calc") return String(variables?.__calc?.value ?? "");
  const { field, frame, data } = variables?.__dataContext?.value ?? {};
  return field === undefined ? "" : grafana.getFieldDisplayName(field, frame, data);
}
