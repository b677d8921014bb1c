import { neutral, steps } from "../colours.ts";
import type { Text } from "../language.ts";
import { valueMapping } from "../panels/mappings.ts";
import { timeline } from "../panels/timeline.ts";
import { timeSeries } from "../panels/timeseries.ts";
import { chosen, expectedOfEach, perMinute, shareLine } from "../queries.ts";
import type { Row } from "../row.ts";

/** Whether the spike rule holds for a category. */
function spiking(category: string, name: Text) {
  const recorded = `provider_channel_category:dlr_receipts_share:spiking{category="${category}", ${chosen.providers}}`;
  return {
    expr: `max by (provider, channel) (${recorded})`,
    legend: { en: `{{provider}} {{channel}}: ${name.en}`, zh: `{{provider}} {{channel}}：${name.zh}` },
  };
}

export const blacklist: Row = {
  title: { en: "Blacklist", zh: "黑名单" },
  panels: [
    timeSeries({
      title: { en: "Blacklist share and what is expected", zh: "黑名单占比与预期" },
      description: {
        en: "Blacklist share over 15 minutes (solid) and the share expected at this hour (dashed), by provider and channel. Solid far above dashed is a spike. No dashed line: the recording rules are not loaded, or this is a replay.",
        zh: "各服务商、渠道 15 分钟内的黑名单占比（实线）与此时段的预期占比（虚线）。实线远高于虚线即为突增。没有虚线：未加载记录规则，或所选为回放任务。",
      },
      width: 9,
      height: 9,
      unit: "percentunit",
      thresholds: neutral,
      dashed: "B",
      queries: [
        {
          expr: shareLine("provider, channel", 'category="blacklist"', ""),
          legend: "{{provider}} {{channel}}",
        },
        {
          expr: expectedOfEach,
          legend: { en: "{{provider}} {{channel}} expected", zh: "{{provider}} {{channel}} 预期" },
        },
      ],
    }),
    timeline({
      title: { en: "Spike rule", zh: "突增规则" },
      description: {
        en: "Red while the condition of a spike alert holds for a provider and channel. Blacklist pages, the others open a ticket. Red now: pause the campaign behind it, then follow the alert's runbook.",
        zh: "服务商与渠道满足突增条件期间显示为红色。黑名单会呼叫值班，其余生成工单。当前为红色：先暂停对应任务，再按告警的处理手册操作。",
      },
      width: 8,
      height: 9,
      unit: "none",
      thresholds: steps("green", [1, "red"]),
      noValue: { en: "The recording rules are not loaded", zh: "未加载记录规则" },
      mappings: (context) =>
        valueMapping(
          [
            ["0", { en: "as expected", zh: "正常" }, "green"],
            ["1", { en: "spike", zh: "突增" }, "red"],
          ],
          context,
        ),
      queries: [
        spiking("blacklist", { en: "blacklist", zh: "黑名单" }),
        spiking("empty_number", { en: "empty number", zh: "空号" }),
        spiking("unknown", { en: "unknown code", zh: "未知状态码" }),
      ],
    }),
    timeSeries({
      title: { en: "Blacklist by code", zh: "各黑名单状态码" },
      description: {
        en: "Whose blacklist it is. A carrier's code at one provider: contact that carrier. A platform's code everywhere: the numbers are on the platform's own list. Failures by code has the meaning of each code.",
        zh: "命中的是哪一方的黑名单。只在某个服务商出现运营商码：向该服务商核实。平台码到处出现：号码在平台黑名单中。状态码含义见“失败状态码”。",
      },
      width: 7,
      height: 9,
      unit: { en: "suffix:/min", zh: "suffix:条/分" },
      thresholds: neutral,
      stacked: true,
      queries: [
        {
          expr: perMinute("provider, channel, code", 'category="blacklist"'),
          legend: "{{provider}} {{channel}} {{code}}",
        },
      ],
    }),
  ],
};
