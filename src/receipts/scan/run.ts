import type { ReadRun, RecordRun } from "../columns.ts";
import { parseTimeBytes } from "../times.ts";
import { commonLength, midnightAt } from "../times/wall-clock.ts";
import type { Known } from "./known.ts";
import {
  columnsFrom,
  floats,
  ints,
  knowDate,
  placeOf,
  runAt,
  unknownBlock,
  view,
  walkRun,
} from "./memory.ts";
import type { Lists } from "./plan.ts";
import type { RunValues } from "./run-values.ts";

// Positions in `assembly/run.ts` and `assembly/layout.ts`, as indexes of `ints` and `floats`.
const asked = runAt / 4;
const baseTime = runAt / 8 + 4;
const told = asked + 12;
const besideBlock = asked + 15;

/** The most receipts of a run: more than there are in the bytes of a run, in arrays of a hundred too. */
const most = 2048;
const numbersFrom = columnsFrom / 4;
const offsetsFrom = numbersFrom + most;
const recordedFrom = columnsFrom / 8 + most;
const sentFrom = recordedFrom + most;
const receivedFrom = sentFrom + most;
const leftFrom = columnsFrom / 4 + 8 * most;

const columns = {
  numbers: ints.subarray(numbersFrom, offsetsFrom),
  offsets: ints.subarray(offsetsFrom, offsetsFrom + most),
  recordedAt: floats.subarray(recordedFrom, sentFrom),
  sentAt: floats.subarray(sentFrom, receivedFrom),
  receivedAt: floats.subarray(receivedFrom, receivedFrom + most),
};

/** How lists are read; `assembly/read.ts` has the same. */
const listNumbers: Readonly<Record<Lists, number>> = { each: 0, alike: 1, left: 2 };

/**
 * Reads records whose receipts are known.
 *
 * @param block the position of the block that describes the records' objects
 * @param values undefined without dimensions
 * @returns `unknown` when the next record has an object that is not known, which is the one that was walked last,
 *   undefined when it has to be read by itself
 */
export function readRun(
  { bytes, start, left, until, from, to, baseOffset, baseTimestamp, appendedAt }: RecordRun,
  block: number,
  lists: Lists,
  known: Known,
  values: RunValues | undefined,
): ReadRun | "unknown" | undefined {
  const place = placeOf(bytes);
  if (place === -1) return undefined;
  // The offsets of a batch are its base and 31 bits.
  const least = Math.max(0, from - baseOffset);
  const end = Math.min(to - baseOffset, 2 ** 31 - 1);
  if (least >= end) return undefined;
  const [first, behind] = [place + start, place + bytes.length];
  ints.set([first, behind, left, least, end, place + until, block, listNumbers[lists]], asked);
  floats[baseTime] = baseTimestamp;
  floats[baseTime + 1] = appendedAt ?? Number.NaN;
  ints[besideBlock] = values?.beside.at ?? 0;
  walkRun();
  const leftNow = ints[asked + 2] ?? 0;
  if (leftNow === left) return unknownBlock() === 0 ? undefined : "unknown";
  readLeftTimes(ints[told + 2] ?? 0, known);
  const size = ints[told + 1] ?? 0;
  return {
    ...columns,
    start: (ints[asked] ?? 0) - place,
    left: leftNow,
    records: left - leftNow,
    end: baseOffset + (ints[told] ?? 0) + 1,
    baseOffset,
    size,
    kinds: known.receipts,
    values: values?.of(columns.numbers, size, known) ?? [],
  };
}

/** Reads the times that the walker left: those in another format, and dates that it does not know. */
function readLeftTimes(count: number, { zones }: Known): void {
  for (let i = 0; i < count; i++) {
    const at = leftFrom + 3 * i;
    const time = (ints[at] ?? 0) / 8;
    // The first of several members that is a time.
    if (!Number.isNaN(floats[time])) continue;
    const [start = 0, end = 0] = [ints[at + 1], ints[at + 2]];
    const receipt = (time - sentFrom) & (most - 1);
    const zone = zones[columns.numbers[receipt] ?? 0] ?? 0;
    floats[time] = parseTimeBytes(view, start, end, zone, columns.recordedAt[receipt]);
    const midnight = end - start === commonLength ? midnightAt(view, start) : Number.NaN;
    if (!Number.isNaN(midnight)) knowDate(start, midnight);
  }
}
