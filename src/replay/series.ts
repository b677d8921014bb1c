import type { ReplaySeries } from "./counts.ts";
import type { TallyState } from "./tally.ts";
import { stepsBySlot } from "./timeline.ts";

/**
 * The series of a tally: slots with the same labels are merged.
 *
 * @param slotLabels the labels of each slot, with their keys in the same order; undefined for slots of another kind
 */
export function seriesOf<Labels extends object>(
  { blocks, counters }: Pick<TallyState, "blocks" | "counters">,
  slotLabels: readonly (Labels | undefined)[],
): ReplaySeries<Labels>[] {
  const slots = new Map<string, number>();
  const labels: Labels[] = [];
  const merged = counters.map((_, from) => {
    const cell = slotLabels[from];
    if (cell === undefined) return -1;
    const key = labelKey(cell);
    const slot = slots.get(key) ?? labels.length;
    if (slot === labels.length) {
      slots.set(key, slot);
      labels.push(cell);
    }
    return slot;
  });
  return stepsBySlot(blocks, labels.length, (slot) => merged[slot] ?? -1).flatMap(
    ({ steps, counts }, slot) => {
      const cell = labels[slot];
      return cell === undefined || steps.length === 0
        ? []
        : [{ labels: cell, steps, counts, total: sumOf(counts) }];
    },
  );
}

/** Series sorted by labels. */
export function sortedByLabels<Labels extends object>(
  series: readonly ReplaySeries<Labels>[],
): ReplaySeries<Labels>[] {
  return [...series].sort((a, b) => (labelKey(a.labels) < labelKey(b.labels) ? -1 : 1));
}

/** The key by which label sets are compared and sorted; their names are in one order. */
export function labelKey(labels: object): string {
  return Object.values(labels).join("\t");
}

function sumOf(counts: Uint32Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
