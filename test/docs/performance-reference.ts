import { sectionsOf } from "../bench/results.ts";

/** The columns of the shapes' table that an operator asks for, by their place. */
const columns = [1, 2, 3, 4, 5, 6, 7];

/**
 * What the benchmark measured last, for the manual: each shape, the cheapest first, the best and the worst batch, and
 * what Java takes.
 *
 * @param results the text of test/bench/RESULTS.md
 * @throws Error when it has no section of shapes, of batches or of Java
 */
export function performanceReference(results: string): string {
  const shapes = largest(results, "Shapes");
  const batches = largest(results, "Batches");
  const java = largest(results, "Beside Java");
  const [circumstances = "", cpu = ""] = shapes.paragraphs;
  const rows = cpu.split("\n").map((row) => {
    const cells = row.split("|").slice(1, -1);
    return `|${columns.map((column) => cells[column]).join("|")}|`;
  });
  return [
    `${shapes.about}. ${circumstances}`,
    rows.join("\n"),
    shapes.paragraphs.at(-1),
    `Batches, ${batches.about}. ${batches.paragraphs.at(-1)}`,
    `Beside a Java program of kafka-clients and Jackson, ${java.about}: ${java.paragraphs.at(-1)}`,
  ].join("\n\n");
}

/**
 * What `run` takes for a receipt of the cheapest and of the dearest shape, in µs of CPU.
 *
 * @throws Error when no shapes were measured
 */
export function costsOfRun(results: string): { best: string; worst: string } {
  const said = largest(results, "Shapes").paragraphs.at(-1) ?? "";
  const [, best = "", worst = ""] =
    /`run`: the best is \S+ with ([\d.]+) µs, the worst \S+ with ([\d.]+) µs/.exec(said) ?? [];
  return { best, worst };
}

/** The section of a part that has measured the most; of those the one with the most receipts. */
function largest(results: string, part: string): { about: string; paragraphs: readonly string[] } {
  const [most] = sectionsOf(results)
    .filter(({ heading }) => heading.startsWith(`${part}: `))
    .map(({ heading, body }) => ({
      about: heading.slice(part.length + 2),
      paragraphs: body.split("\n\n"),
      lines: body.split("\n").length,
    }))
    .sort((a, b) => b.lines - a.lines || receiptsOf(b.about) - receiptsOf(a.about));
  if (most === undefined) throw new Error(`no part ${part} was measured: npm run bench`);
  return most;
}

/** How many receipts a heading begins with. */
function receiptsOf(about: string): number {
  return Number(/^[\d,]+/.exec(about)?.[0].replaceAll(",", ""));
}
