import * as echarts from "echarts";
import type { Range } from "./source.ts";
import { theme } from "./theme.ts";

/** The size of the letters on axes and in legends, in pixels. */
export const size = 11;

/** How an axis looks. */
export const axis = {
  axisLine: { lineStyle: { color: theme.border } },
  axisTick: { show: false },
  axisLabel: { color: theme.faint, fontSize: size },
  splitLine: { lineStyle: { color: theme.grid } },
} as const;

/** An axis of the range, with as many marks as find room. */
export function timeAxis({ from, to }: Range, width: number) {
  return {
    ...axis,
    type: "time" as const,
    min: from * 1000,
    max: to * 1000,
    splitNumber: Math.max(2, Math.floor(width / 110)),
    splitLine: { show: false },
    axisLabel: { ...axis.axisLabel, hideOverlap: true, formatter: clock },
  };
}

/** @param at ms since the epoch @returns hours and minutes, UTC */
export function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 16);
}

/** The times at which a line has values, in s. */
export function timesOf({ from, to }: Range, step: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

/** A chart as SVG, in a size in pixels. */
export function render(width: number, height: number, option: echarts.EChartsOption): string {
  const chart = echarts.init(null, undefined, { renderer: "svg", ssr: true, width, height });
  chart.setOption({
    animation: false,
    backgroundColor: "transparent",
    textStyle: { fontFamily: "inherit" },
    grid: { left: 6, right: 22, top: 8, bottom: 4, containLabel: true },
    ...option,
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
