import { localTime } from "../../replay/report/local-time.ts";
import { counted } from "../../replay/spans.ts";
import { table } from "../../table.ts";
import type { SearchedPartition } from "./searched-partition.ts";

/** How far a partition was read. */
export interface PartitionReading {
  readonly topic: string;
  readonly partition: number;
  /** The first offset of the period. */
  readonly first: number;
  /** The next offset to read. */
  readonly next: number;
  /** The log's end when the search started. */
  readonly end: number;
  readonly records: number;
  /** Whether it was read to the end of the period. */
  readonly complete: boolean;
  /** Offsets after its end that can't be read until a transaction ends. */
  readonly undecided: number;
}

/** How far each partition was read, in order. */
export function readingsOf(partitions: readonly SearchedPartition[]): PartitionReading[] {
  return partitions.map((one) => {
    const { topic, partition, start: first, end, undecided } = one.stretch;
    const { next, records } = one;
    const complete = next >= end || one.isPast;
    return { topic, partition, first, next, end, records, complete, undecided };
  });
}

/** How far each partition was read, as a table for people, followed by what open transactions hide. */
export function readingsInWords(readings: readonly PartitionReading[]): string {
  const read = table([
    ["TOPIC", "PARTITION", "FIRST", "NEXT", "END", "RECORDS", "READ"],
    ...readings.map(({ topic, partition, first, next, end, records, complete }) => {
      const how = next >= end ? "to its end" : complete ? "to --to" : "in part";
      return [topic, partition, first, next, end, records, how];
    }),
  ]);
  const open = readings
    .filter(({ undecided }) => undecided > 0)
    .map(
      ({ topic, partition, undecided }) =>
        `${topic}, partition ${partition}: ${counted(undecided, "offset")} after an open transaction can't be read until it ends.\n`,
    );
  return `${read}\n${open.join("")}`;
}

/**
 * A time from a producer, which may be anything.
 *
 * @param at ms since the epoch; NaN when there is none
 * @returns RFC 3339 in the time zone, or `unknown`
 */
export function timeInWords(at: number, utcOffsetMinutes: number): string {
  // Four-digit years only: later times are certainly wrong.
  return at >= 0 && at < Date.UTC(9999, 0) ? localTime(at, utcOffsetMinutes) : "unknown";
}
