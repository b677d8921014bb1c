import { neutral, steps } from "../colours.ts";
import { timeSeries } from "../panels/timeseries.ts";
import { chosen } from "../queries.ts";
import type { Row } from "../row.ts";

const instances = `{${chosen.instances}}`;
const size = { width: 8, height: 8 };

export const processes: Row = {
  title: { en: "Processes", zh: "进程" },
  panels: [
    timeSeries({
      ...size,
      title: { en: "Event-loop delay", zh: "事件循环延迟" },
      description: {
        en: "Event loop delay, median and p99. Above a second heartbeats are late and the group may rebalance: give it more CPU, or fewer partitions per instance.",
        zh: "进程被阻塞的时间（p50、p99）。超过 1 秒，心跳会延迟，消费组可能重平衡：增加 CPU，或减少单实例的分区数。",
      },
      unit: "s",
      thresholds: steps("green", [0.2, "orange"], [1, "red"]),
      queries: [
        { expr: `nodejs_eventloop_lag_p50_seconds${instances}`, legend: "{{instance}} p50" },
        { expr: `nodejs_eventloop_lag_p99_seconds${instances}`, legend: "{{instance}} p99" },
      ],
    }),
    timeSeries({
      ...size,
      title: { en: "CPU", zh: "CPU" },
      description: {
        en: "CPU of each process; 100 % is one core, and reading uses no more. At 100 % with growing lag: start another instance, as long as there are more partitions than instances.",
        zh: "各进程的 CPU 占用；100 % 为一个核，消费无法用到更多。达到 100 % 且有积压：只要分区数多于实例数，就增加实例。",
      },
      unit: "percentunit",
      thresholds: steps("green", [0.8, "orange"], [0.95, "red"]),
      queries: [
        {
          expr: `sum by (instance) (rate(process_cpu_seconds_total${instances}[$__rate_interval]))`,
          legend: "{{instance}}",
        },
      ],
    }),
    timeSeries({
      ...size,
      title: { en: "Memory", zh: "内存" },
      description: {
        en: "Memory of each process (solid) and its JavaScript heap (dashed). It rises during a catch-up, then stays level. Rising for days: keep a screenshot and file an issue.",
        zh: "各进程内存（实线）及其中的 JavaScript 堆（虚线）。追赶积压时会上升几分钟，之后平稳。连续多日上升：保留此图并提交 issue。",
      },
      unit: "bytes",
      thresholds: neutral,
      dashed: "B",
      queries: [
        { expr: `process_resident_memory_bytes${instances}`, legend: "{{instance}}" },
        {
          expr: `nodejs_heap_size_used_bytes${instances}`,
          legend: { en: "{{instance}} heap", zh: "{{instance}} 堆" },
        },
      ],
    }),
  ],
};
