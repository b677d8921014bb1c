import { steps } from "../colours.ts";
import { valueMapping } from "../panels/mappings.ts";
import { stat } from "../panels/stat.ts";
import { behind, chosen, waiting } from "../queries.ts";
import type { Row } from "../row.ts";

const size = { width: 4, height: 5 };
const noJob = { en: "No exporter is scraped", zh: "未采集到 exporter" };

export const health: Row = {
  title: { en: "Health", zh: "健康状况" },
  panels: [
    stat({
      ...size,
      title: { en: "Instances ready", zh: "就绪实例" },
      description: {
        en: "Instances that count and keep what they count, and those that Prometheus scrapes. Fewer ready than scraped: /-/ready of the others says in one sentence why; at a start or rebalance it passes.",
        zh: "正在计数且能保存计数的实例，以及 Prometheus 采集的实例。就绪数偏少：查看其余实例的 /-/ready，一句话说明原因；启动或重平衡期间会自行恢复。",
      },
      unit: "short",
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
      title: { en: "Partitions counted", zh: "计数中的分区" },
      description: {
        en: "Partitions that have an owner which counts them. Fewer than the topics have: a rebalance is going on, or no instance runs; compare with the partitions of the topics in Kafka.",
        zh: "已有实例负责计数的分区数。少于 Topic 的分区总数：正在重平衡，或没有实例运行；与 Kafka 中 Topic 的分区数对照。",
      },
      unit: "short",
      decimals: 0,
      thresholds: steps("red", [1, "green"]),
      noValue: noJob,
      queries: [{ expr: `count(max without (instance, pod) (dlr_committed_offset{${chosen.topics}}))` }],
      link: { title: { en: "By instance", zh: "按实例查看" }, panel: "Partitions by instance" },
    }),
    stat({
      ...size,
      title: { en: "Records waiting", zh: "积压记录数" },
      description: {
        en: "Records in Kafka that are not counted yet. It grows: see Lag by partition for one or all. More instances help as long as there are more partitions than instances.",
        zh: "Kafka 中尚未计数的记录数。持续增长：看“分区积压”是个别分区还是全部。只要分区数多于实例数，增加实例就有效。",
      },
      unit: "short",
      decimals: 0,
      thresholds: steps("green", [10_000, "orange"], [100_000, "red"]),
      noValue: noJob,
      queries: [{ expr: waiting }],
      link: { title: { en: "By partition", zh: "按分区查看" }, panel: "Lag by partition" },
    }),
    stat({
      ...size,
      title: { en: "Event time behind", zh: "回执时间滞后" },
      description: {
        en: "Age of the newest receipt counted, in the topic that is most behind, as long as records wait in it. Above 5 minutes the alerts on receipts speak of the past, and say so: bring the exporter up to date first.",
        zh: "积压最严重的 Topic 中，最新一条已计数回执距今的时间。超过 5 分钟，回执类告警反映的是过去的情况：先让 exporter 追上进度。",
      },
      unit: "s",
      decimals: 0,
      thresholds: steps("green", [60, "orange"], [300, "red"]),
      noValue: noJob,
      queries: [{ expr: behind("") }],
      link: { title: { en: "By topic", zh: "按 Topic 查看" }, panel: "Event time behind, by topic" },
    }),
    stat({
      ...size,
      title: { en: "Largest snapshot", zh: "最大快照" },
      description: {
        en: "The largest snapshot of counts that travels with an offset, against the 4096 bytes that brokers take. Above 90 %: rare unknown codes are merged into _other; add the unknown codes to the code map.",
        zh: "随位点一起提交的计数快照中最大的一个，broker 默认上限 4096 字节。超过 90 %：少见的未知状态码会并入 _other，应把未知状态码加入码表。",
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
        en: "Whether every instance took the code map that it read last. Refused: the map before is still in use; the answer of /-/reload and the log have every problem with its line. Mend the file and reload.",
        zh: "所有实例最近一次读取码表是否成功。被拒绝：仍在使用之前的码表；/-/reload 的应答和日志列出每个问题及行号。修正文件后重新加载。",
      },
      unit: "short",
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
  ],
};
