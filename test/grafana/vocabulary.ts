import { loadCodeMap } from "../../src/codes/load.ts";
import { outcomes } from "../../src/codes/verdict.ts";
import { checkpointFailures } from "../../src/kafka/checkpointer.ts";
import { definitions } from "../../src/metrics/definitions.ts";
import { malformedReasons } from "../../src/receipts/receipt.ts";
import { readRules } from "./files.ts";
import { groupingLabelsIn, selectorsIn } from "./promql.ts";

/** What Prometheus adds to every scraped series, and Kubernetes' discovery to a pod's. */
const targetLabels = ["job", "instance", "pod"];

/** Says what an expression names that neither the exporter nor a recording rule gives. */
export type StrangersIn = (expr: string) => string[];

/** The words that queries may use: metrics with their labels, and the values of labels with a closed set. */
export async function readVocabulary(): Promise<StrangersIn> {
  const map = await loadCodeMap("config/code-map.yaml");
  if (!("map" in map)) throw new Error("the packaged code map has problems");
  const closed = new Map<string, ReadonlySet<string>>([
    ["category", new Set(map.map.categories.keys())],
    ["outcome", new Set(outcomes)],
    ["reason", new Set([...checkpointFailures, ...malformedReasons])],
  ]);
  const labels = new Map<string, ReadonlySet<string>>([["up", new Set(targetLabels)]]);
  for (const definition of Object.values(definitions)) {
    labels.set(definition.name, new Set([...targetLabels, ...definition.labels]));
  }
  // A recorded series has at most the labels of what it is made of.
  for (const rule of readRules()) {
    if (rule.record === undefined) continue;
    const made = selectorsIn(rule.expr).flatMap(({ metric }) => [...(labels.get(metric) ?? [])]);
    labels.set(
      rule.record,
      new Set([...(labels.get(rule.record) ?? []), ...made, ...Object.keys(rule.labels)]),
    );
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
