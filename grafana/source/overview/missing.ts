import { neutral, steps } from "../colours.ts";
import { timeSeries } from "../panels/timeseries.ts";
import { chosen, perMinute, quotient, receipts } from "../queries.ts";
import type { Row } from "../row.ts";

// As the rules have it: an answer to a query is no message, and what nobody can place has come all the same.
const accepted = 'outcome="accepted", scope!~".*query.*"';
const came = 'outcome=~"delivered|failed|unknown"';

const each = "provider, channel";
const hourly = (matchers: string) => `sum by (${each}) (rate(${receipts(matchers)}[1h]))`;
const recorded = (name: string) =>
  `max by (${each}) (provider_channel:dlr_receipts_${name}{${chosen.providers}})`;

/** Where nothing is due, nothing is drawn. */
function missing(window: string, of: { readonly en: string; readonly zh: string }) {
  return {
    expr: `clamp_min(${recorded(`missing:ratio${window}`)}, 0)`,
    legend: { en: `{{provider}} {{channel}} ${of.en}`, zh: `{{provider}} {{channel}} ${of.zh}` },
  };
}

/** Whether the receipts come that accepted requests promise. Empty where no API answers are read. */
export const neverCame: Row = {
  title: { en: "What never came", zh: "未返回的回执" },
  panels: [
    timeSeries({
      title: { en: "Accepted requests and final receipts", zh: "已受理请求与终态回执" },
      description: {
        en: "Final receipts (solid) and the requests that the API accepted (dashed), a minute. Receipts follow requests by their lag, a bulk send's by up to an hour or two. The dashed line stays and the solid one falls: receipts are lost on their way, or late.",
        zh: "每分钟的终态回执（实线）与接口已受理的请求（虚线）。回执滞后于请求，批量发送时可滞后一两个小时。虚线不变而实线下降：回执在途中丢失或延迟。",
      },
      width: 8,
      height: 9,
      unit: { en: "suffix:/min", zh: "suffix:条/分" },
      thresholds: neutral,
      dashed: "B",
      noValue: { en: "No final receipt and no API answer", zh: "没有终态回执和接口应答" },
      queries: [
        { expr: perMinute(each, came), legend: "{{provider}} {{channel}}" },
        {
          expr: perMinute(each, accepted),
          legend: { en: "{{provider}} {{channel}} accepted", zh: "{{provider}} {{channel}} 已受理" },
        },
      ],
    }),
    timeSeries({
      title: { en: "Receipts per accepted request", zh: "每个已受理请求的回执数" },
      description: {
        en: "Final receipts of an hour for each request that was accepted in it (solid), and how many are usual (dashed): the median of three days. One request may be of many messages, and some channels report a part only. It dips for as long as a bulk send's receipts are on their way.",
        zh: "一小时内每个已受理请求对应的终态回执数（实线），以及通常值（虚线，三天的中位数）。一个请求可能包含多条消息，有些渠道只返回部分回执。批量发送的回执尚在途中时会下降。",
      },
      width: 8,
      height: 9,
      unit: "none",
      decimals: 2,
      thresholds: neutral,
      dashed: "B",
      noValue: { en: "No API answers", zh: "没有接口应答" },
      queries: [
        { expr: quotient(hourly(came), hourly(accepted)), legend: "{{provider}} {{channel}}" },
        {
          expr: recorded("per_request:usual"),
          legend: { en: "{{provider}} {{channel}} usual", zh: "{{provider}} {{channel}} 通常" },
        },
      ],
    }),
    timeSeries({
      title: { en: "Missing, of what is due", zh: "到期未返回的占比" },
      description: {
        en: "The part of the receipts that are due of one hour and of four that has not come, with the channel's usual lag and bulk sends allowed for. DlrReceiptsMissing fires above 30 % of an hour, or 12 % of four. Ask the provider for the receipts, and look at the path by which they come into Kafka. Without the recording rules it is empty.",
        zh: "一小时和四小时内到期但未返回的回执占比，已考虑渠道的通常滞后和批量发送。一小时超过 30 % 或四小时超过 12 % 时触发 DlrReceiptsMissing。请向服务商核对回执，并检查回执进入 Kafka 的链路。未加载记录规则时为空。",
      },
      width: 8,
      height: 9,
      unit: "percentunit",
      thresholds: steps("green", [0.12, "orange"], [0.3, "red"]),
      limits: true,
      atLeast: 0.4,
      noValue: { en: "Nothing is due", zh: "没有到期的回执" },
      queries: [missing("1h", { en: "1 h", zh: "1 小时" }), missing("4h", { en: "4 h", zh: "4 小时" })],
    }),
  ],
};
