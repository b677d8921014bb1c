import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
  VizOrientation,
} from "@grafana/grafana-foundation-sdk/common";
import { DashboardLinkBuilder, type ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/stat";
import type { Context } from "../context.ts";
import type { Text } from "../language.ts";
import { type Frame, framed, type PanelSource, refId } from "./frame.ts";

export interface Stat extends Frame {
  /** Words for values, such as 0 and 1. */
  readonly mappings?: (context: Context) => ValueMapping[];
  /** The letter of the query whose number has the colour of its threshold; by default the first. */
  readonly coloured?: string;
  /** Where a click leads: the words, and a panel of this dashboard by its English title, or another dashboard. */
  readonly link?: { readonly title: Text } & ({ readonly panel: string } | { readonly dashboard: string });
}

/**
 * Numbers of this moment, each on a line of its own: one has the colour of its threshold, others are what it is held
 * against. They are asked for at the end of the time range alone: the last value of a line would go on showing the
 * hour in which everything stopped.
 */
export function stat(source: Stat): PanelSource {
  return {
    title: source.title,
    draw(context) {
      const several = source.queries.length > 1;
      const builder = framed(new PanelBuilder(), source, "numbers", context)
        .graphMode(BigValueGraphMode.None)
        .colorMode(BigValueColorMode.Value)
        .textMode(several ? BigValueTextMode.ValueAndName : BigValueTextMode.Value)
        .orientation(several ? VizOrientation.Horizontal : VizOrientation.Auto)
        .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false));
      for (const [index, { unit, decimals }] of source.queries.entries()) {
        const letter = refId(index);
        const properties = [
          ...(unit === undefined ? [] : [{ id: "unit", value: context.say(unit) }]),
          ...(decimals === undefined ? [] : [{ id: "decimals", value: decimals }]),
          ...(letter === (source.coloured ?? "A")
            ? []
            : [{ id: "color", value: { mode: "fixed", fixedColor: "text" } }]),
        ];
        if (properties.length > 0) builder.overrideByQuery(letter, properties);
      }
      if (source.mappings !== undefined) builder.mappings(source.mappings(context));
      if (source.link !== undefined) {
        const { link } = source;
        const url = "panel" in link ? context.panelUrl(link.panel) : context.dashboardUrl(link.dashboard);
        builder.dataLinks([new DashboardLinkBuilder(context.say(link.title)).url(url)]);
      }
      return builder;
    },
  };
}
