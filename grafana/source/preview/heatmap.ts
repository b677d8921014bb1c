import { axis, clock, render, timesOf } from "./axes.ts";
import type { Drawing } from "./drawing.ts";
import { formatNumber } from "./format.ts";
import { theme } from "./theme.ts";

/** The buckets of a histogram over time: the more, the brighter. */
export function drawHeatmap({ panel, answers: [series = []], range, step, width, height }: Drawing): string {
  const bounds = series
    .map(({ labels, samples }) => ({ le: Number(labels.le?.replace("+Inf", "Infinity")), samples }))
    .sort((a, b) => a.le - b.le);
  const times = timesOf(range, step);
  const column = new Map(times.map((time, index) => [time, index]));
  const cells = bounds.flatMap(({ samples }, row) => {
    const below = new Map(bounds[row - 1]?.samples ?? []);
    return samples.flatMap(([time, value]) => {
      const count = value - (below.get(time) ?? 0);
      return count > 0.01 ? [[column.get(time) ?? 0, row, Math.sqrt(count)]] : [];
    });
  });
  const unit = panel.fieldConfig.defaults.unit;
  return render(width, height, {
    xAxis: {
      ...axis,
      type: "category",
      data: times.map((time) => clock(time * 1000)),
      axisLabel: { ...axis.axisLabel, interval: Math.floor(times.length / 8) },
      splitLine: { show: false },
    },
    yAxis: {
      ...axis,
      type: "category",
      data: bounds.map(({ le }) => (Number.isFinite(le) ? formatNumber(le, unit) : "more")),
      splitLine: { show: false },
    },
    visualMap: {
      show: false,
      min: 0,
      max: Math.max(1, ...cells.map(([, , heat = 0]) => heat)),
      inRange: { color: ["#3d2415", "#8c4a12", "#d9730d", "#ffb566", "#ffe8cc"] },
    },
    series: [{ type: "heatmap", data: cells, itemStyle: { borderColor: theme.panel, borderWidth: 1 } }],
  });
}
