import { neutral, steps } from "../colours.ts";
import { timeSeries } from "../panels/timeseries.ts";
import { behind, chosen, fetchAge, identity, topicPartitions, unowned } from "../queries.ts";
import type { Row } from "../row.ts";

const topics = `{${chosen.topics}}`;
const height = 8;

export const reading: Row = {
  title: { en: "Reading", zh: "消费" },
  panels: [
    timeSeries({
      title: { en: "Lag by partition", zh: "分区积压" },
      description: {
        en: "Records waiting in each partition, including open transactions; a gap if it is not read. All grow: too few instances, or a broker problem. One grows: a hot key, a stuck instance, or a transaction that a producer left open; check /-/ready.",
        zh: "每个分区积压的记录数，含未结束的事务；读不到时断线。全部增长：实例不够，或 broker 异常。只有一个增长：key 过热、实例卡住，或上游有事务未结束；查看 /-/ready。",
      },
      width: 8,
      height,
      unit: "locale",
      decimals: 0,
      thresholds: steps("green", [10_000, "orange"], [100_000, "red"]),
      queries: [
        {
          expr: `max by (${identity.partitions}) (dlr_consumer_lag_records${topics})`,
          legend: "{{topic}} {{partition}}",
        },
      ],
    }),
    timeSeries({
      title: { en: "Records and receipts a second", zh: "每秒记录数与回执数" },
      description: {
        en: "Committed offsets and counted receipts per second. A record may hold several receipts or none. Records without receipts: they are malformed, ignored or skipped: see the row below. Both 0 with lag: the exporter is stuck, check /-/ready.",
        zh: "每秒提交的位点数与计数的回执数（一条记录可含多条回执，也可能没有）。有记录无回执：无法解析、本非回执或被跳过，见下一栏。两者为 0 而有积压：exporter 卡住，查看 /-/ready。",
      },
      width: 8,
      height,
      unit: { en: "suffix:/s", zh: "suffix:条/秒" },
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
      title: { en: "Event-time lag by topic", zh: "各 Topic 时间滞后" },
      description: {
        en: "Age of the newest counted receipt while there is lag. Falling: it is catching up, wait. Rising in real time: nothing is counted. Sawtooth: the sender writes receipts late and in batches, ask them.",
        zh: "有积压时，最新一条已计数回执距今的时间。稳步下降：正在追赶，等待即可。与时钟同速上升：没有计数。锯齿状：上游批量延迟写入，向上游核实。",
      },
      width: 8,
      height,
      unit: "s",
      thresholds: steps("green", [60, "orange"], [300, "red"]),
      limits: true,
      queries: [{ expr: behind("topic"), legend: "{{topic}}" }],
    }),
    timeSeries({
      title: { en: "Time since the last fetch", zh: "距上次拉取的时间" },
      description: {
        en: "Time since each partition's leader last answered a fetch: usually below a second, even without traffic. One partition rises: it has no leader, or access is denied. All of one broker rise: that broker, or the network to it. It drops as soon as the partition is read again.",
        zh: "各分区的 leader 最近一次应答拉取距今的时间，正常不到 1 秒，没有新记录时也一样。单个分区上升：没有 leader 或被拒绝。同一 broker 的分区都上升：该 broker 或网络异常。恢复读取后立即回落。",
      },
      width: 8,
      height,
      unit: "s",
      thresholds: steps("green", [15, "orange"], [60, "red"]),
      limits: true,
      queries: [{ expr: fetchAge, legend: "{{topic}} {{partition}}" }],
    }),
    timeSeries({
      title: { en: "Fetches with corrupt records", zh: "拉取到损坏记录" },
      description: {
        en: "Fetches per minute with corrupt records, by partition. A single one was damaged in transit. Twelve a minute: the partition is stuck at a corrupt batch, and nothing after it is counted; make another replica the leader, the log has the offset.",
        zh: "每分钟拉取到损坏记录的次数，按分区统计。偶尔一次是传输中损坏。每分钟 12 次：分区停在损坏的批次前，其后不再计数；应切换到其他副本，位点见日志。",
      },
      width: 8,
      height,
      unit: { en: "suffix:/min", zh: "suffix:次/分" },
      thresholds: steps("green", [1, "red"]),
      zeros: true,
      queries: [
        {
          expr: `60 * sum by (topic, partition) (rate(dlr_unreadable_fetches_total${topics}[$__rate_interval]))`,
          legend: "{{topic}} {{partition}}",
        },
      ],
    }),
    timeSeries({
      title: { en: "Partitions by topic", zh: "各 Topic 的分区数" },
      description: {
        en: "Partitions of each configured topic (solid), and those without an owner (dashed). 0: the topic does not exist, or access is denied. New partitions are picked up within metadata_interval_ms.",
        zh: "每个已配置 Topic 的分区数（实线）及其中无归属的分区数（虚线）。为 0：Topic 不存在或无权查看。新增的分区在 metadata_interval_ms 内开始消费。",
      },
      width: 8,
      height,
      unit: "locale",
      decimals: 0,
      thresholds: neutral,
      zeros: true,
      dashed: "B",
      queries: [
        { expr: topicPartitions, legend: "{{topic}}" },
        { expr: unowned, legend: { en: "{{topic}} owned by nobody", zh: "{{topic}} 无归属" } },
      ],
    }),
  ],
};
