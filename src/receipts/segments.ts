import type { Description } from "./formats/description.ts";
import { compilePointer } from "./formats/pointer.ts";

/** The most segments an SMS can have: its header numbers them in one byte. */
const mostSegments = 255;

/**
 * What receipts say about their segments: the closed set behind `dlr_segment_receipts_total{segments}`. Append only:
 * snapshots store counts by index.
 *
 * `not_kept` was counted by a version without segments, or before a shape named them. `not_a_number` is not a whole
 * number, `out_of_range` is 0 or less, or more than {@link mostSegments}.
 */
export const segmentStates = ["not_kept", "counted", "not_said", "not_a_number", "out_of_range"] as const;

export type SegmentState = (typeof segmentStates)[number];

/** Stand in for a number of segments, which is at least 1. */
export const notSaid = 0;
const notANumber = -1;
const outOfRange = -2;

/** The state of a receipt. @param segments as {@link segmentsIn} returns it; undefined if the shape names none */
export function segmentStateOf(segments: number = notSaid): Exclude<SegmentState, "not_kept"> {
  if (segments >= 1) return "counted";
  if (segments === notANumber) return "not_a_number";
  return segments === outOfRange ? "out_of_range" : "not_said";
}

/**
 * Reads a number of segments; never guesses.
 *
 * @param value a parsed number, or a text of digits
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

/** Compiles the reader of a parsed receipt's segments: the first pointer that leads to a value. */
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
