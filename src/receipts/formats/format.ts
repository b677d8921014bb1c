import type { DimensionValues } from "../dimensions/dimension-values.ts";
import type { Receipt, Unread } from "../receipt.ts";
import type { Trace } from "../trace.ts";

/** A topic's settings for reading records. */
export interface ReadOptions {
  /** The scope of the topic's receipts; undefined leaves it to the format. */
  readonly scope: string | undefined;
  /** The time zone of times without one, in minutes east of UTC: 480 for China Standard Time. */
  readonly utcOffsetMinutes: number;
}

/** The same, with what a decoder needs. */
export interface CompileOptions extends ReadOptions {
  /** Reads the values of dimensions; undefined if there are none. */
  readonly values?: DimensionValues | undefined;
  /** JSON Pointers to the parts of a receipt's key; undefined if the topic does not look for duplicates. */
  readonly key?: readonly string[] | undefined;
}

/** What is known about the current record. */
export interface ReadContext {
  /** When it was written, in ms since the epoch. */
  recordedAt: number;
  /** The API that was called, if the record or its header names it; only for API responses. */
  method: string | undefined;
  /** Receives each step, for explanations. */
  readonly trace: Trace | undefined;
}

/** The value is not in this format; it may be in another. */
export const foreign = "foreign";

/** A format of receipts, compiled for a topic. */
export interface Format {
  /** An object of this format has at least one of these members; undefined if any value may be of it. */
  readonly names?: readonly string[] | undefined;
  /**
   * Appends the receipts of a value to `receipts`.
   *
   * @returns undefined when all of it was read, `foreign` when it is not of this format, else why it, or a part of
   *   it, is not a receipt
   */
  read(value: unknown, context: ReadContext, receipts: Receipt[]): Unread | typeof foreign | undefined;
}
