import type { Columns } from "../receipts/columns.ts";
import type { Cells } from "./cells.ts";
import { observeDelay } from "./delays.ts";
import type { LastEvent } from "./last-event.ts";
import type { Marginals } from "./marginals.ts";
import { bucketOf, secondsOf, sumPlace } from "./receipt-delays.ts";
import type { Target } from "./targets.ts";

/** What receipts are counted in. */
export interface Counting {
  readonly cells: Cells;
  /** The number of each counter, by slot. */
  readonly bySlot: number[];
  readonly lastEvent: LastEvent;
}

/**
 * Counts receipts: each in its cell, and by its segments, its delay and its values. All in one place, since calls cost
 * as much as what they do here, and times that are handed to a function may be allocated.
 *
 * @param receipts how many, from the first on
 */
export function countReceipts(counting: Counting, columns: Columns, receipts: number): void {
  const { cells, bySlot, lastEvent } = counting;
  const { targets, marginals, counters } = cells;
  const { numbers, kinds, recordedAt, sentAt: sentTimes, receivedAt: receivedTimes } = columns;
  for (let i = 0; i < receipts; i++) {
    const number = numbers[i] ?? 0;
    const sentAt = sentTimes[i] ?? Number.NaN;
    const receivedAt = receivedTimes[i] ?? Number.NaN;
    const target = targets.ofKind(number, kinds);
    const { slot, conflict, segments: bySegments, measured } = target;
    if (bySlot.length < counters.length) openAt0(counting);
    bySlot[slot] = (bySlot[slot] ?? 0) + 1;
    if (conflict !== -1) bySlot[conflict] = (bySlot[conflict] ?? 0) + 1;
    if (bySegments !== undefined) {
      const segments = kinds[number]?.segments;
      if (segments !== undefined && segments >= 1) {
        bySlot[bySegments.counted] = (bySlot[bySegments.counted] ?? 0) + 1;
        bySlot[bySegments.segments] = (bySlot[bySegments.segments] ?? 0) + segments;
      } else addOne(counting, cells.receiptSegments?.receiptsSlot(bySegments, segments));
    }
    if (measured !== undefined) {
      const bucket = measured.first === -1 ? -1 : bucketOf(sentAt, receivedAt);
      if (bucket === -1) addOne(counting, cells.receiptDelays?.reasonSlot(measured, sentAt, receivedAt));
      else {
        const sum = measured.first + sumPlace;
        bySlot[measured.first + bucket] = (bySlot[measured.first + bucket] ?? 0) + 1;
        bySlot[sum] = (bySlot[sum] ?? 0) + secondsOf(sentAt, receivedAt);
      }
    }
    if (lastEvent.isPast(receivedAt)) observeDelay(target.delay, receivedAt - sentAt);
    lastEvent.note(receivedAt, recordedAt[i] ?? Number.NaN);
    if (marginals !== undefined) addValues(counting, marginals, target, columns.values, i * marginals.size);
  }
}

/** Adds one to a counter, which may be new; to none if there is no slot. */
export function addOne(counting: Counting, slot: number | undefined): void {
  openAt0(counting);
  if (slot !== undefined) counting.bySlot[slot] = (counting.bySlot[slot] ?? 0) + 1;
}

/** Sets newly opened counters to 0. */
export function openAt0({ cells, bySlot }: Counting): void {
  while (bySlot.length < cells.counters.length) bySlot.push(0);
}

function addValues(
  counting: Counting,
  marginals: Marginals,
  { column }: Target,
  values: readonly string[],
  first: number,
): void {
  if (column === undefined) return;
  for (let place = 0; place < marginals.size; place++)
    addOne(counting, marginals.slot(column, place, values[first + place]));
}
