import { neutral, steps } from "../colours.ts";
import { stat } from "../panels/stat.ts";
import { timeSeries } from "../panels/timeseries.ts";
import { categoryShareLine, final, perMinute, share } from "../queries.ts";
import type { Row } from "../row.ts";

const calls = `channel="voice", ${final}`;

export const voice: Row = {
  title: { en: "Voice", zh: "语音" },
  panels: [
    stat({
      title: { en: "Answered share, 15 m", zh: "接听率（15 分钟）" },
      description: {
        en: "Answered share of the calls that have ended. Falling: see Call outcomes. No answer and power-off follow the time of day; more rejected calls mean that people recognise the caller number: change it, or call less.",
        zh: "已结束的呼叫中被接听的占比。下降时看右侧呼叫结果：无人接听、关机随时段变化；拒接增多，说明主叫号码被用户识别，应更换号显或降低外呼频次。",
      },
      width: 4,
      height: 8,
      unit: "percentunit",
      decimals: 1,
      thresholds: steps("red", [0.5, "orange"], [0.7, "green"]),
      noValue: { en: "No calls", zh: "没有呼叫" },
      queries: [{ expr: share("", 'channel="voice", outcome="delivered"', calls, "15m") }],
    }),
    timeSeries({
      title: { en: "Call outcomes", zh: "呼叫结果" },
      description: {
        en: "Ended calls per minute, by category: answered, busy, no answer, power-off, rejected and the rest. Less green at the same height: fewer people are reached. Less height: fewer calls are made, or receipts are missing.",
        zh: "每分钟结束的呼叫数，按结果分类：接听、占线、无人接听、关机、拒接等。总高度不变而绿色变窄：接通率下降。总高度下降：外呼减少，或回执缺失。",
      },
      width: 10,
      height: 8,
      unit: { en: "suffix:/min", zh: "suffix:次/分" },
      thresholds: neutral,
      stacked: true,
      categories: true,
      names: { delivered: { name: { en: "Answered", zh: "已接听" }, color: "#56A64B" } },
      queries: [{ expr: perMinute("category", calls), legend: "{{category}}" }],
    }),
    timeSeries({
      title: { en: "Unanswered calls, 15 m", zh: "未接听原因占比（15 分钟）" },
      description: {
        en: "Why calls were not answered, as shares of the calls that ended over 15 minutes. Rising at every provider: the time of day, or the list. Rising at one provider only: its carrier, ask there.",
        zh: "未接听的原因，占 15 分钟内结束呼叫的比例。所有服务商同时上升：时段或名单的原因；只有一家上升：该线路的问题，向服务商核实。",
      },
      width: 10,
      height: 8,
      unit: "percentunit",
      thresholds: steps("green", [0.3, "orange"]),
      categories: true,
      queries: [
        {
          expr: categoryShareLine('channel="voice", outcome="failed"', calls),
          legend: "{{category}}",
        },
      ],
    }),
  ],
};
