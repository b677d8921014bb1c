import { neutral } from "../colours.ts";
import type { Context } from "../context.ts";
import type { Text } from "../language.ts";
import type { Frame, PanelSource } from "../panels/frame.ts";
import { categoryMapping, valueMapping } from "../panels/mappings.ts";
import { type Column, count, percent, table } from "../panels/table.ts";
import { timeSeries } from "../panels/timeseries.ts";
import {
  dayShare,
  dayTotal,
  explained,
  explanation,
  final,
  identity,
  perMinute,
  receipts,
  total,
} from "../queries.ts";
import type { Row } from "../row.ts";

/** The categories that have a column of their own, as shares of all receipts. */
const mainCategories = [
  "empty_number",
  "power_off",
  "suspended",
  "blacklist",
  "rate_limited",
  "content_blocked",
  "unknown",
] as const;

/** Who has to act on a code: the code map's word, and people's. */
export const faults: readonly (readonly [fault: string, name: Text, color: string])[] = [
  ["account_config", { en: "Account settings", zh: "账户配置" }, "#E02F44"],
  ["sender_content", { en: "Content, sender", zh: "内容/发送方" }, "#FF9830"],
  ["recipient", { en: "Recipient", zh: "接收方" }, "#5794F2"],
  ["carrier", { en: "Carrier", zh: "运营商" }, "#B877D9"],
  ["platform", { en: "Provider", zh: "服务商" }, "#6ED0E0"],
  ["none", { en: "Nobody", zh: "无需处理" }, "#9FA7B3"],
];

/** The columns that say what a code means, in the dashboard's language. */
function meaningColumns({ language }: Context): Column[] {
  return [
    {
      field: "fault",
      title: { en: "Who must act", zh: "责任方" },
      width: 140,
      mappings: (context) => valueMapping(faults, context),
    },
    {
      field: language === "en" ? "description" : "description_zh",
      title: { en: "Meaning", zh: "含义" },
      wrapped: true,
    },
    {
      field: language === "en" ? "remedy" : "remedy_zh",
      title: { en: "Advice", zh: "处理建议" },
      wrapped: true,
    },
  ];
}

/** The words of the other language. */
function otherLanguage({ language }: Context): string[] {
  return language === "en" ? ["description_zh", "remedy_zh"] : ["description", "remedy"];
}

/** The columns that say which code it is. @param width of the code, in pixels; an API's are long */
function codeColumns(width: number): Column[] {
  return [
    { field: "provider", title: { en: "Provider", zh: "服务商" }, width: 90 },
    { field: "scope", title: { en: "Scope", zh: "码表" }, width: 130 },
    { field: "code", title: { en: "Code", zh: "状态码" }, width },
  ];
}

/** A table of codes, the most frequent first, with what each means, who must act and what is advised. */
export function explainedCodes({
  counts,
  counted,
  ...frame
}: Pick<Frame, "title" | "description" | "height" | "noValue"> & {
  /** A query that counts by provider, scope, code and category. */
  readonly counts: string;
  /** What it counts. */
  readonly counted: Text;
}): PanelSource {
  return table({
    ...frame,
    width: 24,
    sortedBy: "A",
    queries: [{ expr: explained(counts, explanation) }],
    columns: (context) => [
      { field: "A", title: counted, ...count, width: 90 },
      ...codeColumns(230),
      { field: "category", title: { en: "Category", zh: "分类" }, width: 150, mappings: categoryMapping },
      ...meaningColumns(context),
    ],
    hidden: otherLanguage,
  });
}

const failures = `topk(15, ${total("provider, scope, code, category", 'outcome=~"failed|request_rejected"', "$__range")} > 0)`;

const everUnknown = `sum by (provider, scope, code) (max by (${identity.receipts}) (${receipts('category="unknown"')})) > 0`;

