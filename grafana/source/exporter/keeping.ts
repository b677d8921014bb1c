import { neutral, steps } from "../colours.ts";
import { timeSeries } from "../panels/timeseries.ts";
import { chosen, identity } from "../queries.ts";
import type { Row } from "../row.ts";

const instances = `{${chosen.instances}}`;
const size = { width: 6, height: 8 };

/** How counts and offsets are kept in Kafka. */
export const keeping: Row = {
  title: { en: "Commits and snapshots", zh: "提交与快照" },
  panels: [
    timeSeries({
      ...size,
      title: { en: "Commits", zh: "提交次数" },
      description: {
        en: "Accepted commits of counts per minute. Uncommitted counts are not shown. 0 while records arrive: check Checkpoint failures and the brokers.",
        zh: "broker 每分钟接受的计数提交。未提交的计数不会显示。有记录流入而提交为 0：看右侧失败原因，并检查 broker。",
      },
      unit: { en: "suffix:/min", zh: "suffix:次/分" },
      thresholds: neutral,
      queries: [
        {
          expr: `60 * sum by (instance) (rate(dlr_commits_total${instances}[$__rate_interval]))`,
          legend: "{{instance}}",
        },
      ],
    }),
    timeSeries({
      ...size,
      title: { en: "Checkpoint failures", zh: "检查点失败" },
      description: {
        en: "Failed commits per minute; they are retried. fenced during a rebalance is normal. too_large: raise offset.metadata.max.bytes on the brokers or lower metadata_limit. uncounted: not even the totals by category fit, raise both; nothing is lost. broker: check the brokers.",
        zh: "每分钟失败的提交，会自动重试。重平衡时的 fenced 属正常。too_large：调大 broker 的 offset.metadata.max.bytes，或调小 metadata_limit。uncounted：连各分类总数都放不下，请同时调大二者；计数不会丢失。broker：检查 broker。",
      },
      unit: { en: "suffix:/min", zh: "suffix:次/分" },
      thresholds: steps("green", [0.3, "red"]),
      zeros: true,
      queries: [
        {
          expr: `60 * sum by (reason) (rate(dlr_checkpoint_failures_total${instances}[$__rate_interval]))`,
          legend: "{{reason}}",
        },
      ],
    }),
    timeSeries({
      ...size,
      title: { en: "Snapshot size", zh: "快照大小" },
      description: {
        en: "Size of each partition's committed counts. The line is the brokers' default limit of 4096 bytes. At the limit the rarest codes are folded into _other of their category, down to three quarters; totals stay exact.",
        zh: "每个分区提交的计数大小。横线为 broker 默认上限 4096 字节。达到上限时，最少见的状态码并入同分类的 _other，降到四分之三；总数仍然准确。",
      },
      unit: "bytes",
      thresholds: steps("green", [4096, "red"]),
      limits: true,
      atLeast: 4500,
      queries: [
        {
          expr: `max by (${identity.partitions}) (dlr_checkpoint_bytes{${chosen.topics}})`,
          legend: "{{topic}} {{partition}}",
        },
      ],
    }),
    timeSeries({
      ...size,
      title: { en: "Folded codes", zh: "合并的状态码" },
      description: {
        en: "Codes of each partition that are counted as _other of their category because the snapshot is full. Totals by category stay exact. Above 0: the runbook of DlrCodesFolded says how to make room.",
        zh: "每个分区中因快照放不下而计入同类别 _other 的状态码数量，各分类总数仍然准确。大于 0：见 DlrCodesFolded 的处理手册。",
      },
      unit: "none",
      thresholds: steps("green", [1, "orange"]),
      zeros: true,
      queries: [
        {
          expr: `max by (${identity.partitions}) (dlr_folded_codes{${chosen.topics}})`,
          legend: "{{topic}} {{partition}}",
        },
      ],
    }),
  ],
};
