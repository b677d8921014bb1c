import { steps } from "../colours.ts";
import { valueMapping } from "../panels/mappings.ts";
import { stat } from "../panels/stat.ts";
import { behind, chosen, fetchAge, identity, topicPartitions, unowned, waiting } from "../queries.ts";
import type { Row } from "../row.ts";

const size = { width: 4, height: 5 };
const wide = { width: 8, height: 4 };
const noJob = { en: "No exporter is scraped", zh: "未采集到 exporter" };
const notKnown = { en: "Not known", zh: "未知" };

export const health: Row = {
  title: { en: "Health", zh: "健康状况" },
  panels: [
    stat({
      ...size,
      title: { en: "Instances ready", zh: "就绪实例" },
      description: {
        en: "Instances that count and commit, and those that Prometheus scrapes. Fewer ready than scraped: /-/ready of the others gives the reason in one sentence; during a start or rebalance it passes.",
        zh: "正在计数且能保存计数的实例，以及 Prometheus 采集的实例。就绪数偏少：原因见其余实例的 /-/ready；启动或重平衡期间会自行恢复。",
      },
      unit: "locale",
      decimals: 0,
      thresholds: steps("red", [1, "green"]),
      noValue: noJob,
      queries: [
        { expr: `sum(dlr_ready{${chosen.instances}})`, legend: { en: "ready", zh: "就绪" } },
        { expr: `count(up{${chosen.instances}})`, legend: { en: "scraped", zh: "采集" } },
      ],
      link: { title: { en: "Which instance", zh: "查看实例" }, panel: "Readiness" },
    }),
    stat({
      ...size,
      title: { en: "Partitions counted", zh: "正在计数的分区" },
      description: {
        en: "Partitions being counted, and partitions of the topics. Fewer counted: a rebalance is in progress, an instance is not scraped, or they have no owner, which Partitions without an owner shows.",
        zh: "由实例负责计数的分区数，以及 Topic 的分区总数。前者偏少：正在重平衡、有实例未被采集，或分区无归属；是否无归属看“无归属的分区”。",
      },
      unit: "locale",
      decimals: 0,
      thresholds: steps("red", [1, "green"]),
      noValue: noJob,
      queries: [
        {
          expr: `count(max by (${identity.partitions}) (dlr_committed_offset{${chosen.topics}}))`,
          legend: { en: "counted", zh: "计数中" },
        },
        { expr: `sum(${topicPartitions})`, legend: { en: "in the topics", zh: "总数" } },
      ],
      link: { title: { en: "By instance", zh: "按实例查看" }, panel: "Partitions by instance" },
    }),
    stat({
      ...size,
      title: { en: "Consumer lag", zh: "积压记录数" },
      description: {
        en: "Records in Kafka that are not counted yet, including open transactions; partitions that are not read are left out. Growing: check Lag by partition for one or all. More instances help as long as there are more partitions than instances.",
        zh: "Kafka 中尚未计数的记录数，含未结束的事务；读不到的分区不计入。持续增长：看“分区积压”是个别分区还是全部。只要分区数多于实例数，增加实例就有效。",
      },
      unit: "locale",
      decimals: 0,
      thresholds: steps("green", [10_000, "orange"], [100_000, "red"]),
      noValue: notKnown,
      queries: [{ expr: waiting }],
      link: { title: { en: "By partition", zh: "按分区查看" }, panel: "Lag by partition" },
    }),
    stat({
      ...size,
      title: { en: "Event-time lag", zh: "回执时间滞后" },
      description: {
        en: "Age of the newest counted receipt in the topic that is furthest behind; 0 without lag. Above 5 minutes alerts on receipts describe the past, and say so: let the exporter catch up first.",
        zh: "积压最严重的 Topic 中，最新一条已计数回执距今的时间。超过 5 分钟，回执类告警反映的是过去的情况：先让 exporter 追上进度。",
      },
      unit: "s",
      decimals: 0,
      thresholds: steps("green", [60, "orange"], [300, "red"]),
      noValue: notKnown,
      queries: [{ expr: behind("") }],
      link: { title: { en: "By topic", zh: "按 Topic 查看" }, panel: "Event-time lag by topic" },
    }),
    stat({
      ...size,
      title: { en: "Largest snapshot", zh: "最大快照" },
      description: {
        en: "The largest snapshot of counts in an offset commit, against the brokers' default limit of 4096 bytes. Full: the rarest codes are folded into _other of their category; totals by category stay exact.",
        zh: "随位点一起提交的计数快照中最大的一个，broker 默认上限 4096 字节。占满后，最少见的状态码会并入同分类的 _other，各分类总数仍然准确。",
      },
      unit: "percentunit",
      decimals: 0,
      thresholds: steps("green", [0.9, "orange"], [1, "red"]),
      noValue: noJob,
      queries: [{ expr: `max(dlr_checkpoint_bytes{${chosen.topics}}) / 4096` }],
      link: { title: { en: "By partition", zh: "按分区查看" }, panel: "Snapshot size" },
    }),
    stat({
      ...size,
      title: { en: "Code map", zh: "码表" },
      description: {
        en: "Whether every instance has loaded the latest code map. Rejected: the previous map stays in use; the response of /-/reload and the log list every problem with its line. Fix the file and reload.",
        zh: "所有实例最近一次读取码表是否成功。被拒绝：仍在使用之前的码表；/-/reload 的应答和日志列出每个问题及行号。修正文件后重新加载。",
      },
      unit: "none",
      thresholds: steps("red", [1, "green"]),
      noValue: noJob,
      mappings: (context) =>
        valueMapping(
          [
            ["0", { en: "Refused", zh: "被拒绝" }, "red"],
            ["1", { en: "In use", zh: "正常" }, "green"],
          ],
          context,
        ),
      queries: [{ expr: `min(dlr_config_last_reload_successful{${chosen.instances}})` }],
      link: { title: { en: "Versions", zh: "查看版本" }, panel: "Code maps in use" },
    }),
    stat({
      ...wide,
      title: { en: "Oldest fetch response", zh: "最久未应答的拉取" },
      description: {
        en: "Time since the last fetch response, for the slowest partition. Usually below a second, even without traffic. Above a minute that partition is not being counted: /-/ready of its instance gives the reason.",
        zh: "等待最久的分区距最近一次拉取应答的时间。正常不到 1 秒，没有新记录时也一样。超过 1 分钟：该分区没有在计数，原因见其实例的 /-/ready。",
      },
      unit: "s",
      decimals: 1,
      thresholds: steps("green", [15, "orange"], [60, "red"]),
      noValue: notKnown,
      queries: [{ expr: `max(${fetchAge})` }],
      link: { title: { en: "By partition", zh: "按分区查看" }, panel: "Time since the last fetch" },
    }),
    stat({
      ...wide,
      title: { en: "Partitions without an owner", zh: "无归属的分区" },
      description: {
        en: "Partitions of the configured topics without an owner in the consumer group: they are not counted. Not 0 for minutes: the group leader is another program or an older version, and does not assign them.",
        zh: "已配置的 Topic 中不属于消费组任何成员的分区，不会被计数。持续几分钟不为 0：消费组由其他程序或旧版本主导，没有分配这些分区。",
      },
      unit: "locale",
      decimals: 0,
      thresholds: steps("green", [1, "red"]),
      noValue: notKnown,
      queries: [{ expr: `sum(${unowned})` }],
      link: { title: { en: "By topic", zh: "按 Topic 查看" }, panel: "Partitions by topic" },
    }),
    stat({
      ...wide,
      title: { en: "Topics missing", zh: "不存在的 Topic" },
      description: {
        en: "Configured topics that do not exist, or that the exporter may not see. It never creates topics: create it, correct its name in the configuration, or grant READ; it is picked up within seconds.",
        zh: "已配置但不存在、或 exporter 的账号无权查看的 Topic。exporter 不会自动创建：请创建 Topic、修正配置中的名称，或授予 READ 权限，之后几秒内开始消费。",
      },
      unit: "locale",
      decimals: 0,
      thresholds: steps("green", [1, "red"]),
      noValue: noJob,
      queries: [{ expr: `sum(${topicPartitions} == bool 0)` }],
      link: { title: { en: "Which topic", zh: "查看 Topic" }, panel: "Partitions by topic" },
    }),
  ],
};
