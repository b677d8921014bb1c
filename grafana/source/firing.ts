import type { Text } from "./language.ts";
import type { PanelSource } from "./panels/frame.ts";
import { valueMapping } from "./panels/mappings.ts";
import { table } from "./panels/table.ts";

/** What an alert may be about. */
const subjects = ["provider", "channel", "topic", "instance"] as const;

/** Put where an alert has no such label, so that every column is there, whatever fires. */
const nothing = "–";

/**
 * The alerts that fire, by what they are about, as Prometheus writes them down: no other program is asked. The value
 * is since when the reason holds, in ms. Where the rules are not loaded, one row says so.
 */
const firing = subjects.reduce(
  (expr, label) => `label_replace(\n${expr},\n"${label}", "${nothing}", "${label}", "")`,
  [
    `max by (alertname, severity, ${subjects.join(", ")}) (`,
    '  1000 * ALERTS_FOR_STATE{alertname=~"Dlr.+", job=~"$job|"}',
    '  and ignoring (alertstate) ALERTS{alertname=~"Dlr.+", alertstate="firing", job=~"$job|"}',
    "  or",
    '  label_replace(1000 * time() * absent(dlr:threshold:consumer_behind_seconds), "alertname", "rules_missing", "", "")',
    ")",
  ].join("\n"),
);

const severities: readonly (readonly [string, Text, string])[] = [
  ["critical", { en: "page", zh: "呼叫" }, "red"],
  ["warning", { en: "ticket", zh: "工单" }, "orange"],
];

/**
 * The table at the top of each dashboard.
 *
 * @param width in columns of 24
 * @param more sentences behind its description
 */
export function firingAlerts({ width, more }: { readonly width: number; readonly more?: Text }): PanelSource {
  return table({
    title: { en: "Firing alerts", zh: "正在触发的告警" },
    description: {
      en: `Alerts firing at the end of the time range, and since when their condition holds; only the job filter applies. Start at the top: the runbooks say what each means and what to do.${more === undefined ? "" : ` ${more.en}`}`,
      zh: `所选时间末尾正在触发的告警及其条件成立的时间，只受任务选择影响。从最上面开始处理，含义与处理方法见处理手册。${more?.zh ?? ""}`,
    },
    width,
    height: 6,
    noValue: { en: "No firing alerts", zh: "没有告警" },
    sortedBy: "A",
    queries: [{ expr: firing }],
    columns: () => [
      { field: "A", title: { en: "Since", zh: "开始时间" }, unit: "dateTimeAsIso", width: 140 },
      {
        field: "severity",
        title: { en: "Severity", zh: "级别" },
        width: 70,
        mappings: (context) => valueMapping(severities, context),
      },
      {
        field: "alertname",
        title: { en: "Alert", zh: "告警名称" },
        mappings: (context) =>
          valueMapping(
            [["rules_missing", { en: "The rules are not loaded", zh: "未加载规则" }, "red"]],
            context,
          ),
      },
      { field: "provider", title: { en: "Provider", zh: "服务商" }, width: 80 },
      { field: "channel", title: { en: "Channel", zh: "渠道" }, width: 70 },
      { field: "topic", title: { en: "Topic", zh: "Topic" }, width: 80 },
      { field: "instance", title: { en: "Instance", zh: "实例" }, width: 100 },
    ],
  });
}
