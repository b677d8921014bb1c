import { neutral, steps } from "../colours.ts";
import { heatmap } from "../panels/heatmap.ts";
import { timeSeries } from "../panels/timeseries.ts";
import type { Row } from "../row.ts";

// Failures are reported when the carrier gives up, often after hours: they would hide what delivery takes.
const delivered = 'dlr_delivery_delay_seconds_bucket{outcome="delivered", job=~"$job", channel=~"$channel"}';

function quantile(q: number) {
  return {
    // Of nothing a quantile is NaN, which no comparison lets through.
    expr: `histogram_quantile(${q}, sum by (le, channel) (rate(${delivered}[$__rate_interval]))) >= 0`,
    legend: `{{channel}} p${q * 100}`,
  };
}

export const delay: Row = {
  title: { en: "Delivery delay", zh: "送达时延" },
  panels: [
    timeSeries({
      title: { en: "Delivery delay", zh: "送达时延" },
      description: {
        en: "Time from sending to delivery: median, p95 and p99. After a minute users request another verification code: above that, move urgent traffic to another provider. Voice includes the length of the call. Ignores provider and topic.",
        zh: "已送达消息从发送到送达的时延：中位数、p95、p99。验证码超过 1 分钟，用户就会重新获取：超过时把紧急业务切换到其他服务商。语音包含通话时长。不受服务商与 Topic 选择影响。",
      },
      width: 12,
      height: 9,
      unit: "s",
      thresholds: steps("green", [60, "orange"], [300, "red"]),
      limits: true,
      noValue: { en: "Nothing was delivered", zh: "没有送达" },
      queries: [quantile(0.5), quantile(0.95), quantile(0.99)],
    }),
    heatmap({
      title: { en: "Delivery delay distribution", zh: "送达时延分布" },
      description: {
        en: "Number of deliveries by delay; darker is more. A second band above the first is one slow route or carrier, which the quantiles to the left hide. Ignores provider and topic.",
        zh: "各时延区间的送达数量，颜色越深越多。上方出现第二条色带：某条线路或运营商变慢，其余正常，这在左侧分位数上看不出来。不受服务商与 Topic 选择影响。",
      },
      width: 12,
      height: 9,
      unit: "s",
      thresholds: neutral,
      queries: [{ expr: `sum by (le) (increase(${delivered}[$__rate_interval]))`, legend: "{{le}}" }],
    }),
  ],
};
