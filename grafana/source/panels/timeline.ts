import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import type { ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import { FieldColorBuilder, FieldColorModeId } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/statetimeline";
import type { Context } from "../context.ts";
import { type Frame, framed, type PanelSource } from "./frame.ts";

export interface Timeline extends Frame {
  /** Words and colours for the states. */
  readonly mappings: (context: Context) => ValueMapping[];
}

/** A bar over time for each series, in the colour of its state. */
export function timeline(source: Timeline): PanelSource {
  return {
    title: source.title,
    draw: (context) =>
      framed(new PanelBuilder(), source, "lines", context)
        .mappings(source.mappings(context))
        // Coloured by thresholds, Grafana would write them, "< 1" and "1+", instead of the words.
        .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor("text"))
        .mergeValues(true)
        .showValue(VisibilityMode.Never)
        .rowHeight(0.8)
        .fillOpacity(80)
        .lineWidth(0)
        .legend(
          new VizLegendOptionsBuilder()
            .showLegend(true)
            .displayMode(LegendDisplayMode.List)
            .placement(LegendPlacement.Bottom)
            .calcs([]),
        )
        .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single).sort(SortOrder.None)),
  };
}
