import type { Range } from "./source.ts";
import { path, textAt } from "./svg.ts";
import { theme, widthOf } from "./theme.ts";

/** The size of the letters on axes and in legends, in pixels. */
export const size = 11;

/** The room inside the axes, in pixels, and where a time and a value stand in it. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** @param at s since the epoch */
  x(at: number): number;
  y(value: number): number;
}

/** Axes with their marks, and the room inside them. */
export interface Axes {
  readonly plot: Plot;
  readonly drawing: string;
}

/** A mark on the value axis. */
export interface Mark {
  readonly value: number;
  readonly text: string;
}

/**
 * Draws both axes.
 *
 * @param marks on the value axis, from the lowest to the highest; the axis ends at the highest
 * @param lines whether each mark has a line through the room
 */
export function drawAxes(
  range: Range,
  marks: readonly Mark[],
  { width, height, lines }: { readonly width: number; readonly height: number; readonly lines: boolean },
): Axes {
  const plot = {
    left: Math.max(0, ...marks.map(({ text }) => widthOf(text, size))) + 12,
    right: width - 14,
    top: 8,
    bottom: height - 20,
  };
  const lowest = marks[0]?.value ?? 0;
  const highest = marks.at(-1)?.value ?? 1;
  const x = (at: number) =>
    plot.left + ((at - range.from) / (range.to - range.from)) * (plot.right - plot.left);
  const y = (value: number) =>
    plot.bottom - ((value - lowest) / (highest - lowest || 1)) * (plot.bottom - plot.top);
  const values = marks.flatMap(({ value, text }) => [
    ...(lines
      ? [
          path(
            [
              [plot.left, y(value)],
              [plot.right, y(value)],
            ],
            { stroke: theme.grid },
          ),
        ]
      : []),
    textAt(plot.left - 6, y(value) + 4, text, { size, color: theme.faint, anchor: "end" }),
  ]);
  return { plot: { ...plot, x, y }, drawing: [...values, timeMarks(range, { ...plot, x, y })].join("") };
}

/** Hours and minutes below a room, as many as find room. */
export function timeMarks(range: Range, plot: Plot): string {
  const room = Math.max(2, Math.floor((plot.right - plot.left) / 80));
  const span = range.to - range.from;
  const step = timeSteps.find((one) => span / one <= room) ?? span;
  const first = Math.ceil(range.from / step) * step;
  const marks = Array.from(
    { length: Math.floor((range.to - first) / step) + 1 },
    (_, index) => first + index * step,
  );
  return marks
    .map((at) =>
      textAt(plot.x(at), plot.bottom + 15, clock(at), { size, color: theme.faint, anchor: "middle" }),
    )
    .join("");
}

const timeSteps = [60, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** @param at s since the epoch @returns hours and minutes, UTC */
function clock(at: number): string {
  return new Date(at * 1000).toISOString().slice(11, 16);
}

/**
 * Round values from 0 on, four or five, the last not below `highest`.
 *
 * @param whole whether there is nothing between whole numbers
 */
export function roundValues(highest: number, whole: boolean): number[] {
  const least = highest / 4;
  const power = 10 ** Math.floor(Math.log10(least || 1));
  const fit = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= least * (1 - 1e-9)) ?? least;
  const step = whole ? Math.max(1, Math.ceil(fit)) : fit;
  return Array.from(
    { length: Math.max(1, Math.ceil(highest / step - 1e-9)) + 1 },
    (_, index) => index * step,
  );
}
