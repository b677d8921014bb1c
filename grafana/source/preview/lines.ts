import { axis, render, timeAxis, timesOf } from "./axes.ts";
import type { Drawing } from "./drawing.ts";
import { type Line, linesOf } from "./fields.ts";
import { formatNumber } from "./format.ts";
import { drawLegend } from "./legend.ts";
import type { Range } from "./source.ts";
import { placed } from "./svg.ts";
import { colorOf } from "./theme.ts";

/** Lines or stacked areas over time, with a legend below. */
export function drawLines({ panel, answers, range, step, width, height }: Drawing): string {
  const { unit, decimals, custom, thresholds } = panel.fieldConfig.defaults;
  const lines = linesOf(panel, answers);
  const legend = drawLegend(
    lines.map(({ field, color }) => ({ name: field.name, color })),
    width,
  );
  const highest = Math.max(0, ...lines.flatMap(({ samples }) => samples.map(([, value]) => value || 0)));
  const stacked = custom.stacking?.mode === "normal";
  const limits = custom.thresholdsStyle?.mode === "dashed" ? thresholds.steps : [];
  const chart = render(width, height - legend.height, {
    xAxis: timeAxis(range, width),
    yAxis: {
      ...axis,
      type: "value",
      min: 0,
      minInterval: decimals === 0 ? 1 : 0,
      ...(highest > custom.axisSoftMax ? {} : { max: custom.axisSoftMax || 1 }),
      splitNumber: 4,
      axisLabel: {
        ...axis.axisLabel,
        formatter: (value: number) => formatNumber(value, unit, value === 0 ? 0 : decimals),
      },
    },
    series: lines.map((line, index) => ({
      type: "line",
      data: regular(line, range, step),
      showSymbol: false,
      lineStyle: { width: stacked ? 0.5 : 1.5, type: line.field.dashed ? "dashed" : "solid" },
      itemStyle: { color: line.color },
      ...(stacked ? { stack: "all" } : {}),
      ...(line.field.fillOpacity > 0 ? { areaStyle: { opacity: line.field.fillOpacity / 100 } } : {}),
      ...(index === 0 && limits.length > 0 ? { markLine: limitLines(limits) } : {}),
    })),
  });
  return chart + placed({ x: 0, y: height - legend.height }, legend.drawing);
}

/** A value for each step, `-` where there is none, so that a gap is seen. */
function regular({ samples }: Line, range: Range, step: number): (number | "-")[][] {
  const values = new Map(samples);
  return timesOf(range, step).map((time) => {
    const value = values.get(time);
    return [time * 1000, value !== undefined && Number.isFinite(value) ? value : "-"];
  });
}

function limitLines(steps: readonly { value: number | null; color: string }[]) {
  return {
    silent: true,
    symbol: "none",
    label: { show: false },
    data: steps.flatMap(({ value, color }) =>
      value === null ? [] : [{ yAxis: value, lineStyle: { color: colorOf(color), type: "dashed" as const } }],
    ),
  };
}
