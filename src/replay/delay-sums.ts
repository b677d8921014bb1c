/** The sums of durable delays, in seconds, by the slot of their counter and by step: of whole numbers, so exact in any order. */
export type DelaySums = Map<number, Map<number, number>>;

/** Adds seconds to a step of a sum. */
export function addSum(sums: DelaySums, slot: number, step: number, seconds: number): void {
  let own = sums.get(slot);
  if (own === undefined) {
    own = new Map();
    sums.set(slot, own);
  }
  own.set(step, (own.get(step) ?? 0) + seconds);
}
