import { neutral, timesExpectedSteps } from "../colours.ts";
import { categoryMapping } from "../panels/mappings.ts";
import { count, percent, table } from "../panels/table.ts";
import { timeSeries } from "../panels/timeseries.ts";
import { chosen, failed, final, quotient, valueTotal } from "../queries.ts";
import type { Row } from "../row.ts";

/** What the rules record of each value and category. */
const recorded = (name: string) =>
  `provider_channel_value_category:dlr_receipts_by${name}{dimension=~"$dimension", ${chosen.providers}}`;
const each = "provider, channel, dimension, value, category";
const ofEach = (expr: string) => `max by (${each}) (${expr})`;

const share = [
  `${recorded(":increase15m")}`,
  `/ ignoring (category) group_left ()`,
  `(provider_channel_value:dlr_receipts_by:increase15m{dimension=~"$dimension", ${chosen.providers}} > 0)`,
].join("\n");

/** Those that a rule found in the range: before and after it their lines go on. */
const hitInRange = `max_over_time(${recorded("_share:hit")}[$__range] @ end())`;

/** Times what is expected, the 15 that stand out most. */
const timesExpected = `topk(15, ${ofEach(`${recorded(":increase15m")}\n/ ${recorded(":expected15m")}`)} >= 1)`;
const shown = (expr: string) => `${ofEach(expr)}\nand\n${timesExpected}`;

/** Values of few receipts have any share. */
const enough = (expr: string) =>
  `${expr}\nand\n${valueTotal("provider, channel, value", final, "$__range")} >= 20`;
const rangeShare = (part: string, whole: string) =>
  enough(
    quotient(
      valueTotal("provider, channel, value", part, "$__range"),
      valueTotal("provider, channel, value", whole, "$__range"),
    ),
  );

/** Whose receipts fail: one signature, one template, one carrier block. Empty where no topic has dimensions. */
export const values: Row = {
  title: { en: "Who is hit", zh: "影响范围" },
  panels: [
    table({
      title: { en: "Values above expected", zh: "各维度值当前占比与预期" },
      description: {
        en: "Values of the chosen dimension with more receipts of a failure category over 15 minutes than expected: than twice their own usual share, or twice that of the rest of their channel. Above 1 is more than that; alerts count a spike from the levels in the panel to the right. Pause what the value belongs to, or use another provider for it.",
        zh: "所选维度中，15 分钟内某失败分类多于预期的值：预期为自身常态占比的两倍，或同渠道其余部分占比的两倍，取较大者。大于 1 即高于预期；告警判定为突增的值见右图。请暂停该值对应的业务，或改走其他服务商。",
      },
      width: 12,
      height: 9,
      noValue: { en: "No value stands out", zh: "没有异常的维度值" },
      sortedBy: "A",
      queries: [
        { expr: timesExpected },
        { expr: shown(share) },
        { expr: shown(recorded("_share:usual")) },
        { expr: shown(recorded("_rest:ratio15m")) },
      ],
      columns: () => [
        { field: "provider", title: { en: "Provider", zh: "服务商" }, width: 80 },
        { field: "channel", title: { en: "Channel", zh: "渠道" }, width: 70 },
        { field: "dimension", title: { en: "Dimension", zh: "维度" }, width: 100 },
        { field: "value", title: { en: "Value", zh: "维度值" } },
        { field: "category", title: { en: "Category", zh: "分类" }, width: 120, mappings: categoryMapping },
        {
          field: "A",
          title: { en: "Times expected", zh: "预期的倍数" },
          unit: { en: "suffix:×", zh: "suffix:倍" },
          decimals: 1,
          width: 110,
          thresholds: timesExpectedSteps,
        },
        { field: "B", title: { en: "15 min", zh: "15 分钟" }, ...percent, width: 80 },
        { field: "C", title: { en: "Usual", zh: "常态" }, ...percent, width: 80 },
        { field: "D", title: { en: "Rest of the channel", zh: "渠道其余部分" }, ...percent, width: 120 },
      ],
    }),
    timeSeries({
      title: { en: "Share of spiking values", zh: "突增维度值的占比" },
      description: {
        en: "Share over 15 minutes (solid) and usual share (dashed) of the values that DlrValueSpike found in the time range, by category. Several values of one dimension: check another dimension for what they have in common.",
        zh: "所选时间内 DlrValueSpike 命中的维度值，按分类显示 15 分钟占比（实线）与常态占比（虚线）。同一维度多个值同时突增：换一个维度查找共同点。",
      },
      width: 12,
      height: 9,
      unit: "percentunit",
      thresholds: neutral,
      dashed: "B",
      noValue: { en: "No value spikes", zh: "没有维度值突增" },
      queries: [
        {
          expr: ofEach(`${share}\nand ${hitInRange}`),
          legend: "{{provider}} {{channel}} {{value}} {{category}}",
        },
        {
          expr: ofEach(`${recorded("_share:usual")}\nand ${hitInRange}`),
          legend: {
            en: "{{provider}} {{channel}} {{value}} {{category}} usual",
            zh: "{{provider}} {{channel}} {{value}} {{category}} 常态",
          },
        },
      ],
    }),
    table({
      title: { en: "Values by delivered share", zh: "各维度值送达率" },
      description: {
        en: "Delivered share by value of the chosen dimension in the time range, with at least 20 final receipts, the worst first. A value far below the others is a customer, text or carrier to check. _none has no such field; values folded into _other are left out.",
        zh: "所选时间内各维度值的送达情况（终态回执不少于 20 条），最差的在最上面。某个值明显低于其他：检查该客户、模板或运营商。_none 为没有该字段；并入 _other 的不显示。",
      },
      width: 24,
      height: 8,
      noValue: { en: "No dimension is configured", zh: "未配置维度" },
      sortedBy: "C",
      base: "A",
      queries: [
        { expr: enough(valueTotal("provider, channel, value", "", "$__range")) },
        { expr: rangeShare('outcome="delivered"', final) },
        { expr: rangeShare(failed, "") },
        { expr: rangeShare('category="blacklist"', "") },
        { expr: rangeShare('category="unknown"', "") },
      ],
      columns: ({ categories }) => [
        { field: "provider", title: { en: "Provider", zh: "服务商" } },
        { field: "channel", title: { en: "Channel", zh: "渠道" } },
        { field: "value", title: { en: "Value", zh: "维度值" } },
        { field: "A", title: { en: "Receipts", zh: "回执数" }, ...count },
        { field: "B", title: { en: "Delivered", zh: "送达率" }, ...percent },
        { field: "C", title: { en: "Failed", zh: "失败率" }, ...percent },
        {
          field: "D",
          title: categories.get("blacklist") ?? { en: "Blacklist", zh: "黑名单" },
          ...percent,
        },
        { field: "E", title: categories.get("unknown") ?? { en: "Unknown", zh: "未知" }, ...percent },
      ],
    }),
  ],
};
