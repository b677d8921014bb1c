import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import { type AnnotationQuery, AnnotationQueryBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Context } from "./context.ts";
import type { Text } from "./language.ts";
import { dataSource } from "./panels/frame.ts";

const job = 'job=~"$job"';

/**
 * What happened, as lines over every panel. Restarts and reloads stand at the time that their metric says, in ms,
 * and not at that of a scrape.
 */
export function annotations(context: Context): Builder<AnnotationQuery>[] {
  return [
    event(
      { en: "Alerts", zh: "告警" },
      "red",
      'ALERTS{alertname=~"Dlr.+", alertstate="firing"}',
      "{{alertname}} {{provider}} {{channel}}",
      context,
    ),
    event(
      { en: "Restarts", zh: "重启" },
      "purple",
      `1000 * process_start_time_seconds{${job}} > $__from`,
      "{{instance}}",
      context,
    ).useValueForTime(true),
    // A start reads the map as well, and is a restart already.
    event(
      { en: "Code map reloads", zh: "码表重新加载" },
      "blue",
      [
        "1000 * (",
        `  dlr_config_last_reload_success_timestamp_seconds{${job}}`,
        `  > on (job, instance) process_start_time_seconds{${job}} + 10`,
        ")",
        `* on (job, instance) group_left (hash) dlr_code_map_info{${job}}`,
        "> $__from",
      ].join("\n"),
      "{{instance}} {{hash}}",
      context,
    ).useValueForTime(true),
  ];
}

function event(
  name: Text,
  color: string,
  expr: string,
  text: string,
  { say }: Context,
): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(say(name))
    .datasource(dataSource)
    .enable(true)
    .iconColor(color)
    .expr(expr)
    .step("1m")
    .titleFormat(say(name))
    .textFormat(text);
}
