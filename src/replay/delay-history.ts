import { delayParts } from "../ledger/delay-parts.ts";
import { sumPlace } from "../ledger/receipt-delays.ts";
import type { DelayColumnCounts, DelayColumnLabels, DelayHistory, UnmeasuredLabels } from "./counts.ts";
import { labelKey, seriesOf, sortedByLabels } from "./series.ts";
import type { TallyState } from "./tally.ts";
import { stepsBySlot } from "./timeline.ts";

/** The delays of tallies, one tally per topic. */
export function delayHistoryOf(tallies: readonly TallyState[]): DelayHistory {
  return {
    columns: tallies.flatMap(columnsOf).sort((a, b) => (labelKey(a.labels) < labelKey(b.labels) ? -1 : 1)),
    unmeasured: sortedByLabels(tallies.flatMap(unmeasuredOf)),
  };
}

function unmeasuredOf(tally: TallyState) {
  const labels = tally.counters.map((counter): UnmeasuredLabels | undefined => {
    if (counter.kind !== "unmeasured") return undefined;
    const { provider, channel, outcome, reason } = counter;
    return { topic: tally.topic, provider, channel, outcome, reason };
  });
  return seriesOf(tally, labels);
}

/** A column: the slot of each part, by its index. */
interface ColumnSlots {
  readonly labels: DelayColumnLabels;
  readonly slots: number[];
}

function columnsOf({ topic, counters, blocks, delaySums }: TallyState): DelayColumnCounts[] {
  const columns = new Map<string, ColumnSlots>();
  for (const [slot, counter] of counters.entries()) {
    if (counter.kind !== "delays") continue;
    const { provider, channel, outcome, part } = counter;
    const labels = { topic, provider, channel, outcome };
    const column = columns.get(labelKey(labels)) ?? { labels, slots: [] };
    columns.set(labelKey(labels), column);
    column.slots[delayParts.indexOf(part)] = slot;
  }
  const isPart = counters.map(({ kind }) => kind === "delays");
  const bySlot = stepsBySlot(blocks, counters.length, (slot) => (isPart[slot] === true ? slot : -1));
  return [...columns.values()].flatMap(({ labels, slots }) => {
    const parts = slots.slice(0, sumPlace).map((slot) => bySlot[slot]);
    const steps = Uint32Array.from(new Set(parts.flatMap((part) => [...(part?.steps ?? [])]))).sort();
    if (steps.length === 0) return [];
    const places = new Map([...steps].map((step, place) => [step, place]));
    const buckets = parts.map((part) => {
      const counts = new Uint32Array(steps.length);
      for (const [index, step] of (part?.steps ?? []).entries())
        counts[places.get(step) ?? 0] = part?.counts[index] ?? 0;
      return counts;
    });
    const own = delaySums.get(slots[sumPlace] ?? -1);
    const sums = Float64Array.from(steps, (step) => own?.get(step) ?? 0);
    return [{ labels, steps, buckets, sums }];
  });
}
