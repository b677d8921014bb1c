/** Partitions from `first` to `last`, both of them in it. */
export interface PartitionRange {
  readonly first: number;
  readonly last: number;
}

/** Kafka numbers partitions by 32 bits; nobody has more than this. */
const mostPartitions = 1_000_000;

/**
 * Reads a choice of partitions such as `0-31,40`.
 *
 * @returns in ascending order, with none in two ranges; undefined when it is no such choice
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

/** A choice as it is written; the same for the same partitions. */
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

/** Partitions one by one as a choice. @param numbers in any order, each once */
export function choiceOf(numbers: readonly number[]): string {
  return writePartitions([...numbers].sort((a, b) => a - b).map((first) => ({ first, last: first })));
}

/** Whether a choice has a partition; without a choice it has all. */
export function isChosen(ranges: readonly PartitionRange[] | undefined, partition: number): boolean {
  return ranges === undefined || ranges.some(({ first, last }) => first <= partition && partition <= last);
}
