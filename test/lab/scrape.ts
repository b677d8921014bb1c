/** One sample of a scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const sampleLine = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)",?/g;

/**
 * The samples of a page of Prometheus text, version 0.0.4, in the order of the page.
 *
 * @throws Error that shows the line which is neither a sample, a comment nor empty
 */
export function parseMetrics(text: string): Sample[] {
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, name, labels = "", value] = sampleLine.exec(line) ?? [];
      if (name === undefined || value === undefined) throw new Error(`no sample of Prometheus text: ${line}`);
      const pairs = Array.from(labels.matchAll(label), ([, key = "", raw = ""]) => [key, unescapeLabel(raw)]);
      return { name, labels: Object.fromEntries(pairs), value: toNumber(value) };
    });
}

/** The values of one metric, summed by what `keyOf` makes of the labels. */
export function sumBy(
  samples: readonly Sample[],
  name: string,
  keyOf: (labels: Sample["labels"]) => string,
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const sample of samples) {
    if (sample.name !== name) continue;
    const key = keyOf(sample.labels);
    sums.set(key, (sums.get(key) ?? 0) + sample.value);
  }
  return sums;
}

function unescapeLabel(raw: string): string {
  return raw.replace(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
}

function toNumber(value: string): number {
  if (value === "+Inf") return Number.POSITIVE_INFINITY;
  return value === "-Inf" ? Number.NEGATIVE_INFINITY : Number(value);
}
