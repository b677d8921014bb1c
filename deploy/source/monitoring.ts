import type {
  IPodMonitor,
  IPrometheusRule,
} from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1";
import type { IConfigMap } from "kubernetes-models/v1";
import { z } from "zod";
import { labels, name, selector } from "./workload.ts";

/** How often the alerts' windows and the dashboards' steps expect a scrape. */
const scrapeInterval = "15s";

/** What Grafana's sidecar looks for, as the chart of Grafana and kube-prometheus-stack sets it up. */
const dashboardLabel = { grafana_dashboard: "1" };

export const podMonitor: IPodMonitor = {
  apiVersion: "monitoring.coreos.com/v1",
  kind: "PodMonitor",
  metadata: { name, labels },
  spec: {
    // The job is `dlr-exporter`, which the alerts name, instead of namespace/name.
    jobLabel: "app.kubernetes.io/name",
    selector: { matchLabels: selector },
    podMetricsEndpoints: [{ port: "http", path: "/metrics", interval: scrapeInterval }],
  },
};

const ruleFile = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      interval: z.string().optional(),
      rules: z.array(z.looseObject({ expr: z.string() })),
    }),
  ),
});

/**
 * The rules of Prometheus as the operator takes them.
 *
 * @param files the contents of grafana/rules/*.rules.yml, parsed
 * @throws z.ZodError when one is no file of rules
 */
export function prometheusRule(files: readonly unknown[]): IPrometheusRule {
  const groups = files.flatMap((file) => ruleFile.parse(file).groups);
  const spec = { groups } as NonNullable<IPrometheusRule["spec"]>;
  return { apiVersion: "monitoring.coreos.com/v1", kind: "PrometheusRule", metadata: { name, labels }, spec };
}

/**
 * A dashboard as Grafana's sidecar finds it.
 *
 * @param uid as its file is named
 * @param json on one line: `kubectl apply` keeps what it applied in an annotation, which takes 256 KiB
 */
export function dashboardConfigMap(uid: string, json: string): IConfigMap {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `${name}-dashboard-${uid}`, labels: { ...labels, ...dashboardLabel } },
    data: { [`${uid}.json`]: json },
  };
}
