import { neutral } from "../colours.ts";
import type { Text } from "../language.ts";
import type { PanelSource } from "../panels/frame.ts";
import { timeSeries } from "../panels/timeseries.ts";
import { categoryShareLine, failed, perMinute } from "../queries.ts";
import type { Row } from "../row.ts";

const perMinuteUnit = { en: "suffix:/min", zh: "suffix:条/分" };

/** One category by provider and channel. */
function category(name: string, title: Text, description: Text): PanelSource {
  return timeSeries({
    title,
    description,
    width: 8,
    height: 7,
    unit: perMinuteUnit,
    thresholds: neutral,
    queries: [
      {
        expr: perMinute("provider, channel", `category="${name}"`),
        legend: "{{provider}} {{channel}}",
      },
    ],
  });
}

export const failures: Row = {
  title: { en: "Failures by category", zh: "失败分类" },
  panels: [
    timeSeries({
      title: { en: "Failures by category", zh: "各分类失败量" },
      description: {
        en: "Failures, API refusals and unknown codes per minute. One colour grows: that is the fault to look for. All grow together: there is more traffic, compare the share to the right.",
        zh: "每分钟未送达、接口拒绝以及无法归类的数量。单一颜色变宽，就是要找的故障；全部同时变宽，只是发送量增加，对照右侧占比判断。",
      },
      width: 12,
      height: 9,
      unit: perMinuteUnit,
      thresholds: neutral,
      stacked: true,
      categories: true,
      queries: [{ expr: perMinute("category", failed), legend: "{{category}}" }],
    }),
    timeSeries({
      title: { en: "Share of all receipts, 15 m", zh: "占全部回执的比例（15 分钟）" },
      description: {
        en: "Each failure category as a share of all receipts over 15 minutes, since shorter windows are noisy at night. It does not depend on volume, so a rise means that carrier, list or content has changed.",
        zh: "各失败分类占 15 分钟内全部回执的比例（窗口过短，夜间波动会很大）。它不随发送量变化，上升就说明运营商、号码名单或内容出了变化。",
      },
      width: 12,
      height: 9,
      unit: "percentunit",
      thresholds: neutral,
      categories: true,
      queries: [
        {
          expr: categoryShareLine(failed, ""),
          legend: "{{category}}",
        },
      ],
    }),
    category(
      "empty_number",
      { en: "Empty number", zh: "空号" },
      {
        en: "Numbers not in service. A jump at one provider is a bad list: a campaign is sending to dead numbers. Pause it and clean the list before the carrier throttles the sender.",
        zh: "号码为空号。某个服务商突增，多半是号码名单质量差、有任务在向空号群发。暂停任务并清洗名单，以免被运营商限流。",
      },
    ),
    category(
      "blacklist",
      { en: "Blacklist", zh: "黑名单" },
      {
        en: "Recipients on a blacklist of the carrier or platform. A jump is a campaign that people complain about, or a bought list. Pause it; the row below has provider and code.",
        zh: "号码在运营商或平台黑名单中。突增说明营销任务遭投诉，或号码名单来路不明。先暂停任务；服务商和状态码见下一栏。",
      },
    ),
    category(
      "power_off",
      { en: "Power-off", zh: "关机" },
      {
        en: "Phones that are off. It follows the time of day; a jump at only one provider is often a carrier reporting an outage as power-off. Ask the provider before resending.",
        zh: "对方已关机，正常随时段起伏。只有某个服务商突增，多半是运营商把故障报成关机，重发前先向服务商核实。",
      },
    ),
  ],
};
