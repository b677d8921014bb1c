/** Entries as requests have them: by topic, in the order in which they came. */
export function byTopic<Entry extends { readonly topic: string }>(
  entries: readonly Entry[],
): readonly (readonly [topic: string, entries: readonly Entry[]])[] {
  return [...Map.groupBy(entries, ({ topic }) => topic)];
}
