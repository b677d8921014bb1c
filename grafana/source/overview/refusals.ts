import { neutral, steps } from "../colours.ts";
import { stat } from "../panels/stat.ts";
import { timeSeries } from "../panels/timeseries.ts";
import { explained, receipts, share, total } from "../queries.ts";
import type { Row } from "../row.ts";
import { explainedCodes, faults } from "./codes.ts";

const refused = 'outcome="request_rejected"';
const ofCodes = `sum by (provider, scope, code) (rate(${receipts(refused)}[$__rate_interval]))`;
const inRange = `topk(15, ${total("provider, scope, code, category", refused, "$__range")} > 0)`;

/** What an API refused was never sent: whoever must act is in this house. */
export const refusals: Row = {
  title: { en: "API refusals", zh: "接口拒绝" },
  panels: [
    stat({
      title: { en: "Refused share, 15 m", zh: "接口拒绝率（15 分钟）" },
      description: {
        en: "Share of API responses that refuse the request. A refused request is never sent and gets no receipt. Above 5 %: the table below says who must act, and how.",
        zh: "接口应答中被服务商拒绝的占比。被拒绝的请求不会发出，也不会有回执。超过 5 %：按下方表格找责任方处理。",
      },
      width: 4,
      height: 8,
      unit: "percentunit",
      decimals: 1,
      thresholds: steps("green", [0.01, "orange"], [0.05, "red"]),
      noValue: { en: "No API answers", zh: "没有接口应答" },
      queries: [{ expr: share("", refused, 'outcome=~"accepted|request_rejected"', "15m") }],
    }),
    timeSeries({
      title: { en: "Who must act", zh: "责任方" },
      description: {
        en: "Refusals per minute by who must act. Account: someone with access to the provider's console, now, since nothing is sent until then. Content: whoever calls the API with this template, number or parameter.",
        zh: "每分钟被拒绝的请求，按责任方划分。账户：需要有服务商控制台权限的人立即处理，否则什么都发不出去。内容：由调用接口的业务方修正模板、号码或参数。",
      },
      width: 20,
      height: 8,
      unit: { en: "suffix:/min", zh: "suffix:次/分" },
      thresholds: neutral,
      stacked: true,
      names: {
        ...Object.fromEntries(faults.map(([fault, name, color]) => [fault, { name, color }])),
        "not listed": { name: { en: "Not in the code map", zh: "码表未收录" }, color: "#808080" },
      },
      queries: [
        {
          expr: `60 * sum by (fault) (label_replace(\n${explained(ofCodes, "fault")},\n"fault", "not listed", "fault", ""))`,
          legend: "{{fault}}",
        },
      ],
    }),
    explainedCodes({
      title: { en: "Refusals by code", zh: "接口拒绝码" },
      description: {
        en: "The 15 most frequent refusal codes in the time range, who must act, and the provider's advice. isv.OUT_OF_SERVICE and the like stop everything: top up or enable first, then resend what was refused.",
        zh: "所选时间内接口拒绝最多的 15 个码、责任方和服务商的处理建议。isv.OUT_OF_SERVICE 之类会导致全部发送失败：先充值或开通，再补发被拒绝的请求。",
      },
      height: 8,
      noValue: { en: "Nothing was refused", zh: "没有拒绝" },
      counts: inRange,
      counted: { en: "Requests", zh: "请求数" },
    }),
  ],
};
