import { neutral, steps } from "../colours.ts";
import { timeSeries } from "../panels/timeseries.ts";
import { chosen } from "../queries.ts";
import type { Row } from "../row.ts";

const instances = `{${chosen.instances}}`;
const size = { width: 8, height: 8 };

/** How counts and offsets are kept in Kafka. */
export const keeping: Row = {
  title: { en: "Commits and snapshots", zh: "提交与快照" },
  panels: [
    timeSeries({
      ...size,
      title: { en: "Commits", zh: "提交次数" },
      description: {
        en: "Commits of counts that the broker accepted, a minute. What is not committed is not shown either. It falls to 0 while records come in: see the failures beside it, and the broker.",
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
        en: "Commits that failed, a minute; they are tried again. fenced at a rebalance is ordinary. too_large: raise the broker's offset.metadata.max.bytes or lower metadata_limit. uncounted: a restart would begin at 0, add the unknown codes to the map. broker: look at the broker.",
        zh: "每分钟失败的提交，会自动重试。重平衡时的 fenced 属正常。too_large：调大 broker 的 offset.metadata.max.bytes，或调小 metadata_limit。uncounted：重启后会从 0 计数，请把未知状态码加入码表。broker：检查 broker。",
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
        en: "Size of each partition's counts as they are committed. The line is the 4096 bytes that a broker takes unless it is set otherwise. Near it, rare unknown codes are merged into _other: add them to the code map.",
        zh: "每个分区提交的计数大小。横线为 broker 默认上限 4096 字节。接近上限时少见的未知状态码会并入 _other：应加入码表。",
      },
      unit: "bytes",
      thresholds: steps("green", [4096, "red"]),
      limits: true,
      atLeast: 4500,
      queries: [
        {
          expr: `max without (instance, pod) (dlr_checkpoint_bytes{${chosen.topics}})`,
          legend: "{{topic}} {{partition}}",
        },
      ],
    }),
  ],
};
