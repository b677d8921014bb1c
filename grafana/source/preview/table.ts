import type { Momentary } from "./drawing.ts";
import { fieldOf, shownAs } from "./fields.ts";
import { formatNumber } from "./format.ts";
import { type Chart, columnsOf } from "./model.ts";
import type { Series } from "./source.ts";
import { rectangle, textAt } from "./svg.ts";
import { cut, theme } from "./theme.ts";

const size = 12;
const rowHeight = 22;

/** Rows of a table, sorted as the panel says, as many as find room. */
export function drawTable({ panel, answers, width, height }: Momentary): string {
  const { renameByName, indexByName } = columnsOf(panel);
  const order = Object.keys(indexByName);
  const fields = order.map((key) => fieldOf(panel.fieldConfig, renameByName[key] ?? key, "", []));
  const fixed = fields.reduce((sum, field) => sum + field.width, 0);
  const free = (width - fixed) / Math.max(1, fields.filter((field) => field.width === 0).length);
  const lefts = fields.map((_, index) =>
    fields.slice(0, index).reduce((sum, field) => sum + (field.width || free), 0),
  );
  const sortedBy = order.findIndex((key) => renameByName[key] === panel.options.sortBy[0]?.displayName);
  const rows = merged(panel, answers)
    .map((row) => order.map((key) => row.get(key)))
    .sort((a, b) => Number(b[sortedBy] ?? 0) - Number(a[sortedBy] ?? 0));
  if (rows.length === 0) {
    const { noValue } = panel.fieldConfig.defaults;
    return textAt(width / 2, height / 2, noValue, { size: 16, anchor: "middle" });
  }
  const room = Math.floor(height / rowHeight) - 1;
  const cell = (column: number, line: number, text: string, color: string, weight = 400) =>
    textAt(
      (lefts[column] ?? 0) + 4,
      line * rowHeight + 15,
      cut(text, (fields[column]?.width || free) - 8, size),
      { size, color, weight },
    );
  return [
    rectangle({ x: 0, y: 0, width, height: rowHeight }, theme.border),
    ...fields.map(({ name }, column) => cell(column, 0, name, theme.faint, 600)),
    ...rows.slice(0, room).flatMap((row, line) =>
      fields.map((field, column) => {
        const value = row[column];
        if (value === undefined) return "";
        const { text, color } = shownAs(value, field, (number) =>
          formatNumber(number, field.unit, field.decimals),
        );
        return cell(column, line + 1, text, field.colored ? color : theme.text);
      }),
    ),
  ].join("");
}

/** The rows of all queries in one: those with the same labels are one row. */
function merged(panel: Chart, answers: readonly (readonly Series[])[]): Map<string, string | number>[] {
  const rows = new Map<string, Map<string, string | number>>();
  const keys = shared(panel, answers);
  for (const [index, { refId }] of panel.targets.entries()) {
    const column = panel.targets.length === 1 ? "Value" : `Value #${refId}`;
    for (const { labels, samples } of answers[index] ?? []) {
      const key = keys.map((label) => labels[label]).join("\n");
      const row = rows.get(key) ?? new Map<string, string | number>();
      for (const [label, value] of Object.entries(labels)) row.set(label, value);
      rows.set(key, row.set(column, samples[0]?.[1] ?? Number.NaN));
    }
  }
  return [...rows.values()];
}

/** The labels that the series of every query have: a row is known by them. */
function shared({ targets }: Chart, answers: readonly (readonly Series[])[]): string[] {
  const sets = targets
    .map((_, index) => answers[index]?.[0])
    .flatMap((series) => (series === undefined ? [] : [new Set(Object.keys(series.labels))]));
  const [first = new Set<string>(), ...others] = sets;
  return [...first].filter((label) => others.every((set) => set.has(label)));
}
