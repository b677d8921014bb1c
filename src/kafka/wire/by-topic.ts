/** Groups entries by topic as requests need them, in their original order. */
export function byTopic<Entry extends { readonly topic: string }>(
  entries: readonly Entry[],
): readonly (readonly [topic: string, entries: readonly Entry[]])[] {
  return [...Map.groupBy(entries, ({ topic }) => topic)];
}
