import { type Moves, movesText } from "../compare.ts";
import type { ReplayCounts } from "../counts.ts";
import { csvText } from "./csv.ts";
import { type Report, reportOf } from "./report.ts";
import { reportText } from "./report-text.ts";

export type ReportFormat = "table" | "json" | "csv";

/**
 * What a replay counted, to be read or passed on: `table` as text in English, `json` as a {@link Report}, `csv` as
 * the counts alone, one line for each hour or day and series that has any.
 *
 * @param utcOffsetMinutes where local days begin, and the zone of the times
 * @param moves what another map places elsewhere; a CSV has no room for it
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

function csv({ per, counts }: Report): string {
  const rows = counts.flatMap((series) =>
    Object.entries(series.periods).map(([start, count]) => [
      start,
      ...labelColumns.map((name) => series[name]),
      String(count),
    ]),
  );
  // Stable: the counts of an hour or day stay sorted by their labels.
  rows.sort(([a = ""], [b = ""]) => (a < b ? -1 : a > b ? 1 : 0));
  return csvText([[per, ...labelColumns, "count"], ...rows]);
}
