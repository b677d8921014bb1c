import { mostOpened } from "../../bounds.ts";

/** How much of a record may still be searched, in UTF-16 units; below 0 it contains too much. */
export interface Allowance {
  left: number;
}

/** The cost of a text that JSON.parse rejects, in UTF-16 units: creating the error takes long. */
export const refusedJson = 2048;

/** The cost of a decompressor, in the same unit. */
export const gunzipped = 2048;

/** The allowance of a new record. */
export function wholeAllowance(): Allowance {
  return { left: mostOpened };
}
