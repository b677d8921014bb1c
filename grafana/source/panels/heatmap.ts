import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  PanelBuilder,
  YAxisConfigBuilder,
} from "@grafana/grafana-foundation-sdk/heatmap";
import { type Frame, framed, type PanelSource } from "./frame.ts";

/** The buckets of a histogram over time. The frame's unit is that of the buckets' bounds. */
export function heatmap(source: Frame & { readonly unit: string }): PanelSource {
  return {
    title: source.title,
    draw: (context) =>
      framed(new PanelBuilder(), source, "buckets", context)
        .calculate(false)
        .cellGap(1)
        .showLegend()
        .yAxis(new YAxisConfigBuilder().unit(source.unit))
        .color(
          new HeatmapColorOptionsBuilder()
            .mode(HeatmapColorMode.Scheme)
            .scheme("Oranges")
            .exponent(0.5)
            .steps(64)
            .reverse(false),
        ),
  };
}
