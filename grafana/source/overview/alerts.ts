import { timesExpectedSteps } from "../colours.ts";
import { firingAlerts } from "../firing.ts";
import { percent, table } from "../panels/table.ts";
import { expectedOfEach, lastAboveExpected, share, timesExpected } from "../queries.ts";
import type { Row } from "../row.ts";

/** Whether anything is the matter, and whether it is over. */
export const alerts: Row = {
  title: { en: "Alerts", zh: "告警" },
  panels: [
    firingAlerts({
      width: 13,
      more: {
        en: "A spike alert keeps firing for 15 minutes after its condition has ended: the table to the right says whether it is over.",
        zh: "突增告警在条件消失后仍保持 15 分钟：是否已结束看右侧表格。",
      },
    }),
    table({
      title: { en: "Blacklist share now and expected", zh: "黑名单当前占比与预期" },
      description: {
        en: "Blacklist share of each provider and channel over 5 and 15 minutes, and the share expected at this hour. Below 2 times expected it is over, even if the 15 minutes still show it; the last column says since when, within 6 hours. Two standard deviations of the count are subtracted as noise. Without the recording rules there is no expectation.",
        zh: "各服务商、渠道 5 分钟与 15 分钟内的黑名单占比，以及此时段的预期占比。低于预期的 2 倍即已结束，即使 15 分钟占比仍然偏高；最后一列为最近 6 小时内结束的时间。倍数已扣除计数的两个标准差。未加载记录规则时没有预期值。",
      },
      width: 11,
      height: 6,
      noValue: { en: "No receipts", zh: "没有回执" },
      sortedBy: "A",
      base: "D",
      queries: [
        { expr: timesExpected("provider, channel", expectedOfEach) },
        { expr: share("provider, channel", 'category="blacklist"', "", "5m") },
        { expr: share("provider, channel", 'category="blacklist"', "", "15m") },
        { expr: expectedOfEach },
        { expr: lastAboveExpected },
      ],
      columns: () => [
        { field: "provider", title: { en: "Provider", zh: "服务商" } },
        { field: "channel", title: { en: "Channel", zh: "渠道" }, width: 70 },
        {
          field: "A",
          title: { en: "Times expected", zh: "预期的倍数" },
          unit: { en: "suffix:×", zh: "suffix:倍" },
          decimals: 1,
          width: 110,
          thresholds: timesExpectedSteps,
        },
        { field: "B", title: { en: "5 min", zh: "5 分钟" }, ...percent },
        { field: "C", title: { en: "15 min", zh: "15 分钟" }, ...percent },
        { field: "D", title: { en: "Expected", zh: "预期" }, ...percent },
        {
          field: "E",
          title: { en: "Last above 2 ×", zh: "最近高于 2 倍" },
          unit: "dateTimeAsIso",
          width: 140,
        },
      ],
    }),
  ],
};
