import { TableSortByFieldStateBuilder } from "@grafana/grafana-foundation-sdk/common";
import type { DynamicConfigValue, ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import { type Step, steps } from "../colours.ts";
import type { Context } from "../context.ts";
import type { Text } from "../language.ts";
import { type Frame, framed, type PanelSource } from "./frame.ts";

/** How a table writes counts, to the last digit, and shares. */
export const count = { unit: "locale", decimals: 0 } as const;
export const percent = { unit: "percentunit", decimals: 2 } as const;

/** Of a text that no mapping colours. */
const plain = steps("text");

export interface Column {
  /** A label, or the letter of a query for its values. */
  readonly field: string;
  readonly title: Text;
  /** Of a column of numbers: one of text, such as codes, has none. */
  readonly unit?: Text | string;
  readonly decimals?: number;
  /** In pixels; without it the column takes its part of what is left. */
  readonly width?: number;
  readonly thresholds?: readonly Step[];
  /** Words and colours for values. */
  readonly mappings?: (context: Context) => ValueMapping[];
  /** Long texts take several lines. */
  readonly wrapped?: true;
}

export interface Table extends Omit<Frame, "unit" | "decimals" | "thresholds"> {
  /** From left to right. */
  readonly columns: (context: Context) => readonly Column[];
  /** Labels that the queries need and nobody reads. */
  readonly hidden?: (context: Context) => readonly string[];
  /** The letter of the query by whose values the rows are sorted, largest first. */
  readonly sortedBy: string;
  /** The letter of the query that has an answer whenever another has one; by default the one that sorts. */
  readonly base?: string;
}

/** A table: a row for each set of labels, with a column for each query. */
export function table(source: Table): PanelSource {
  return {
    title: source.title,
    draw(context) {
      const columns = source.columns(context);
      const titleOf = (field: string) =>
        context.say(columns.find((column) => column.field === field)?.title ?? "");
      const single = source.queries.length === 1;
      const isQuery = (field: string) => /^[A-Z]$/.test(field);
      const inFrame = (field: string) => (isQuery(field) ? (single ? "Value" : `Value #${field}`) : field);
      const hidden = ["Time", ...(source.hidden?.(context) ?? [])];
      const builder = framed(new PanelBuilder(), { ...source, thresholds: plain }, "rows", context)
        .filterable(true)
        .sortBy([new TableSortByFieldStateBuilder().displayName(titleOf(source.sortedBy)).desc(true)])
        .withTransformation({ id: "merge", options: {} })
        .withTransformation({
          id: "organize",
          options: {
            excludeByName: Object.fromEntries(hidden.map((name) => [name, true])),
            indexByName: Object.fromEntries(columns.map(({ field }, index) => [inFrame(field), index])),
            renameByName: Object.fromEntries([
              ...columns.map(({ field, title }) => [inFrame(field), context.say(title)]),
              // the data source's name for the only query that has an answer
              ...(single ? [] : [["Value", titleOf(source.base ?? source.sortedBy)]]),
            ]),
          },
        });
      // What an empty table says is not for empty cells.
      if (source.noValue !== undefined) {
        builder.withOverride({
          matcher: { id: "byRegexp", options: "/.*/" },
          properties: [{ id: "noValue", value: "–" }],
        });
      }
      for (const column of columns) {
        const properties = propertiesOf(column, context);
        if (properties.length > 0) builder.overrideByName(context.say(column.title), properties);
      }
      return builder;
    },
  };
}

function propertiesOf(column: Column, context: Context): DynamicConfigValue[] {
  const { unit, decimals, width, thresholds, mappings, wrapped } = column;
  const coloured = thresholds !== undefined || mappings !== undefined;
  const properties: [boolean, string, () => unknown][] = [
    [unit !== undefined, "unit", () => context.say(unit ?? "")],
    [decimals !== undefined, "decimals", () => decimals],
    [width !== undefined, "custom.width", () => width],
    [mappings !== undefined, "mappings", () => mappings?.(context)],
    [thresholds !== undefined, "thresholds", () => ({ mode: "absolute", steps: thresholds })],
    [coloured, "custom.cellOptions", () => ({ type: "color-text" })],
    [wrapped === true, "custom.cellOptions", () => ({ type: "auto", wrapText: true })],
  ];
  return properties.flatMap(([given, id, value]) => (given ? [{ id, value: value() }] : []));
}
