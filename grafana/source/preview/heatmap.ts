import { axisText } from "../shown/panel.ts";
import { drawAxes } from "./axes.ts";
import type { Drawing } from "./drawing.ts";
import { rectangle } from "./svg.ts";

const heat = ["#3d2415", "#8c4a12", "#d9730d", "#ffb566", "#ffe8cc"] as const;

/** The buckets of a histogram over time: the more, the brighter. */
export function drawHeatmap({ panel, frames, range, step, width, height }: Drawing): string {
  const [time, ...buckets] = frames[0]?.fields ?? [];
  const marks = buckets.map(({ name }, index) => ({
    value: index + 1,
    text: name === "+Inf" ? "more" : axisText(panel, Number(name)),
  }));
  const { plot, drawing } = drawAxes(range, [{ value: 0, text: "" }, ...marks], {
    width,
    height,
    lines: false,
  });
  const most = Math.sqrt(Math.max(1, ...buckets.flatMap(({ values }) => values.map(Number))));
  const cells = buckets.flatMap(({ values }, row) =>
    values.flatMap((count: number, column: number) => {
      const at = Number(time?.values[column] ?? 0) / 1000;
      if (!(count > 0.01) || at + step > range.to) return [];
      const box = {
        x: plot.x(at) + 0.5,
        y: plot.y(row + 1) + 0.5,
        width: plot.x(at + step) - plot.x(at) - 1,
        height: plot.y(row) - plot.y(row + 1) - 1,
      };
      const shade = Math.min(heat.length - 1, Math.floor((Math.sqrt(count) / most) * heat.length));
      return [rectangle(box, heat[shade] ?? heat[0])];
    }),
  );
  return drawing + cells.join("");
}
