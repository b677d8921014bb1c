import type { Spread } from "./figures.ts";

/** The median with two decimals, and behind it the lowest and the highest. */
export function spreadText({ median, lowest, highest }: Spread): string {
  return `${median.toFixed(2)} (${lowest.toFixed(2)}–${highest.toFixed(2)})`;
}

/** One thing that was measured, and its figure. */
export interface Ranked {
  readonly name: string;
  /** µs a receipt. */
  readonly cpu: number;
}

/** The best beside the worst, as a sentence. */
export function bestAndWorst(program: string, ranked: readonly Ranked[]): string {
  const [best, ...others] = [...ranked].sort((a, b) => a.cpu - b.cpu);
  const worst = others.at(-1);
  if (best === undefined) return "";
  const told = ({ name, cpu }: Ranked) => `${name} with ${cpu.toFixed(2)} µs`;
  return worst === undefined
    ? `${program}: ${told(best)}.`
    : `${program}: the best is ${told(best)}, the worst ${told(worst)}, ${(worst.cpu / best.cpu).toFixed(1)} times as much.`;
}

/** A table in Markdown. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  words = 1,
): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (column < words ? "---" : "--:"));
  return [line(head), `|${rule.join("|")}|`, ...rows.map(line)].join("\n");
}

/** With commas between thousands. */
export function grouped(number: number): string {
  return number.toLocaleString("en-US");
}
