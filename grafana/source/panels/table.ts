import { TableSortByFieldStateBuilder } from "@grafana/grafana-foundation-sdk/common";
import type { ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import type { Step } from "../colours.ts";
import type { Context } from "../context.ts";
import type { Text } from "../language.ts";
import { type Frame, framed, type PanelSource } from "./frame.ts";

export interface Column {
  /** A label, or the letter of a query for its values. */
  readonly field: string;
  readonly title: Text;
  readonly unit?: string;
  /** In pixels; without it the column takes its part of what is left. */
  readonly width?: number;
  readonly thresholds?: readonly Step[];
  /** Words and colours for values. */
  readonly mappings?: (context: Context) => ValueMapping[];
  /** Long texts take several lines. */
  readonly wrapped?: true;
}

export interface Table extends Frame {
  /** From left to right. */
  readonly columns: (context: Context) => readonly Column[];
  /** Labels that the queries need and nobody reads. */
  readonly hidden?: (context: Context) => readonly string[];
  /** The letter of the query by whose values the rows are sorted, largest first. */
  readonly sortedBy: string;
}

/** A table: a row for each set of labels, with a column for each query. */
export function table(source: Table): PanelSource {
  return {
    title: source.title,
    draw(context) {
      const columns = source.columns(context);
      const single = source.queries.length === 1;
      const valueField = (letter: string) => (single ? "Value" : `Value #${letter}`);
      const inFrame = (field: string) => (/^[A-Z]$/.test(field) ? valueField(field) : field);
      const hidden = ["Time", ...(source.hidden?.(context) ?? [])];
      const sorted = columns.find(({ field }) => field === source.sortedBy)?.title ?? "";
      const builder = framed(new PanelBuilder(), source, "rows", context)
        .filterable(true)
        .sortBy([new TableSortByFieldStateBuilder().displayName(context.say(sorted)).desc(true)])
        .withTransformation({ id: "merge", options: {} })
        .withTransformation({
          id: "organize",
          options: {
            excludeByName: Object.fromEntries(hidden.map((name) => [name, true])),
            indexByName: Object.fromEntries(columns.map(({ field }, index) => [inFrame(field), index])),
            renameByName: Object.fromEntries(
              columns.map(({ field, title }) => [inFrame(field), context.say(title)]),
            ),
          },
        });
      for (const { title, unit, width, thresholds, mappings, wrapped } of columns) {
        const properties = [
          ...(unit === undefined ? [] : [{ id: "unit", value: unit }]),
          ...(width === undefined ? [] : [{ id: "custom.width", value: width }]),
          ...(mappings === undefined ? [] : [{ id: "mappings", value: mappings(context) }]),
          ...(thresholds === undefined
            ? []
            : [{ id: "thresholds", value: { mode: "absolute", steps: thresholds } }]),
          ...(thresholds === undefined && mappings === undefined
            ? []
            : [{ id: "custom.cellOptions", value: { type: "color-text" } }]),
          ...(wrapped ? [{ id: "custom.cellOptions", value: { type: "auto", wrapText: true } }] : []),
        ];
        if (properties.length > 0) builder.overrideByName(context.say(title), properties);
      }
      return builder;
    },
  };
}
