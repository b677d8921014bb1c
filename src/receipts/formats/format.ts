import type { DimensionValues } from "../dimensions/dimension-values.ts";
import type { Receipt, Unread } from "../receipt.ts";
import type { Trace } from "../trace.ts";

/** What a topic's configuration says about reading its records. */
export interface ReadOptions {
  /** The scope of the topic's receipts; undefined leaves it to the format. */
  readonly scope: string | undefined;
  /** The zone of times that name none, in minutes east of UTC: 480 for China Standard Time. */
  readonly utcOffsetMinutes: number;
}

/** The same, as it is compiled for a decoder. */
export interface CompileOptions extends ReadOptions {
  /** Reads what receipts are counted by beside their codes; undefined where that is nothing. */
  readonly values?: DimensionValues | undefined;
  /** JSON Pointers to the parts of a receipt's key; undefined where nobody looks for duplicates. */
  readonly key?: readonly string[] | undefined;
}

/** What is known of the record that is being read. */
export interface ReadContext {
  /** When it was written, in ms since the epoch. */
  recordedAt: number;
  /** The API that was called, where the record or its header names it; matters to API answers only. */
  method: string | undefined;
  /** Told what is read, for who wants it explained. */
  readonly trace: Trace | undefined;
}

/** The value is none of this format: another may know it. */
export const foreign = "foreign";

/** One format of receipts, compiled for a topic. */
export interface Format {
  /** Members of which an object of this format has at least one; without them any value may be of it. */
  readonly names?: readonly string[] | undefined;
  /**
   * Appends the receipts of a value to `receipts`.
   *
   * @returns undefined when all of it was read, `foreign` when it is not of this format, else why it, or a part of it,
   *   is no receipt
   */
  read(value: unknown, context: ReadContext, receipts: Receipt[]): Unread | typeof foreign | undefined;
}
