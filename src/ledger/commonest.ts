import { otherValue, valuePlaceholders } from "../receipts/dimensions/dimension.ts";

/** So many values of a dimension are kept apart where the commonest are named at the end. */
export const keptValues = 10_000;

/**
 * The values of a dimension that keep their name: `_none` and `_redacted` where they came, then the commonest, and of
 * equals the first by name.
 *
 * @param totals how often each value came
 * @param room at most so many; `_other` needs none
 */
export function commonestValues(totals: ReadonlyMap<string, number>, room: number): Set<string> {
  const rank = (value: string) => (valuePlaceholders.includes(value) ? 0 : 1);
  const sorted = [...totals]
    .filter(([value]) => value !== otherValue)
    .sort(([a, m], [b, n]) => rank(a) - rank(b) || n - m || (a < b ? -1 : 1));
  return new Set(sorted.slice(0, room).map(([value]) => value));
}

/** How often each came, by what `keyOf` gives. */
export function totalsBy<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
  countOf: (item: T) => number,
): Map<string, number> {
  const totals = new Map<string, number>();
  for (const item of items) totals.set(keyOf(item), (totals.get(keyOf(item)) ?? 0) + countOf(item));
  return totals;
}
