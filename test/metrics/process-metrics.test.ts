import perfHooks from "node:perf_hooks";
import { Registry } from "prom-client";
import { expect, it, vi } from "vitest";
import { registerProcessMetrics } from "../../src/metrics/process-metrics.ts";

it("wakes an idle process ten times a second at most, and shows delays without the time between samples", async () => {
  let resolution = 0;
  const measured = { min: 99.9e6, max: 350e6, mean: 120e6, stddev: 7e6 };
  const histogram = {
    ...measured,
    percentile: (share: number) => (100 + share) * 1e6,
    enable: () => true,
    reset: () => {},
  };
  const monitor = vi.spyOn(perfHooks, "monitorEventLoopDelay").mockImplementation((options) => {
    resolution = options?.resolution ?? 0;
    return histogram as unknown as ReturnType<typeof perfHooks.monitorEventLoopDelay>;
  });
  try {
    const registry = new Registry();
    registerProcessMetrics(registry);
    const page = await registry.metrics();
    const shown = (what: string) =>
      Number(new RegExp(`^nodejs_eventloop_lag_${what}_seconds (.+)$`, "m").exec(page)?.[1]);
    expect(resolution).toBeGreaterThanOrEqual(100);
    // A sample may come a little early.
    expect(shown("min")).toBe(0);
    expect(shown("max")).toBeCloseTo(0.25);
    expect(shown("mean")).toBeCloseTo(0.02);
    expect(shown("p50")).toBeCloseTo(0.05);
    expect(shown("p90")).toBeCloseTo(0.09);
    expect(shown("p99")).toBeCloseTo(0.099);
    expect(shown("stddev")).toBeCloseTo(0.007);
  } finally {
    monitor.mockRestore();
  }
});

it("leaves out gauges that are named as counters are", async () => {
  const registry = new Registry();
  registerProcessMetrics(registry);
  const names = registry.getMetricsAsArray().map(({ name }) => name);
  expect(names).toContain("process_cpu_seconds_total");
  expect(names.filter((name) => /^nodejs_.*_total$/.test(name))).toEqual([]);
});
