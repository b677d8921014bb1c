import { shownTable } from "../shown/panel.ts";
import type { Momentary } from "./drawing.ts";
import { rectangle, textAt } from "./svg.ts";
import { cut, theme } from "./theme.ts";

const size = 12;
const rowHeight = 22;

/** Rows of a table, as many as find room. */
export function drawTable({ panel, frames, width, height }: Momentary): string {
  const { columns, rows } = shownTable(panel, frames);
  const fixed = columns.reduce((sum, column) => sum + column.width, 0);
  const free = (width - fixed) / Math.max(1, columns.filter((column) => column.width === 0).length);
  const widths = columns.map((column) => column.width || free);
  const lefts = widths.map((_, index) => widths.slice(0, index).reduce((sum, one) => sum + one, 0));
  const room = Math.floor(height / rowHeight) - 1;
  const cell = (column: number, line: number, text: string, color: string, weight = 400) =>
    textAt((lefts[column] ?? 0) + 4, line * rowHeight + 15, cut(text, (widths[column] ?? 0) - 8, size), {
      size,
      color,
      weight,
    });
  return [
    rectangle({ x: 0, y: 0, width, height: rowHeight }, theme.border),
    ...columns.map(({ title }, column) => cell(column, 0, title, theme.faint, 600)),
    ...rows
      .slice(0, room)
      .flatMap((row, line) => row.map(({ text, color }, column) => cell(column, line + 1, text, color))),
  ].join("");
}
