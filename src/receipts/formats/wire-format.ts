import type { Fields } from "../fields.ts";
import type { Receipt } from "../receipt.ts";

/** What a topic's configuration says about reading its records. */
export interface ReadOptions {
  /** The scope of the topic's receipts; undefined leaves it to the wire format. */
  readonly scope: string | undefined;
  /** The zone of times that name none, in minutes east of UTC: 480 for China Standard Time. */
  readonly utcOffsetMinutes: number;
}

/** One shape of receipt, as one JSON object, the way one provider's interface sends it. */
export interface WireFormat {
  /** Whether an object has the members that tell this shape from all others. Their values do not matter. */
  recognises(element: Fields): boolean;
  /**
   * Reads a recognised object.
   *
   * @param method the API that was called, where the record or its header names it; matters to API answers only
   * @returns undefined when the code is of a type that no code has
   */
  read(element: Fields, options: ReadOptions, method: string | undefined): Receipt | undefined;
}
