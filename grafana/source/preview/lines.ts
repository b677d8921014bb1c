import { axisText, type ShownLine, shownLines } from "../shown/panel.ts";
import { drawAxes, type Plot, roundValues } from "./axes.ts";
import type { Drawing } from "./drawing.ts";
import { drawLegend } from "./legend.ts";
import { type Point, path, placed } from "./svg.ts";
import { colorOf } from "./theme.ts";

/** Samples that stand next to one another, each from a value up to another. */
type Stretch = readonly { readonly at: number; readonly from: number; readonly to: number }[];

/** Lines or stacked areas over time, with a legend below. */
export function drawLines({ panel, frames, range, step, width, height }: Drawing): string {
  const { decimals, custom, thresholds } = panel.fieldConfig.defaults;
  const lines = shownLines(frames);
  const legend = drawLegend(lines, width);
  const stacked = custom.stacking?.mode === "normal";
  const stretches = stretchesOf(lines, step, stacked);
  const highest = Math.max(custom.axisSoftMax, ...stretches.flat(2).map(({ to }) => to));
  const values = roundValues(highest || 1, decimals === 0);
  const places = placesBetween(values);
  const marks = values.map((value) => ({ value, text: axisText(panel, value, places) }));
  const { plot, drawing } = drawAxes(range, marks, { width, height: height - legend.height, lines: true });
  const limits = custom.thresholdsStyle?.mode === "dashed" ? thresholds.steps : [];
  return [
    drawing,
    ...lines.flatMap((line, index) =>
      (stretches[index] ?? []).map((one) => drawStretch(line, one, plot, stacked)),
    ),
    ...limits.flatMap(({ value, color }) =>
      value === null || value > (values.at(-1) ?? 0)
        ? []
        : [
            path(
              [
                [plot.left, plot.y(value)],
                [plot.right, plot.y(value)],
              ],
              { stroke: colorOf(color), dashed: true },
            ),
          ],
    ),
    placed({ x: 0, y: height - legend.height }, legend.drawing),
  ].join("");
}

function drawStretch(line: ShownLine, stretch: Stretch, plot: Plot, stacked: boolean): string {
  const tops = stretch.map(({ at, to }): Point => [plot.x(at), plot.y(to)]);
  const outline = path(tops, { stroke: line.color, width: stacked ? 0.5 : 1.5, dashed: line.dashed });
  if (line.fillOpacity === 0) return outline;
  const bottoms = stretch.map(({ at, from }): Point => [plot.x(at), plot.y(from)]).toReversed();
  return path([...tops, ...bottoms], { fill: line.color, opacity: line.fillOpacity / 100 }) + outline;
}

/** Each line's stretches without a gap; each line on top of those before it where they are stacked. */
function stretchesOf(lines: readonly ShownLine[], step: number, stacked: boolean): Stretch[][] {
  const heights = new Map<number, number>();
  return lines.map(({ samples }) => {
    const stretches: { at: number; from: number; to: number }[][] = [];
    let last = Number.NEGATIVE_INFINITY;
    for (const [at, value] of samples) {
      if (!Number.isFinite(value)) continue;
      const from = stacked ? (heights.get(at) ?? 0) : 0;
      if (stacked) heights.set(at, from + value);
      if (at - last > step * 1.5) stretches.push([]);
      stretches.at(-1)?.push({ at, from, to: from + value });
      last = at;
    }
    return stretches;
  });
}

/** How many decimals tell the marks of an axis apart, in the axis' own unit. */
function placesBetween([first = 0, second = 1]: readonly number[]): number {
  return Math.max(0, Math.ceil(-Math.log10(second - first)));
}