export const codes: Row = {
  title: { en: "Providers, scopes and codes", zh: "服务商、码表与状态码" },
  panels: [
    table({
      title: { en: "Providers and channels, 24 h", zh: "服务商与渠道（24 小时）" },
      description: {
        en: "The last 24 hours of each provider and channel: receipts, delivered share of the final ones, and the main categories as shares of all. Compare the providers of one channel: a category that is high at only one of them is for that provider to explain.",
        zh: "各服务商、渠道最近 24 小时：回执数、终态回执的送达率，以及主要分类占全部回执的比例。对比同一渠道的不同服务商：某个分类只在一家偏高，应由该服务商给出解释。",
      },
      width: 24,
      height: 6,
      noValue: { en: "No receipts", zh: "没有回执" },
      sortedBy: "A",
      queries: [
        { expr: dayTotal("provider, channel", "") },
        { expr: dayShare("provider, channel", 'outcome="delivered"', final) },
        { expr: dayShare("provider, channel", 'outcome="request_rejected"', "") },
        ...mainCategories.map((category) => ({
          expr: dayShare("provider, channel", `category="${category}"`, ""),
        })),
      ],
      columns: ({ categories }) => [
        { field: "provider", title: { en: "Provider", zh: "服务商" } },
        { field: "channel", title: { en: "Channel", zh: "渠道" } },
        { field: "A", title: { en: "Receipts", zh: "回执数" }, ...count },
        {
          field: "B",
          title: { en: "Delivered", zh: "送达率" },
          ...percent,
        },
        { field: "C", title: { en: "Refused by an API", zh: "接口拒绝" }, ...percent },
        ...mainCategories.map((category, index) => ({
          field: String.fromCharCode("D".charCodeAt(0) + index),
          title: categories.get(category) ?? { en: category, zh: category },
          ...percent,
        })),
      ],
    }),
    explainedCodes({
      title: { en: "Failures by code", zh: "失败状态码" },
      description: {
        en: "The 15 codes with the most failures in the time range, with their meaning, who must act, and the provider's advice. Start at the top. Few receipt codes have advice; most API codes do.",
        zh: "所选时间内失败最多的 15 个状态码，附含义、责任方和服务商给出的处理建议。从最上面开始处理。回执的状态码大多没有建议，接口应答的大多有。",
      },
      height: 11,
      noValue: { en: "No failure", zh: "没有失败" },
      counts: failures,
      counted: { en: "Receipts", zh: "回执数" },
    }),
    table({
      title: { en: "Unknown codes", zh: "未知状态码" },
      description: {
        en: "Codes that the code map does not list, in the time range and in total. To get their likely meaning, its sources and a patch: dlr-exporter codes unknown --prometheus URL --since 7d --patch mine.yaml. _other are codes beyond the limit of separately counted ones.",
        zh: "码表未收录的状态码，分别为所选时间内和累计的数量。查询可能的含义及出处并生成补丁：dlr-exporter codes unknown --prometheus URL --since 7d --patch mine.yaml。_other 为超出单独保留数量的部分。",
      },
      width: 10,
      height: 8,
      noValue: { en: "Every code is known", zh: "没有未知状态码" },
      sortedBy: "A",
      base: "B",
      queries: [
        // 0 where a code came, though not in the range: a column without a value would lose its heading
        {
          expr: `${total("provider, scope, code", 'category="unknown"', "$__range")} > 0\nor\n0 * (${everUnknown})`,
        },
        { expr: everUnknown },
      ],
      columns: () => [
        ...codeColumns(130),
        { field: "A", title: { en: "In range", zh: "所选时间" }, ...count, width: 90 },
        { field: "B", title: { en: "Ever", zh: "累计" }, ...count, width: 90 },
      ],
    }),
    timeSeries({
      title: { en: "Receipts by scope", zh: "各码表回执量" },
      description: {
        en: "Receipts per minute by provider and scope (the table that gives codes their meaning). One drops to 0 while the others continue: that source has stopped sending, or its records are malformed; see the exporter dashboard.",
        zh: "各服务商、各码表每分钟的回执量（码表决定状态码的含义）。只有一条降到 0 而其他正常：该来源停止推送，或记录无法解析，见 exporter 仪表盘。",
      },
      width: 14,
      height: 8,
      unit: { en: "suffix:/min", zh: "suffix:条/分" },
      thresholds: neutral,
      queries: [{ expr: perMinute("provider, scope"), legend: "{{provider}} {{scope}}" }],
    }),
  ],
};
