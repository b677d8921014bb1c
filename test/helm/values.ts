import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { codeBlocks } from "../docs/markdown.ts";

/** Values of the chart. */
export type Values = Readonly<Record<string, unknown>>;

/** Those that the manual shows. */
const shown = codeBlocks(readFileSync("docs/operations.md", "utf8")).find(({ code }) =>
  code.startsWith("# values.yaml"),
);

const on = { enabled: true };
const labels = { release: "kube-prometheus-stack" };

/** Every value that the chart has, away from its default. */
const all: Values = {
  config: { brokers: ["a:9092", "b:9092"], port: 9999, topics: [{ topic: "sms" }], code_maps: ["mine.yaml"] },
  configFiles: { "mine.yaml": 'version: 1\nproviders:\n  "a: b": {}\n' },
  existingSecret: "kafka",
  replicaCount: 3,
  image: {
    repository: "images.example/dlr-exporter",
    digest: `sha256:${"0".repeat(64)}`,
    pullPolicy: "Always",
    pullSecrets: [{ name: "images" }],
  },
  fullnameOverride: "receipts",
  serviceAccount: { create: true, name: "reader", annotations: { role: "reader" } },
  service: { type: "NodePort", port: 80, annotations: { a: "b" } },
  podMonitor: { ...on, labels, interval: "30s", scrapeTimeout: "10s" },
  prometheusRule: {
    ...on,
    labels,
    runbookUrl: "https://runbooks.example",
    dashboardUrl: "https://grafana.example",
    thresholds: { consumer_behind_seconds: 600, "spike_share_floor.blacklist": 0.001 },
  },
  dashboards: {
    ...on,
    languages: ["zh"],
    label: "dashboard",
    labelValue: "yes",
    annotations: { grafana_folder: "SMS" },
  },
  podDisruptionBudget: { ...on, maxUnavailable: "50%", unhealthyPodEvictionPolicy: "IfHealthyBudget" },
  resources: { limits: { cpu: "2", memory: "1Gi" } },
  strategy: { type: "Recreate", rollingUpdate: null },
  terminationGracePeriodSeconds: 60,
  topologySpreadConstraints: [
    {
      maxSkew: 2,
      topologyKey: "rack",
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchLabels: { own: "yes" } },
    },
  ],
  nodeSelector: { disk: "fast" },
  tolerations: [{ key: "sms", operator: "Exists" }],
  affinity: { nodeAffinity: {} },
  priorityClassName: "high",
  podAnnotations: { a: "b" },
  podLabels: { team: "sms" },
  extraEnv: [{ name: "DLR_LOG_LEVEL", value: "debug" }],
  extraEnvFrom: [{ secretRef: { name: "kafka" } }],
  extraVolumes: [{ name: "more", emptyDir: {} }],
  extraVolumeMounts: [{ name: "more", mountPath: "/more" }],
};

/** What the chart makes manifests of, by what is tried. */
export const every: Readonly<Record<string, Values>> = {
  "no values": {},
  "every value": all,
  "a ServiceMonitor": { ...all, podMonitor: {}, serviceMonitor: { ...on, labels, scrapeTimeout: "10s" } },
  "the values in docs/operations.md": z.record(z.string(), z.unknown()).parse(parse(shown?.code ?? "")),
  "no more than there must be": {
    serviceAccount: { create: false },
    podDisruptionBudget: { enabled: false },
    topologySpreadConstraints: [],
  },
};

/** What the chart refuses, and what it says. */
export const wrong: readonly { readonly name: string; readonly values: Values; readonly told: RegExp }[] = [
  { name: "a value that it does not have", values: { replicas: 3 }, told: /'replicas' not allowed/ },
  { name: "a value of another type", values: { replicaCount: "3" }, told: /replicaCount/ },
  {
    name: "two monitors",
    values: { podMonitor: on, serviceMonitor: on },
    told: /each receipt counted twice/,
  },
  {
    name: "a threshold that there is not",
    values: { prometheusRule: { ...on, thresholds: { consumer_behind: 600 } } },
    told: /thresholds\.consumer_behind: there is no such threshold; there are .*consumer_behind_seconds/,
  },
  {
    name: "a second configuration",
    values: { configFiles: { "dlr-exporter.yaml": "" } },
    told: /put it there/,
  },
];
