import { collectDefaultMetrics, type Registry } from "prom-client";

/** Gauges of prom-client that are named as counters are, which promtool takes for an error; all are sums of others. */
const misnamed = ["handles", "requests", "resources"].map((what) => `nodejs_active_${what}_total`);

/**
 * How often the event loop's delay is sampled, in ms. prom-client's 10 wakes an idle process a hundred times a second,
 * which costs more than all else that it does; and a delay below this harms nothing.
 */
const samplingMs = 100;

/** The delays among what Node.js measures as the time between two samples. */
const delays = ["min", "max", "mean", "p50", "p90", "p99"].map(
  (what) => `nodejs_eventloop_lag_${what}_seconds`,
);

type Metric = Parameters<Registry["registerMetric"]>[0];

/** Adds prom-client's metrics of the process: CPU, memory, garbage collection, and how long the event loop was held up. */
export function registerProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: samplingMs });
  for (const name of misnamed) registry.removeSingleMetric(name);
  for (const name of delays) {
    const measured = registry.getSingleMetric(name);
    if (measured === undefined) continue;
    registry.removeSingleMetric(name);
    registry.registerMetric(withoutSampling(measured));
  }
}

/** The same without the time that passes between two samples anyway. */
function withoutSampling(measured: Metric): Metric {
  const { name, help, type } = measured as Metric & { readonly name: string; help: string; type: string };
  const get = async () => {
    const { values, ...about } = await measured.get();
    const shown = values.map((one) => ({ ...one, value: Math.max(0, one.value - samplingMs / 1000) }));
    return { ...about, values: shown };
  };
  return { name, help, type, get } as unknown as Metric;
}
