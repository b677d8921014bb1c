import { localTime } from "../../replay/report/local-time.ts";
import { counted } from "../../replay/spans.ts";
import { table } from "../../table.ts";
import type { SearchedPartition } from "./searched-partition.ts";

/** How far a partition was read. */
export interface PartitionReading {
  readonly topic: string;
  readonly partition: number;
  /** The first offset that was asked for. */
  readonly first: number;
  /** The next offset to read. */
  readonly next: number;
  /** The log's end when the reading began. */
  readonly end: number;
  readonly records: number;
  /** Whether nothing that was asked for is left of it. */
  readonly complete: boolean;
  /** Offsets behind its end that can't be read before a transaction ends. */
  readonly undecided: number;
}

/** How far each partition was read, in their order. */
export function readingsOf(partitions: readonly SearchedPartition[]): PartitionReading[] {
  return partitions.map((one) => {
    const { topic, partition, start: first, end, undecided } = one.stretch;
    const { next, records } = one;
    const complete = next >= end || one.isPast;
    return { topic, partition, first, next, end, records, complete, undecided };
  });
}

/** How far each partition was read, as a table for people, and below it what open transactions hide. */
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
 * A time that a producer wrote, which may be any.
 *
 * @param at ms since the epoch; NaN when nobody said it
 * @returns RFC 3339 in the zone, or `unknown`
 */
export function timeInWords(at: number, utcOffsetMinutes: number): string {
  // Years of four digits: what lies further ahead is no time that anybody meant.
  return at >= 0 && at < Date.UTC(9999, 0) ? localTime(at, utcOffsetMinutes) : "unknown";
}
