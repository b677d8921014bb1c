import { type Moves, movesText } from "../compare.ts";
import type { ReplayCounts } from "../counts.ts";
import { csvText } from "./csv.ts";
import { delayColumns } from "./delay-shares.ts";
import { reportText } from "./report-text.ts";
import { type PeriodCounts, type Report, reportOf } from "./report.ts";

export type ReportFormat = "table" | "json" | "csv";

/**
 * Renders a replay's counts: `table` as English text, `json` as a {@link Report}, `csv` as the counts alone, one line
 * for each series in an hour or day; those by dimension and the delays
 * follow, each after an empty line.
 *
 * @param utcOffsetMinutes the time zone of local days and times
 * @param moves what another map would change; not in a CSV
 */
export function renderReport(
  counts: ReplayCounts,
  format: ReportFormat,
  utcOffsetMinutes: number,
  moves?: Moves,
): string {
  const report = reportOf(counts, utcOffsetMinutes);
  switch (format) {
    case "table":
      return `${reportText(report, counts, utcOffsetMinutes)}${moves === undefined ? "" : movesText(moves)}`;
    case "json":
      return `${JSON.stringify(moves === undefined ? report : { ...report, moved: moves.moved, moves: moves.all() })}\n`;
    case "csv":
      return csv(report);
  }
}

const labelColumns = ["topic", "provider", "channel", "scope", "code", "category", "outcome"] as const;
const valueColumns = ["topic", "provider", "channel", "dimension", "value", "category", "outcome"] as const;

function csv({ per, counts, dimensions, receiptDelays }: Report): string {
  const tables = [csvOf(per, labelColumns, counts)];
  if (dimensions !== undefined) tables.push(valuesCsv(per, dimensions));
  if (receiptDelays.length > 0) tables.push(delaysCsv(receiptDelays));
  return tables.join("\n");
}

function delaysCsv(delays: Report["receiptDelays"]): string {
  return csvText([delayColumns, ...delays.map((one) => delayColumns.map((name) => one[name] ?? ""))]);
}

function valuesCsv(per: Report["per"], dimensions: NonNullable<Report["dimensions"]>): string {
  const values = Object.entries(dimensions).flatMap(([dimension, own]) =>
    own.map((one) => ({ dimension, ...one })),
  );
  return csvOf(per, valueColumns, values);
}

function csvOf<Column extends string>(
  per: Report["per"],
  columns: readonly Column[],
  counts: readonly (Readonly<Record<Column, string>> & Pick<PeriodCounts, "periods">)[],
): string {
  const rows = counts.flatMap((series) =>
    Object.entries(series.periods).map(([start, count]) => [
      start,
      ...columns.map((name) => series[name]),
      String(count),
    ]),
  );
  // A stable sort: the counts of an hour or day stay sorted by their labels.
  rows.sort(([a = ""], [b = ""]) => (a < b ? -1 : a > b ? 1 : 0));
  return csvText([[per, ...columns, "count"], ...rows]);
}
