import type { ReplayCounts } from "../counts.ts";
import { spanWords } from "../spans.ts";
import { samplesOf, type WrittenAs } from "./samples.ts";

/** How old the oldest sample of a replay is, in words: `45.3 days`. */
export function ageOfOldest(counts: ReplayCounts, as: WrittenAs, now: number): string {
  const oldest = counts.series.reduce((least, series) => {
    const first = samplesOf(series, counts.window, as).next();
    return first.done === true ? least : Math.min(least, first.value.at);
  }, now);
  return spanWords(now - oldest);
}
