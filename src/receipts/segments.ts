import type { Description } from "./formats/description.ts";
import { compilePointer } from "./formats/pointer.ts";

/** An SMS has at most so many segments: its header numbers them in one byte. More is not a valid number. */
const mostSegments = 255;

/**
 * What the receipts of a topic say of their segments: the closed set behind `dlr_segment_receipts_total{segments}`. It only
 * grows at its end: snapshots hold counts by place.
 *
 * `not_kept` is what a version without segments has counted, or what came before a shape named them. `not_a_number` is no
 * whole number, `out_of_range` is 0 or less, or more than {@link mostSegments}.
 */
export const segmentStates = ["not_kept", "counted", "not_said", "not_a_number", "out_of_range"] as const;

export type SegmentState = (typeof segmentStates)[number];

/** Instead of a number of segments, which is 1 or more. */
export const notSaid = 0;
const notANumber = -1;
const outOfRange = -2;

/** What a receipt's number of segments stands for, as {@link segmentsIn} gives it; undefined is a shape that names none. */
export function segmentStateOf(segments: number = notSaid): Exclude<SegmentState, "not_kept"> {
  if (segments >= 1) return "counted";
  if (segments === notANumber) return "not_a_number";
  return segments === outOfRange ? "out_of_range" : "not_said";
}

/**
 * How many segments a value says, never guessed.
 *
 * @param value as it was parsed: a number, or a text of digits
 * @returns 1 to {@link mostSegments}; otherwise a number below 1 that {@link segmentStateOf} knows
 */
export function segmentsIn(value: unknown): number {
  if (value === undefined || value === null || value === "") return notSaid;
  if (typeof value === "number") return Number.isInteger(value) ? within(value) : notANumber;
  if (typeof value !== "string") return notANumber;
  const text = value.trim();
  return /^-?[0-9]+$/.test(text) ? within(Number(text)) : notANumber;
}

function within(segments: number): number {
  return segments >= 1 && segments <= mostSegments ? segments : outOfRange;
}

/** Compiles how the segments of a receipt are read that was parsed: the first pointer that leads to something. */
export function segmentsReader({
  segments,
}: Pick<Description, "segments">): (receipt: unknown) => number | undefined {
  if (segments === undefined) return () => undefined;
  const pointers = segments.map(compilePointer);
  return (receipt) => {
    for (const resolve of pointers) {
      const read = segmentsIn(resolve(receipt));
      if (read !== notSaid) return read;
    }
    return notSaid;
  };
}
