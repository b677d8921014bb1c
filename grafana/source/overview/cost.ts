import { neutral } from "../colours.ts";
import { timeSeries } from "../panels/timeseries.ts";
import { chosen, final, quotient, shareLine, valid } from "../queries.ts";
import type { Row } from "../row.ts";

const size = { width: 6, height: 9 };
const ended = 'outcome=~"delivered|failed|unknown"';

function segments(by: string, matchers: string, window = "$__rate_interval"): string {
  return `sum by (${by}) (rate(dlr_segments_total{${matchers}, ${chosen.receipts}}[${window}]))`;
}

function receiptsOf(by: string, matchers: string): string {
  return `sum by (${by}) (rate(dlr_segment_receipts_total{${matchers}, ${chosen.receipts}}[15m]))`;
}

/** Whose fault it is that messages do not arrive, and what that cost. */
export const cost: Row = {
  title: { en: "Whose fault, and what it cost", zh: "责任与计费条数" },
  panels: [
    timeSeries({
      ...size,
      title: { en: "Delivered share, and valid", zh: "送达率与有效送达率" },
      description: {
        en: "Delivered among the final receipts of 15 minutes; and valid, the same without what failed by the recipient's own state: empty, suspended, off, full or not answered. Only the first falls: the list is bad. Both fall: carrier, content or account; Failures by category says which.",
        zh: "15 分钟终态回执中的送达占比；“有效”不计因收件人自身状态（空号、停机、关机、存储已满、未接听等）而失败的回执。只有前者下降：号码名单质量差；两者都下降：运营商、内容或账户的问题，见“各分类失败量”。",
      },
      unit: "percentunit",
      thresholds: neutral,
      noValue: { en: "No final receipt", zh: "没有终态回执" },
      queries: [
        {
          expr: shareLine("provider, channel", 'outcome="delivered"', final),
          legend: "{{provider}} {{channel}}",
        },
        {
          expr: shareLine("provider, channel", 'outcome="delivered"', valid),
          legend: { en: "{{provider}} {{channel}} valid", zh: "{{provider}} {{channel}} 有效" },
        },
      ],
    }),
    timeSeries({
      ...size,
      title: { en: "Segments by category", zh: "各分类计费条数" },
      description: {
        en: "Segments (SMS parts) a minute of receipts that say how many their message had. A category that is wider here than among the failures has the long messages: what fails there costs the most.",
        zh: "每分钟的短信条数（长短信按拆分条数计），只含写明条数的回执。某分类在这里比在失败量中更宽，说明其中长短信多，失败的代价最高。",
      },
      unit: { en: "suffix:/min", zh: "suffix:条/分" },
      thresholds: neutral,
      stacked: true,
      categories: true,
      noValue: { en: "No receipt says it", zh: "回执均未写明条数" },
      queries: [{ expr: `60 * ${segments("category", ended)}`, legend: "{{category}}" }],
    }),
    timeSeries({
      ...size,
      title: { en: "Segments paid for nothing", zh: "未送达条数占比" },
      description: {
        en: "The share of all segments whose message did not arrive. Providers that charge what they send, and not what arrives, bill these. Above the share of failed receipts, it is the long messages that fail.",
        zh: "未送达短信的条数占全部条数的比例。按发送计费的服务商会对其收费。高于失败回执占比，说明失败的多是长短信。",
      },
      unit: "percentunit",
      thresholds: neutral,
      noValue: { en: "No receipt says it", zh: "回执均未写明条数" },
      queries: [
        {
          expr: quotient(
            segments("provider, channel", 'outcome="failed"', "15m"),
            segments("provider, channel", ended, "15m"),
          ),
          legend: "{{provider}} {{channel}}",
        },
      ],
    }),
    timeSeries({
      ...size,
      title: { en: "Segments that are not known", zh: "条数未知的回执" },
      description: {
        en: "The share of receipts whose segments are in no panel here, by reason: not_said by the receipt, no number (not_a_number), 0 or more than 255 (out_of_range), or counted before segments were (not_kept). Most providers of whom not_said is all never say it.",
        zh: "条数未计入本栏的回执占比，按原因：回执未写明（not_said）、不是数字（not_a_number）、为 0 或大于 255（out_of_range）、在统计条数之前已计数（not_kept）。某服务商全部为 not_said，多半是其回执从不写明条数。",
      },
      unit: "percentunit",
      thresholds: neutral,
      noValue: { en: "All are known", zh: "条数均已知" },
      queries: [
        {
          expr: `${receiptsOf("provider, segments", 'segments!="counted"')}\n/ ignoring (segments) group_left ()\n(${receiptsOf("provider", ended)} > 0)`,
          legend: "{{provider}} {{segments}}",
        },
      ],
    }),
  ],
};
