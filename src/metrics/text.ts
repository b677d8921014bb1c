import type { MetricDefinition } from "./definitions.ts";

/** The two lines that stand before a metric's series. */
export function headOf({ name, help, type }: MetricDefinition): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}`;
}

/** Labels as they stand between the braces of a series. */
export function pairsOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(",");
}

/** A label's value as it stands between quotes. */
export function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`));
}
