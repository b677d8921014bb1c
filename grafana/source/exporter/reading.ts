import { neutral, steps } from "../colours.ts";
import { timeSeries } from "../panels/timeseries.ts";
import { behind, chosen } from "../queries.ts";
import type { Row } from "../row.ts";

const topics = `{${chosen.topics}}`;
const height = 8;

export const reading: Row = {
  title: { en: "Reading", zh: "消费" },
  panels: [
    timeSeries({
      title: { en: "Lag by partition", zh: "分区积压" },
      description: {
        en: "Records that wait in each partition. All grow: too few instances, or a broker in trouble. One grows: its instance is stuck, or its key is hot; read that instance's log.",
        zh: "每个分区积压的记录数。全部增长：实例不够，或 broker 异常。只有一个增长：负责它的实例卡住，或 key 过热；查看该实例的日志。",
      },
      width: 8,
      height,
      unit: "short",
      decimals: 0,
      thresholds: steps("green", [10_000, "orange"], [100_000, "red"]),
      queries: [
        {
          expr: `max without (instance, pod) (dlr_consumer_lag_records${topics})`,
          legend: "{{topic}} {{partition}}",
        },
      ],
    }),
    timeSeries({
      title: { en: "Records and receipts a second", zh: "每秒记录数与回执数" },
      description: {
        en: "Offsets committed and receipts counted a second. A record may hold several receipts or none. Records without receipts: they are malformed or were skipped, see the row below. Both 0 while records wait: the exporter is stuck, read /-/ready.",
        zh: "每秒提交的位点数与计数的回执数（一条记录可含多条回执，也可能没有）。有记录无回执：无法解析或被跳过，见下一栏。两者为 0 而有积压：exporter 卡住，查看 /-/ready。",
      },
      width: 8,
      height,
      unit: { en: "suffix: /s", zh: "suffix: 条/秒" },
      thresholds: neutral,
      queries: [
        {
          // An offset is a gauge that only grows, but for one that is reset by hand.
          expr: `clamp_min(sum by (topic) (deriv(dlr_committed_offset${topics}[$__rate_interval])), 0)`,
          legend: { en: "{{topic}} records", zh: "{{topic}} 记录" },
        },
        {
          expr: `sum by (topic) (rate(dlr_receipts_total${topics}[$__rate_interval]))`,
          legend: { en: "{{topic}} receipts", zh: "{{topic}} 回执" },
        },
      ],
    }),
    timeSeries({
      title: { en: "Event time behind, by topic", zh: "各 Topic 时间滞后" },
      description: {
        en: "How old the newest receipt counted is, while records wait. Falling steadily: it is catching up, wait. Rising as fast as the clock: nothing is counted. A saw: the sender writes its receipts late and in batches, ask there.",
        zh: "有积压时，最新一条已计数回执距今的时间。稳步下降：正在追赶，等待即可。与时钟同速上升：没有计数。锯齿状：上游批量延迟写入，向上游核实。",
      },
      width: 8,
      height,
      unit: "s",
      thresholds: steps("green", [60, "orange"], [300, "red"]),
      limits: true,
      queries: [{ expr: behind("topic"), legend: "{{topic}}" }],
    }),
  ],
};
