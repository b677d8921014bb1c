/** A series selector of a PromQL expression: `metric{label="value"}`. */
export interface Selector {
  readonly metric: string;
  /** Its matchers by label; a value is taken apart at `|`. Values with a Grafana variable are left out. */
  readonly matchers: ReadonlyMap<string, readonly string[]>;
}

const keywords = new Set(["and", "or", "unless", "bool", "offset"]);
const grouping = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;

/** The selectors of an expression, which Prometheus has already found to be valid. */
export function selectorsIn(expr: string): Selector[] {
  const bare = expr
    .replace(grouping, " ")
    .replace(/\[[^\]]*\]/g, " ")
    .replace(/([^"])\$__\w+/g, "$1");
  // A name with matchers, or a name that no bracket follows (a function) and that is no part of a string.
  const pattern = /"[^"]*"|\b([a-zA-Z_][\w:]*)\s*(?:\{([^}]*)\}|(?![\w:]|\s*\())/g;
  return [...bare.matchAll(pattern)].flatMap(([, metric, inside]) =>
    metric === undefined || keywords.has(metric) ? [] : [{ metric, matchers: matchersOf(inside ?? "") }],
  );
}

/** The labels that an expression groups, joins or aggregates by. */
export function groupingLabelsIn(expr: string): string[] {
  return [...expr.matchAll(grouping)]
    .flatMap(([, labels]) => (labels ?? "").split(","))
    .flatMap((label) => label.trim() || []);
}

function matchersOf(inside: string): Map<string, readonly string[]> {
  const matchers = [...inside.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"/g)];
  return new Map(
    matchers.map(([, label = "", value = ""]) => [label, value.includes("$") ? [] : value.split("|")]),
  );
}
