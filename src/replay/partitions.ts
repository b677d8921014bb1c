/** Partitions from `first` to `last`, both inclusive. */
export interface PartitionRange {
  readonly first: number;
  readonly last: number;
}

/** Kafka's limit is 32 bits; no real topic has more than this. */
const mostPartitions = 1_000_000;

/**
 * Parses a selection of partitions such as `0-31,40`.
 *
 * @returns in ascending order, without overlaps; undefined when it is invalid
 */
export function parsePartitions(text: string): readonly PartitionRange[] | undefined {
  const ranges: PartitionRange[] = [];
  for (const part of text.split(",")) {
    const [, from, to = from] = /^\s*(\d{1,7})(?:-(\d{1,7}))?\s*$/.exec(part) ?? [];
    const range = { first: Number(from), last: Number(to) };
    if (from === undefined || range.last < range.first || range.last >= mostPartitions) return undefined;
    ranges.push(range);
  }
  ranges.sort((a, b) => a.first - b.first);
  return ranges.some(({ first }, index) => first <= (ranges[index - 1]?.last ?? -1)) ? undefined : ranges;
}

/** A selection as text; the same for the same partitions. */
export function writePartitions(ranges: readonly PartitionRange[]): string {
  const joined: PartitionRange[] = [];
  for (const range of ranges) {
    const before = joined.at(-1);
    if (before !== undefined && before.last + 1 === range.first) {
      joined[joined.length - 1] = { first: before.first, last: range.last };
    } else joined.push(range);
  }
  return joined.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
}

/** Single partitions as a selection. @param numbers in any order, each once */
export function choiceOf(numbers: readonly number[]): string {
  return writePartitions([...numbers].sort((a, b) => a - b).map((first) => ({ first, last: first })));
}

/** Whether a partition is selected; without a selection all are. */
export function isChosen(ranges: readonly PartitionRange[] | undefined, partition: number): boolean {
  return ranges === undefined || ranges.some(({ first, last }) => first <= partition && partition <= last);
}
