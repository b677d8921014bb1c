import { mostOpened } from "../../bounds.ts";

/** How much of a record may still be looked into, in UTF-16 units; below 0 it holds too much. */
export interface Allowance {
  left: number;
}

/** What JSON.parse costs where it refuses a text, as if the text were so long: the error takes long to make. */
export const refusedJson = 2048;

/** What it costs to set up a decompressor, in the same way. */
export const gunzipped = 2048;

/** That of a record of which nothing was looked into yet. */
export function wholeAllowance(): Allowance {
  return { left: mostOpened };
}
