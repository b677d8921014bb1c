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
        en: "Calls that were answered, among those that have ended. It falls: see how calls end now. No answer and power-off follow the hour; rejected says that people know the caller number, so change it or call less.",
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
      title: { en: "How calls end", zh: "呼叫结果" },
      description: {
        en: "Calls that have ended, a minute, by category: answered, busy, no answer, power-off, rejected and the rest. Green shrinks while the height stays: people are not reached. The height falls: fewer calls are made, or receipts are missing.",
        zh: "每分钟结束的呼叫数，按结果分类：接听、占线、无人接听、关机、拒接等。总高度不变而绿色变窄：接通变差。总高度下降：外呼减少，或回执缺失。",
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
      title: { en: "Calls not answered, 15 m", zh: "未接听原因占比（15 分钟）" },
      description: {
        en: "Why calls were not answered, as shares of the calls that ended in 15 minutes. One that rises at every provider is the hour or the list; at one provider alone it is that carrier: ask there.",
        zh: "未接听的原因，占 15 分钟内结束呼叫的比例。所有服务商同时上升：时段或名单的原因；只有一家上升：该线路的问题，向其核实。",
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
