import { collectDefaultMetrics, Registry } from "prom-client";
import { loadCodeMap } from "../../src/codes/load.ts";
import { outcomes } from "../../src/codes/verdict.ts";
import { checkpointFailures } from "../../src/kafka/group/checkpointer.ts";
import { unmeasuredReasons } from "../../src/ledger/delay-parts.ts";
import { definitions } from "../../src/metrics/definitions.ts";
import { ignoredKinds, malformedReasons } from "../../src/receipts/receipt.ts";
import { segmentStates } from "../../src/receipts/segments.ts";
import { readRules } from "./files.ts";
import { groupingLabelsIn, selectorsIn } from "./promql.ts";

/** What Prometheus adds to every scraped series, Kubernetes' discovery to a pod's, and what targets may share. */
const targetLabels = ["job", "instance", "pod", "cluster", "namespace"];

/** What alerts are about, and how bad it is. */
const alertLabels = ["severity", "job", "instance", "topic", "provider", "channel"];

/** Says what an expression names that neither the exporter nor a recording rule gives. */
export type StrangersIn = (expr: string) => string[];

/** The words that queries may use: metrics with their labels, and the values of labels with a closed set. */
export async function readVocabulary(): Promise<StrangersIn> {
  const map = await loadCodeMap("config/code-map.yaml");
  if (!("map" in map)) throw new Error("the packaged code map has problems");
  const closed = new Map<string, ReadonlySet<string>>([
    ["category", new Set(map.map.categories.keys())],
    ["outcome", new Set(outcomes)],
    ["reason", new Set([...checkpointFailures, ...malformedReasons, ...unmeasuredReasons])],
    ["kind", new Set(ignoredKinds)],
    ["segments", new Set(segmentStates)],
  ]);
  const labels = metricLabels();
  const rules = readRules().filter(({ record }) => record !== undefined);
  // A recorded series has at most the labels of what it is made of. A file may read what a later one records.
  for (let known = -1; known !== countOf(labels);) {
    known = countOf(labels);
    for (const { record = "", expr, labels: own } of rules) {
      const made = selectorsIn(expr).flatMap(({ metric }) => [...(labels.get(metric) ?? [])]);
      labels.set(record, new Set([...(labels.get(record) ?? []), ...made, ...Object.keys(own)]));
    }
  }

  return (expr) => {
    const selectors = selectorsIn(expr);
    const allowed = new Set(selectors.flatMap(({ metric }) => [...(labels.get(metric) ?? [])]));
    return [
      ...selectors.filter(({ metric }) => !labels.has(metric)).map(({ metric }) => metric),
      ...groupingLabelsIn(expr).filter((label) => !allowed.has(label)),
      ...selectors.flatMap(({ metric, matchers }) =>
        [...matchers].flatMap(([label, values]) => {
          if (labels.get(metric)?.has(label) === false) return [`${metric}{${label}}`];
          const known = closed.get(label);
          return known === undefined ? [] : values.filter((value) => !known.has(value));
        }),
      ),
    ];
  };
}

/** The labels of every metric that a scrape or Prometheus itself gives. */
function metricLabels(): Map<string, ReadonlySet<string>> {
  const labels = new Map<string, ReadonlySet<string>>([
    ["up", new Set(targetLabels)],
    ["ALERTS", new Set(["alertname", "alertstate", ...alertLabels])],
    ["ALERTS_FOR_STATE", new Set(["alertname", ...alertLabels])],
  ]);
  for (const { name, type, labels: own } of Object.values(definitions)) {
    const all = [...targetLabels, ...own];
    if (type !== "histogram") labels.set(name, new Set(all));
    else {
      labels.set(`${name}_bucket`, new Set([...all, "le"]));
      labels.set(`${name}_sum`, new Set(all)).set(`${name}_count`, new Set(all));
    }
  }
  for (const name of processMetrics()) labels.set(name, new Set(targetLabels));
  return labels;
}

/** The names of Node.js' own process metrics. */
function processMetrics(): string[] {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const names = register.getMetricsAsArray().map(({ name }) => name);
  register.clear();
  return names;
}

function countOf(labels: ReadonlyMap<string, ReadonlySet<string>>): number {
  return [...labels.values()].reduce((sum, { size }) => sum + size, labels.size);
}
