import { neutral, steps, timesExpectedSteps } from "../colours.ts";
import { stat } from "../panels/stat.ts";
import {
  behind,
  expectedOfAll,
  final,
  perMinute,
  share,
  timesExpected,
  total,
  usualDelivered,
  waiting,
} from "../queries.ts";
import type { Row } from "../row.ts";

const size = { width: 4, height: 6 };
const deliveredShare = share("", 'outcome="delivered"', final, "15m");

/** What is the matter, at a glance. */
export const now: Row = {
  title: { en: "Now", zh: "当前状况" },
  panels: [
    stat({
      ...size,
      title: { en: "Receipts a minute", zh: "每分钟回执数" },
      description: {
        en: "Receipts and API responses counted per minute, for the filters above. 0 in a busy hour: check the lag; without lag, nothing is being sent, or the provider has stopped sending receipts.",
        zh: "按上方所选条件统计的每分钟回执与接口应答数。业务高峰时为 0：先看是否有积压；没有积压，则是没有发送，或服务商停止推送回执。",
      },
      unit: { en: "suffix:/min", zh: "suffix:条/分" },
      decimals: 0,
      thresholds: neutral,
      noValue: { en: "Nothing is counted", zh: "没有计数" },
      queries: [{ expr: perMinute("") }],
      link: { title: { en: "By scope", zh: "按码表查看" }, panel: "Receipts by scope" },
    }),
    stat({
      ...size,
      title: { en: "Delivered share", zh: "送达率" },
      description: {
        en: "Delivered share of final receipts over 15 minutes, and the usual share at this hour. The colour shows how far it is below usual. Far below: find the growing category in Failures by category, then who can fix it in Failures by code. The usual share comes from the recording rules.",
        zh: "终态回执中已送达的占比（15 分钟），以及此时段的通常占比。颜色按低于通常的幅度。明显偏低：先在“各分类失败量”中找出上升的分类，再到“失败状态码”中看由谁处理。通常占比来自记录规则。",
      },
      unit: "percentunit",
      decimals: 1,
      thresholds: steps("green", [0.05, "orange"], [0.15, "red"]),
      coloured: "C",
      noValue: { en: "No final receipt", zh: "没有终态回执" },
      queries: [
        { expr: deliveredShare, legend: { en: "15 min", zh: "15 分钟" } },
        { expr: usualDelivered, legend: { en: "usual", zh: "通常" } },
        {
          expr: `clamp_min((${usualDelivered})\n-\n(${deliveredShare}), 0)`,
          legend: { en: "below usual", zh: "低于通常" },
        },
      ],
      link: { title: { en: "What fails", zh: "查看失败分类" }, panel: "Failures by category" },
    }),
    stat({
      ...size,
      title: { en: "Blacklist share", zh: "黑名单占比" },
      description: {
        en: "Blacklist share over 5 and 15 minutes, the share expected at this hour, and how many times expected the 5 minutes are (two standard deviations of the count subtracted as noise). Above 3: pause the campaign behind it; the row Blacklist has provider and code. Below 2 it is over, even if the 15 minutes still rise. The expectation comes from the recording rules and ignores the topic filter.",
        zh: "5 分钟与 15 分钟内回执为黑名单的占比、此时段的预期占比，以及 5 分钟占比是预期的几倍（已扣除计数的两个标准差）。高于 3 倍：暂停对应的营销任务（号码或内容有问题），服务商和状态码见“黑名单”一栏。低于 2 倍即已结束，即使 15 分钟占比仍在上升。预期值来自记录规则，不受所选 Topic 影响。",
      },
      unit: "percentunit",
      decimals: 2,
      thresholds: timesExpectedSteps,
      noValue: { en: "No receipts", zh: "没有回执" },
      queries: [
        {
          expr: timesExpected("", expectedOfAll),
          legend: { en: "times expected", zh: "预期的倍数" },
          unit: { en: "suffix:×", zh: "suffix:倍" },
          decimals: 1,
        },
        { expr: share("", 'category="blacklist"', "", "5m"), legend: { en: "5 min", zh: "5 分钟" } },
        { expr: share("", 'category="blacklist"', "", "15m"), legend: { en: "15 min", zh: "15 分钟" } },
        { expr: expectedOfAll, legend: { en: "expected", zh: "预期" } },
      ],
      link: {
        title: { en: "By provider", zh: "按服务商查看" },
        panel: "Blacklist share and what is expected",
      },
    }),
    stat({
      ...size,
      title: { en: "Unknown codes, last hour", zh: "未知状态码（1 小时）" },
      description: {
        en: "Receipts with a code that the code map does not list. They are counted, but in no category that alerts watch: the description of Unknown codes has the command that suggests their meaning.",
        zh: "状态码不在码表中的回执数。它们已计数，但不属于任何受关注的分类：“未知状态码”的说明中有查询其含义的命令。",
      },
      unit: "locale",
      decimals: 0,
      thresholds: steps("green", [20, "orange"], [200, "red"]),
      noValue: { en: "Nothing is counted", zh: "没有计数" },
      queries: [{ expr: total("", 'category="unknown"', "1h") }],
      link: { title: { en: "Which codes", zh: "查看状态码" }, panel: "Unknown codes" },
    }),
    stat({
      ...size,
      title: { en: "Event-time lag", zh: "回执时间滞后" },
      description: {
        en: "Age of the newest counted receipt in the topic that is furthest behind; 0 without lag. Above 5 minutes this page shows the past: check the exporter before you trust a drop. Not known while no partition is read, and for a replay.",
        zh: "积压最严重的 Topic 中，最新一条已计数回执距今的时间；没有积压时为 0。超过 5 分钟，本页显示的都是过去的情况：先检查 exporter，再判断曲线下跌。读不到任何分区时未知，回放任务没有此项。",
      },
      unit: "s",
      decimals: 0,
      thresholds: steps("green", [60, "orange"], [300, "red"]),
      noValue: { en: "Not known", zh: "未知" },
      queries: [{ expr: behind("") }],
      link: { title: { en: "The exporter", zh: "查看 exporter" }, dashboard: "dlr-exporter" },
    }),
    stat({
      ...size,
      title: { en: "Consumer lag", zh: "积压记录数" },
      description: {
        en: "Records in Kafka that are not counted yet, in the partitions being read. Growing: the exporter is too slow or blocked; nothing is lost, they are counted later. Not known while no partition is read, and for a replay.",
        zh: "能读到的分区中尚未计数的记录数。持续增长：exporter 处理过慢或受阻。数据不会丢失，恢复后会补上计数。读不到任何分区时未知，回放任务没有此项。",
      },
      unit: "locale",
      decimals: 0,
      thresholds: steps("green", [10_000, "orange"], [100_000, "red"]),
      noValue: { en: "Not known", zh: "未知" },
      queries: [{ expr: waiting }],
      link: { title: { en: "The exporter", zh: "查看 exporter" }, dashboard: "dlr-exporter" },
    }),
  ],
};
