import type { Counter } from "../ledger/counter.ts";
import type { SegmentCounts, SegmentLabels } from "./counts.ts";
import { seriesOf, sortedByLabels } from "./series.ts";
import type { TallyState } from "./tally.ts";

/** The segments of all topics; undefined if no receipt's shape names them. */
export function segmentsBy(tallies: readonly TallyState[]): SegmentCounts | undefined {
  const counted = tallies.map((tally) => ({
    series: seriesOf(
      tally,
      tally.counters.map((counter) =>
        counter.kind === "segments" ? labelsOf(tally.topic, counter) : undefined,
      ),
    ),
    receipts: seriesOf(
      tally,
      tally.counters.map((counter) =>
        counter.kind === "segmentReceipts"
          ? { ...labelsOf(tally.topic, counter), segments: counter.segments }
          : undefined,
      ),
    ),
  }));
  const receipts = sortedByLabels(counted.flatMap((one) => one.receipts));
  // If no receipt ever named its segments, there is nothing to report.
  if (receipts.every(({ labels }) => labels.segments === "not_said")) return undefined;
  return { series: sortedByLabels(counted.flatMap(({ series }) => series)), receipts };
}

function labelsOf(
  topic: string,
  counter: Extract<Counter, { kind: "segments" | "segmentReceipts" }>,
): SegmentLabels {
  const { provider, channel, category, outcome } = counter;
  return { topic, provider, channel, category, outcome };
}
