import { otherValue, valuePlaceholders } from "../receipts/dimensions/dimension.ts";

/** How many values of a dimension are counted separately if the most common are named at the end. */
export const keptValues = 10_000;

/**
 * The values of a dimension that keep their name: `_none` and `_redacted` if they occurred, then the most common;
 * ties are broken by name.
 *
 * @param totals receipts of each value
 * @param room maximum number; `_other` does not count
 */
export function commonestValues(totals: ReadonlyMap<string, number>, room: number): Set<string> {
  const rank = (value: string) => (valuePlaceholders.includes(value) ? 0 : 1);
  const sorted = [...totals]
    .filter(([value]) => value !== otherValue)
    .sort(([a, m], [b, n]) => rank(a) - rank(b) || n - m || (a < b ? -1 : 1));
  return new Set(sorted.slice(0, room).map(([value]) => value));
}

/** The totals by the key that `keyOf` returns. */
export function totalsBy<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
  countOf: (item: T) => number,
): Map<string, number> {
  const totals = new Map<string, number>();
  for (const item of items) totals.set(keyOf(item), (totals.get(keyOf(item)) ?? 0) + countOf(item));
  return totals;
}
