import type { ReplayCounts } from "../../src/replay/counts.ts";
import { createRandom } from "../lab/random.ts";
import { countsOf, labelsOf, scatter } from "../replay/sinks/history.ts";
import { dayName } from "./series-database.ts";

const day = 86_400_000;
const categories = ["blacklist", "empty_number", "power_off", "delivered"] as const;

/** A replay of whole days in UTC, and the receipts of each day and category, counted without it. */
export interface ReplayHistory {
  readonly counts: ReplayCounts;
  /** By `2026-10-03 blacklist`; nothing where there was none. */
  readonly receipts: ReadonlyMap<string, number>;
}

/**
 * 40 series of four categories, the first full from the start, the later ones rarer and born later.
 *
 * @param to midnight in UTC, ms since the epoch
 */
export function historyUntil(to: number, days: number): ReplayHistory {
  const random = createRandom(7);
  const from = to - days * day;
  const receipts = new Map<string, number>();
  const series = Array.from({ length: 40 }, (_, number) => {
    const category = categories[number % categories.length] ?? "unknown";
    const born = from + (number / 50) * (to - from);
    const times = scatter(random, 100 + 3_000 * (number % 5), born, to);
    for (const time of times) {
      const key = `${dayName(time)} ${category}`;
      receipts.set(key, (receipts.get(key) ?? 0) + 1);
    }
    return { labels: labelsOf(`C${number}`, { category }), times };
  });
  return { counts: countsOf({ from, to }, series), receipts };
}
