import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import {
  type DynamicConfigValue,
  type MatcherConfig,
  type Panel,
  type ThresholdsConfig,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import type { Step } from "../colours.ts";
import type { Context } from "../context.ts";
import type { Text, Words } from "../language.ts";

export interface Query {
  readonly expr: string;
  /** The name of each series, with {{label}} for its labels. */
  readonly legend?: Words;
  /** Of this query, where it is another than the panel's. */
  readonly unit?: Words;
  readonly decimals?: number;
}

/** What every panel has. */
export interface Frame {
  readonly title: Text;
  /** What it shows, and what to do about it. */
  readonly description: Text;
  /** In columns of 24. */
  readonly width: number;
  /** In rows of about 38 pixels. */
  readonly height: number;
  /**
   * One of Grafana's, such as `percentunit`, `s`, or `suffix:/min`, which puts a space before it. Counts are `locale`:
   * `short` writes 2345 as 2 K, and a count is read to the last digit. A table has none: Grafana would write codes as
   * numbers.
   */
  readonly unit?: Words;
  readonly decimals?: number;
  readonly thresholds: readonly Step[];
  readonly noValue?: Text;
  readonly queries: readonly Query[];
}

/** A panel before it is drawn in a language. */
export interface PanelSource {
  readonly title: Text;
  draw(context: Context): Builder<Panel>;
}

export const dataSource = { type: "prometheus", uid: "$datasource" } as const;

/** What the builders of all kinds of panel can do. */
interface AnyBuilder extends Builder<Panel> {
  title(title: string): this;
  description(description: string): this;
  span(width: number): this;
  height(height: number): this;
  datasource(source: typeof dataSource): this;
  unit(unit: string): this;
  decimals(decimals: number): this;
  noValue(text: string): this;
  thresholds(thresholds: Builder<ThresholdsConfig>): this;
  withTarget(target: Builder<Dataquery>): this;
  withOverride(override: { matcher: MatcherConfig; properties: DynamicConfigValue[] }): this;
}

/** How the data source answers: lines over time, numbers of one moment, rows of a table, or buckets over time. */
export type Answer = "lines" | "numbers" | "rows" | "buckets";

/** Puts the frame around a panel. */
export function framed<B extends AnyBuilder>(builder: B, frame: Frame, answer: Answer, { say }: Context): B {
  builder
    .title(say(frame.title))
    .description(say(frame.description))
    .span(frame.width)
    .height(frame.height)
    .datasource(dataSource)
    .thresholds(
      new ThresholdsConfigBuilder()
        .mode(ThresholdsMode.Absolute)
        .steps(frame.thresholds.map((step) => ({ ...step }))),
    );
  if (frame.unit !== undefined) builder.unit(say(frame.unit));
  if (frame.decimals !== undefined) builder.decimals(frame.decimals);
  if (frame.noValue !== undefined) builder.noValue(say(frame.noValue));
  for (const [index, { expr, legend }] of frame.queries.entries()) {
    const query = new DataqueryBuilder().refId(refId(index)).datasource(dataSource).expr(expr);
    if (legend !== undefined) query.legendFormat(say(legend));
    if (replayedRate.test(expr)) query.interval(replayedStep);
    if (answer === "numbers" || answer === "rows") query.instant();
    else query.range();
    if (answer === "rows") query.format(PromQueryFormat.Table);
    if (answer === "buckets") query.format(PromQueryFormat.Heatmap);
    builder.withTarget(query);
  }
  return builder;
}

/** What a replay can fill, as a rate that is as short as the scrape interval lets it be. */
const replayedRate = /\bdlr_receipts_total\{[^}]*\}\[\$__rate_interval\]/;

/**
 * A replay has a sample a minute, whatever the scrape interval of the data source: with this step, Grafana makes
 * `$__rate_interval` no shorter than four of them.
 */
const replayedStep = "1m";

/** The letter of a panel's query: A, B, C and so on. */
export function refId(index: number): string {
  return String.fromCharCode("A".charCodeAt(0) + index);
}
