import { collectDefaultMetrics, type Registry } from "prom-client";

/** Gauges of prom-client whose names end like those of counters, which promtool rejects; each is a sum of others. */
const misnamed = ["handles", "requests", "resources"].map((what) => `nodejs_active_${what}_total`);

/**
 * How often the event loop delay is sampled, in ms. prom-client's 10 wakes an idle process a hundred times a second,
 * which costs more than all its other work; a delay below 100 ms does no harm.
 */
const samplingMs = 100;

/** The metrics that hold the time between two samples. */
const delays = ["min", "max", "mean", "p50", "p90", "p99"].map(
  (what) => `nodejs_eventloop_lag_${what}_seconds`,
);

type Metric = Parameters<Registry["registerMetric"]>[0];

/** Adds prom-client's process metrics: CPU, memory, garbage collection and event loop delay. */
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

/** Subtracts the sampling interval. */
function withoutSampling(measured: Metric): Metric {
  const { name, help, type } = measured as Metric & { readonly name: string; help: string; type: string };
  const get = async () => {
    const { values, ...about } = await measured.get();
    const shown = values.map((one) => ({ ...one, value: Math.max(0, one.value - samplingMs / 1000) }));
    return { ...about, values: shown };
  };
  return { name, help, type, get } as unknown as Metric;
}
