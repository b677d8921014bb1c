import { neutral, steps } from "../colours.ts";
import { valueMapping } from "../panels/mappings.ts";
import { table } from "../panels/table.ts";
import { timeline } from "../panels/timeline.ts";
import { timeSeries } from "../panels/timeseries.ts";
import { chosen } from "../queries.ts";
import type { Row } from "../row.ts";

const instances = `{${chosen.instances}}`;

export const instancesRow: Row = {
  title: { en: "Instances and code map", zh: "实例与码表" },
  panels: [
    timeline({
      title: { en: "Readiness", zh: "就绪状态" },
      description: {
        en: "Whether each instance counts and commits. Red for seconds is normal during a start or rebalance. Red for minutes: curl its /-/ready, which gives the reason in one sentence.",
        zh: "各实例是否正在计数并能保存计数。启动或重平衡时红色几秒属正常。持续数分钟：原因见该实例的 /-/ready。",
      },
      width: 8,
      height: 8,
      unit: "none",
      thresholds: steps("red", [1, "green"]),
      mappings: (context) =>
        valueMapping(
          [
            ["0", { en: "not ready", zh: "未就绪" }, "red"],
            ["1", { en: "ready", zh: "就绪" }, "green"],
          ],
          context,
        ),
      queries: [{ expr: `dlr_ready${instances}`, legend: "{{instance}}" }],
    }),
    timeSeries({
      title: { en: "Partitions by instance", zh: "各实例的分区数" },
      description: {
        en: "How the partitions are distributed; the height is the number being counted. It should be even. A gap is a time without counting: its records were counted afterwards.",
        zh: "分区在实例间的分配，总高度为计数中的分区数，应大致均匀。缺口表示那段时间没有实例在计数，其间的记录之后会补上。",
      },
      width: 8,
      height: 8,
      unit: "locale",
      decimals: 0,
      thresholds: neutral,
      stacked: true,
      queries: [
        {
          expr: `count by (instance) (dlr_committed_offset{${chosen.topics}, instance=~"$instance"})`,
          legend: "{{instance}}",
        },
      ],
    }),
    timeSeries({
      title: { en: "Rebalances", zh: "重平衡" },
      description: {
        en: "Rebalances per instance and hour, including its start. A few during a deployment are normal. Repeated ones: an instance misses heartbeats; check its event loop and CPU, or raise session_timeout_ms.",
        zh: "各实例每小时获得分区的次数，启动算第一次。发布时几次属正常。反复出现：有实例心跳超时，检查其事件循环和 CPU，或调大 session_timeout_ms。",
      },
      width: 8,
      height: 8,
      unit: "locale",
      decimals: 0,
      thresholds: steps("green", [5, "orange"]),
      zeros: true,
      queries: [
        {
          expr: `sum by (instance) (increase(dlr_rebalances_total${instances}[1h]))`,
          legend: "{{instance}}",
        },
      ],
    }),
    table({
      title: { en: "Instances", zh: "实例" },
      description: {
        en: "Version, code map and start time of each instance. Two hashes for longer than a rollout: an instance has not reloaded, and the same code is counted in two categories. POST /-/reload on it.",
        zh: "当前运行的版本、码表及启动时间。码表哈希长时间不一致：有实例未重新加载，同一状态码会计入两个分类。对该实例 POST /-/reload。",
      },
      width: 16,
      height: 8,
      noValue: { en: "No exporter is scraped", zh: "未采集到 exporter" },
      sortedBy: "A",
      queries: [
        {
          expr: [
            `1000 * max by (instance) (process_start_time_seconds${instances})`,
            `* on (instance) group_left (version, nodeversion)`,
            `  max by (instance, version, nodeversion) (dlr_build_info${instances})`,
            `* on (instance) group_left (hash)`,
            `  max by (instance, hash) (dlr_code_map_info${instances})`,
          ].join("\n"),
        },
        {
          expr: `1000 * max by (instance) (dlr_config_last_reload_success_timestamp_seconds${instances})`,
        },
        { expr: `max by (instance) (dlr_config_last_reload_successful${instances})` },
      ],
      columns: () => [
        { field: "instance", title: { en: "Instance", zh: "实例" } },
        { field: "version", title: { en: "Version", zh: "版本" } },
        { field: "nodeversion", title: { en: "Node.js", zh: "Node.js" } },
        { field: "hash", title: { en: "Code map", zh: "码表" } },
        { field: "A", title: { en: "Started", zh: "启动时间" }, unit: "dateTimeAsIso", width: 160 },
        { field: "B", title: { en: "Code map read", zh: "码表读取时间" }, unit: "dateTimeAsIso", width: 160 },
        {
          field: "C",
          title: { en: "Last reload", zh: "最近一次加载" },
          mappings: (context) =>
            valueMapping(
              [
                ["0", { en: "refused", zh: "被拒绝" }, "red"],
                ["1", { en: "taken", zh: "成功" }, "green"],
              ],
              context,
            ),
        },
      ],
    }),
    timeSeries({
      title: { en: "Code maps in use", zh: "使用中的码表" },
      description: {
        en: "Instances by code map hash. A reload changes the colour; two colours mean an unfinished rollout. Receipts counted earlier keep their category.",
        zh: "按码表哈希统计的实例数。重新加载后颜色变化；同时有两种颜色说明发布尚未完成。之前已计数的回执保持原分类。",
      },
      width: 8,
      height: 8,
      unit: "locale",
      decimals: 0,
      thresholds: neutral,
      stacked: true,
      queries: [{ expr: `count by (hash) (dlr_code_map_info${instances})`, legend: "{{hash}}" }],
    }),
  ],
};
