import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import { FieldColorBuilder, FieldColorModeId } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { categoryColours } from "../colours.ts";
import type { Context } from "../context.ts";
import type { Text } from "../language.ts";
import { type Frame, framed, type PanelSource } from "./frame.ts";

export interface TimeSeries extends Frame {
  /** Series are added up to areas. */
  readonly stacked?: true;
  /** Series are named after categories of the code map. */
  readonly categories?: true;
  /** Series of other names get these colours and words. */
  readonly names?: Readonly<Record<string, { readonly name: Text; readonly color: string }>>;
  /** The query, by its letter, whose series are dashed: what another is held against. */
  readonly dashed?: string;
  /** Thresholds are drawn as lines. */
  readonly limits?: true;
  /** The axis reaches at least so far. */
  readonly atLeast?: number;
  /** Series that are 0 all the while are shown too: that nothing happens is the news. */
  readonly zeros?: true;
}

/** Lines over time. Series that are 0 all the while are not shown, unless it is asked for: most categories are. */
export function timeSeries(source: TimeSeries): PanelSource {
  return {
    title: source.title,
    draw(context) {
      const builder = framed(new PanelBuilder(), source, "lines", context)
        .min(0)
        .lineWidth(source.stacked ? 1 : 2)
        .fillOpacity(source.stacked ? 60 : 0)
        .showPoints(VisibilityMode.Never)
        .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName))
        .legend(
          new VizLegendOptionsBuilder()
            .showLegend(true)
            .displayMode(LegendDisplayMode.List)
            .placement(LegendPlacement.Bottom)
            .calcs([]),
        )
        .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
      if (source.atLeast !== undefined) builder.axisSoftMax(source.atLeast);
      if (source.stacked) builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group("A"));
      if (source.limits) {
        builder.thresholdsStyle(
          new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed),
        );
      }
      // Two names for one series: the first would be taken.
      if (source.categories) withCategories(builder, context, Object.keys(source.names ?? {}));
      for (const [series, { name, color }] of Object.entries(source.names ?? {})) {
        builder.overrideByName(series, [
          { id: "displayName", value: context.say(name) },
          { id: "color", value: { mode: "fixed", fixedColor: color } },
        ]);
      }
      if (source.dashed !== undefined) {
        builder.overrideByQuery(source.dashed, [
          { id: "custom.lineStyle", value: { fill: "dash", dash: [8, 8] } },
          { id: "custom.fillOpacity", value: 0 },
        ]);
      }
      if (source.zeros) return builder;
      return builder.withOverride({
        matcher: { id: "byValue", options: { reducer: "allIsZero", op: "gte", value: 0 } },
        properties: [{ id: "custom.hideFrom", value: { legend: true, tooltip: true, viz: true } }],
      });
    },
  };
}

/** Gives series named after categories the categories' own colours and names. */
function withCategories(
  builder: PanelBuilder,
  { categories, say }: Context,
  renamed: readonly string[],
): void {
  for (const [category, name] of categories) {
    if (renamed.includes(category)) continue;
    builder.withOverride({
      matcher: { id: "byName", options: category },
      properties: [
        { id: "color", value: { mode: "fixed", fixedColor: categoryColours[category] } },
        { id: "displayName", value: say(name) },
      ],
    });
  }
}
