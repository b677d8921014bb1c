/** A sample on a page of metrics. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)",?/y;

/**
 * The samples of one metric in Prometheus' text format; other lines are skipped.
 *
 * @param name of the metric, which has labels
 */
export function* samplesOf(text: string, name: string): Generator<Sample> {
  const head = `${name}{`;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    if (text.startsWith(head, start)) {
      const sample = sampleOf(text.slice(start + head.length, end));
      if (sample !== undefined) yield sample;
    }
    start = end + 1;
  }
}

/** @param line from after the opening brace */
function sampleOf(line: string): Sample | undefined {
  const labels: [string, string][] = [];
  label.lastIndex = 0;
  let end = 0;
  for (let match = label.exec(line); match !== null; match = label.exec(line)) {
    const [, name = "", value = ""] = match;
    labels.push([name, value.replace(/\\(.)/g, (_, escaped) => (escaped === "n" ? "\n" : escaped))]);
    end = label.lastIndex;
  }
  const [, value] = /^} (\S+)/.exec(line.slice(end)) ?? [];
  const number = Number(value);
  return value === undefined || !Number.isFinite(number)
    ? undefined
    : { labels: Object.fromEntries(labels), value: number };
}
