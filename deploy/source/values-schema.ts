/** Values that Kubernetes, the exporter or their users say the members of. */
const free = new Set([
  "config",
  "resources",
  "podSecurityContext",
  "securityContext",
  "strategy",
  "affinity",
]);

/** Values that one of a few words is expected of. */
const words: Readonly<Record<string, readonly string[]>> = {
  "image.pullPolicy": ["Always", "IfNotPresent", "Never"],
  "service.type": ["ClusterIP", "NodePort", "LoadBalancer"],
  "podDisruptionBudget.unhealthyPodEvictionPolicy": ["AlwaysAllow", "IfHealthyBudget"],
};

/** What the members of a mapping are that is empty by default. */
const members: Readonly<Record<string, string>> = { "prometheusRule.thresholds": "number" };

/** A part of a JSON Schema, as values.schema.json has it. */
type Schema = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema that Helm holds values to, made of the values that the chart has: of the same types, and no others, so
 * that a misspelt one is refused.
 *
 * @param values of values.yaml, parsed
 */
export function valuesSchema(values: unknown): Schema {
  const { type, properties } = schemaOf(values, "") as { type: string; properties: Schema };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    type,
    // What a chart above this one says to all of its charts.
    properties: { ...properties, global: { type: "object" } },
    additionalProperties: false,
  };
}

function schemaOf(value: unknown, path: string): Schema {
  const allowed = words[path];
  if (allowed !== undefined) return { enum: allowed };
  // A budget is a number of instances, or a share.
  if (typeof value === "number")
    return { type: path === "podDisruptionBudget.maxUnavailable" ? ["integer", "string"] : "integer" };
  if (Array.isArray(value)) return { type: "array" };
  if (value === null || typeof value !== "object") return { type: typeof value };
  const entries = Object.entries(value);
  if (free.has(path)) return { type: "object" };
  if (entries.length === 0)
    return { type: "object", additionalProperties: { type: members[path] ?? "string" } };
  const properties = Object.fromEntries(
    entries.map(([key, inner]) => [key, schemaOf(inner, path === "" ? key : `${path}.${key}`)]),
  );
  return { type: "object", properties, additionalProperties: false };
}
