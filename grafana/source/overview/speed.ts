import { neutral, steps } from "../colours.ts";
import type { Text } from "../language.ts";
import { timeSeries } from "../panels/timeseries.ts";
import { chosen, final, receipts } from "../queries.ts";
import type { Row } from "../row.ts";

// Failures are reported when the carrier gives up, often after hours: they would hide what delivery takes.
const bucket = (more = "") =>
  `rate(dlr_receipt_delay_seconds_bucket{outcome="delivered"${more}, ${chosen.receipts}}[$__rate_interval])`;

function quantile(q: number) {
  return {
    // Of nothing a quantile is NaN, which no comparison lets through.
    expr: `histogram_quantile(${q}, sum by (le, provider, channel) (${bucket()})) >= 0`,
    legend: `{{provider}} {{channel}} p${q * 100}`,
  };
}

/** @param le the bound as Prometheus writes it: 5 or 5.0, by its version */
function within(seconds: number, words: Text) {
  const of = (le: string) => `sum by (provider, channel) (${bucket(`, le=~"${le}"`)})`;
  return {
    expr: `${of(`${seconds}(?:\\\\.0)?`)} / (${of("[+]Inf")} > 0)`,
    legend: { en: `{{provider}} {{channel}} ${words.en}`, zh: `{{provider}} {{channel}} ${words.zh}` },
  };
}

const unmeasured = `sum by (provider, reason) (rate(dlr_unmeasured_delays_total{${chosen.receipts}}[$__rate_interval]))`;
const measurable = receipts(final);

export const speed: Row = {
  title: { en: "How fast receipts arrive", zh: "回执时延（按服务商）" },
  panels: [
    timeSeries({
      title: { en: "Delay by provider", zh: "各服务商时延" },
      description: {
        en: "Time from sending to delivery: median, p90 and p99, estimated from buckets. p50 normal and p99 high: one carrier or route is slow. Both high: the provider is. These counts are durable and by provider, unlike those of the row below.",
        zh: "已送达消息从发送到送达的时延：中位数、p90、p99（按分桶估算）。p50 正常而 p99 偏高：某家运营商或线路变慢；两者都高：服务商变慢。计数持久保存，并区分服务商，与下方一行不同。",
      },
      width: 8,
      height: 9,
      unit: "s",
      thresholds: steps("green", [60, "orange"], [300, "red"]),
      limits: true,
      noValue: { en: "Nothing was delivered", zh: "没有送达" },
      queries: [quantile(0.5), quantile(0.9), quantile(0.99)],
    }),
    timeSeries({
      title: { en: "Delivered within 5 s, 30 s and 5 min", zh: "5 秒、30 秒、5 分钟内送达的占比" },
      description: {
        en: "Share of deliveries within the time. A verification code should arrive within 30 s, and is useless after 5 minutes. DlrDeliverySlow watches the last line.",
        zh: "在该时间内送达的消息占已送达消息的比例。验证码应在 30 秒内到达，超过 5 分钟就没有用了。DlrDeliverySlow 监控最后一项。",
      },
      width: 8,
      height: 9,
      unit: "percentunit",
      thresholds: steps("red", [0.85, "orange"], [0.95, "green"]),
      noValue: { en: "Nothing was delivered", zh: "没有送达" },
      queries: [
        within(5, { en: "5 s", zh: "5 秒" }),
        within(30, { en: "30 s", zh: "30 秒" }),
        within(300, { en: "5 min", zh: "5 分钟" }),
      ],
    }),
    timeSeries({
      title: { en: "Delays not measured", zh: "无法计算的时延" },
      description: {
        en: "Share of delivered and failed receipts without a measured delay, by reason: no send time, no time of its own, contradictory times, or no room in the snapshot (not_kept). The two panels to the left leave them out. negative at one provider: check its utc_offset.",
        zh: "没有计入时延分桶的送达与失败回执占比，按原因：没有发送时间、没有回执时间、两个时间相互矛盾，或快照空间不足（not_kept）。左侧两图不含这些回执。某服务商出现 negative：检查其 utc_offset。",
      },
      width: 8,
      height: 9,
      unit: "percentunit",
      thresholds: neutral,
      noValue: { en: "Every delay is known", zh: "时延均可计算" },
      queries: [
        {
          expr: `${unmeasured} / ignoring (reason) group_left () (sum by (provider) (rate(${measurable}[$__rate_interval])) > 0)`,
          legend: "{{provider}} {{reason}}",
        },
      ],
    }),
  ],
};
