import type { Span } from "./calendar.ts";

/** What is counted of a topic in each minute, and what waits at its end. */
export interface Backlog {
  readonly counted: Uint32Array;
  readonly waiting: Uint32Array;
  /** The newest minute of which everything is counted; -1 before the first. */
  readonly newest: Int32Array;
}

/**
 * Counts a topic that is not read for some stretches.
 *
 * @param arriving receipts that reach the topic in each minute
 * @param stops when nothing of it is counted
 * @param speed how many minutes' worth are counted in each minute afterwards
 */
export function countWithStops(arriving: Uint32Array, stops: readonly Span[], speed: number): Backlog {
  const counted = new Uint32Array(arriving.length);
  const waiting = new Uint32Array(arriving.length);
  const newest = new Int32Array(arriving.length);
  let next = 0;
  let left = 0;
  for (let minute = 0; minute < arriving.length; minute++) {
    left += arriving[minute] ?? 0;
    const stands = stops.some(({ start, end }) => start <= minute && minute < end);
    const until = stands ? next : Math.min(minute + 1, next + speed);
    for (; next < until; next++) {
      counted[minute] = (counted[minute] ?? 0) + (arriving[next] ?? 0);
      left -= arriving[next] ?? 0;
    }
    waiting[minute] = left;
    newest[minute] = next - 1;
  }
  return { counted, waiting, newest };
}
