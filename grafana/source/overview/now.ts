import { neutral, steps } from "../colours.ts";
import { stat } from "../panels/stat.ts";
import { behind, chosen, final, perMinute, share, total, waiting } from "../queries.ts";
import type { Row } from "../row.ts";

const size = { width: 4, height: 5 };
const counted = `provider_channel:dlr_receipts:increase30m{${chosen.providers}}`;
const expected = `provider_channel_category:dlr_receipts_share:expected{category="blacklist", ${chosen.providers}}`;

/** What is the matter, at a glance. */
export const now: Row = {
  title: { en: "Now", zh: "当前状况" },
  panels: [
    stat({
      ...size,
      title: { en: "Receipts a minute", zh: "每分钟回执数" },
      description: {
        en: "Receipts and API answers counted a minute, of all that is chosen above. 0 in a busy hour: see whether records wait; if none does, nothing is sent, or the provider has stopped sending receipts.",
        zh: "按上方所选条件统计的每分钟回执与接口应答数。业务高峰时为 0：先看是否有积压；没有积压，则是没有发送，或服务商停止推送回执。",
      },
      unit: { en: "suffix: /min", zh: "suffix: 条/分" },
      decimals: 0,
      thresholds: neutral,
      noValue: { en: "Nothing is counted", zh: "没有计数" },
      queries: [{ expr: perMinute("") }],
      link: { title: { en: "By scope", zh: "按码表查看" }, panel: "Receipts by scope" },
    }),
    stat({
      ...size,
      title: { en: "Delivered share, 15 m", zh: "送达率（15 分钟）" },
      description: {
        en: "Delivered among the receipts that are final. Below 95 %: look at Failures by category for what grows, then at Failures by code for who can mend it.",
        zh: "终态回执中已送达的占比。低于 95 %：先在“各分类失败量”中找出上升的分类，再到“失败状态码”中看由谁处理。",
      },
      unit: "percentunit",
      decimals: 1,
      thresholds: steps("red", [0.85, "orange"], [0.95, "green"]),
      noValue: { en: "No final receipt", zh: "没有终态回执" },
      queries: [{ expr: share("", 'outcome="delivered"', final, "15m") }],
      link: { title: { en: "What fails", zh: "查看失败分类" }, panel: "Failures by category" },
    }),
    stat({
      ...size,
      title: { en: "Blacklist share, 15 m", zh: "黑名单占比（15 分钟）" },
      description: {
        en: "Share of receipts that say blacklist, beside the share that is expected at this hour. Far above it: stop the campaign whose numbers or content it is; the row Blacklist has provider and code. The expectation comes from the recording rules and ignores the choice of topic.",
        zh: "回执为黑名单的占比，以及此时段的预期占比。远高于预期：暂停对应的营销任务（号码或内容有问题），服务商和状态码见“黑名单”一栏。预期值来自记录规则，不受所选 Topic 影响。",
      },
      unit: "percentunit",
      decimals: 2,
      thresholds: steps("green", [0.02, "orange"], [0.05, "red"]),
      noValue: { en: "No receipts", zh: "没有回执" },
      queries: [
        { expr: share("", 'category="blacklist"', "", "15m"), legend: { en: "now", zh: "当前" } },
        {
          expr: `sum(${expected} * on (job, provider, channel) ${counted})\n/\n(sum(${counted}) > 0)`,
          legend: { en: "expected", zh: "预期" },
        },
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
        en: "Receipts whose code the code map does not list. They are counted, but in no category that anybody watches: look them up under Unknown codes, add them to the code map, reload.",
        zh: "状态码不在码表中的回执数。它们已计数，但不属于任何受关注的分类：在“未知状态码”中查出，加入码表后重新加载。",
      },
      unit: "short",
      decimals: 0,
      thresholds: steps("green", [20, "orange"], [200, "red"]),
      noValue: { en: "Nothing is counted", zh: "没有计数" },
      queries: [{ expr: total("", 'category="unknown"', "1h") }],
      link: { title: { en: "Which codes", zh: "查看状态码" }, panel: "Unknown codes" },
    }),
    stat({
      ...size,
      title: { en: "Event time behind", zh: "回执时间滞后" },
      description: {
        en: "Age of the newest receipt counted, in the topic that is most behind, as long as records wait in it. Above 5 minutes everything here shows the past: look at the exporter before you believe a fall. Not known while no partition is read, and of a replay.",
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
      title: { en: "Records waiting", zh: "积压记录数" },
      description: {
        en: "Records in Kafka that are not counted yet, in the partitions that are read. It grows: the exporter is too slow, or something holds it up; nothing is lost, they are counted afterwards. Not known while no partition is read, and of a replay.",
        zh: "能读到的分区中尚未计数的记录数。持续增长：exporter 处理过慢或受阻。数据不会丢失，恢复后会补上计数。读不到任何分区时未知，回放任务没有此项。",
      },
      unit: "short",
      decimals: 0,
      thresholds: steps("green", [10_000, "orange"], [100_000, "red"]),
      noValue: { en: "Not known", zh: "未知" },
      queries: [{ expr: waiting }],
      link: { title: { en: "The exporter", zh: "查看 exporter" }, dashboard: "dlr-exporter" },
    }),
  ],
};
