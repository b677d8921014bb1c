import type { ReplayCounts } from "../counts.ts";
import { counted, spanWords } from "../spans.ts";
import type { Written } from "./openmetrics.ts";
import { ageOfOldest, metricOf, type WrittenAs } from "./samples.ts";

/** The period that a running Prometheus keeps in memory, for which no block may be added; in ms. */
const headSpan = 3 * 3_600_000;

/**
 * Notes for an OpenMetrics file: how much it contains, how to load it, and how samples may silently get lost.
 *
 * @param file its path; undefined when it went to standard output
 * @param now ms since the epoch
 */
export function loadingNotes(
  counts: ReplayCounts,
  as: WrittenAs,
  written: Readonly<Written>,
  file: string | undefined,
  now: number,
): string {
  const { samples, series, bytes } = written;
  const name = file === undefined ? "FILE" : quoted(file);
  if (samples === 0) return "Wrote no samples: the window has no receipts.\n";
  const age = ageOfOldest(counts, as, now);
  return `${[
    `Wrote ${counted(samples, "sample")} of ${series} series, ${(bytes / 1_000_000).toFixed(1)} MB.`,
    "",
    "Into Prometheus, where DATA is its --storage.tsdb.path:",
    `  promtool tsdb create-blocks-from openmetrics --max-block-duration=744h ${name} DATA`,
    `- It lists the blocks it wrote: their NUM SAMPLES must add up to ${samples}.`,
    `- The oldest sample is ${age} old. Set --storage.tsdb.retention.time (15d unless set) above that first:`,
    "  Prometheus silently deletes older blocks, at the latest when a newer one appears.",
    ...headNotes(counts, now),
    ...(as === "gauge" ? gaugeNotes(counts) : []),
    "",
    "Into VictoriaMetrics:",
    `  curl -T ${name} -X POST http://localhost:8428/api/v1/import/prometheus`,
    `- It answers 204 and drops what is older than its -retentionPeriod (1 month unless set): the oldest is ${age} old.`,
  ].join("\n")}\n`;
}

function headNotes({ window }: ReplayCounts, now: number): string[] {
  const age = now - window.to;
  if (age >= headSpan) return [];
  return [
    `- The window ends ${age < 1_000 ? "now" : `${spanWords(age)} ago`}. Do not load the last 3 hours into a running Prometheus, it still`,
    "  holds them in memory: end the replay at --to -3h, or wait.",
  ];
}

function gaugeNotes({ window }: ReplayCounts): string[] {
  const { name } = metricOf("gauge", window.step);
  return [
    "- Prometheus 2 includes both ends of a range, so query a second less than a day:",
    `  sum_over_time(${name}[86399s]) at the day's end.`,
  ];
}

/** A path quoted for a shell. */
function quoted(path: string): string {
  return /^[\w./+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
