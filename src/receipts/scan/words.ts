import { recentText } from "../recent-text.ts";
import { type Members, nothing, number, text, word } from "./members.ts";

/** A whole number with so many digits is written in one way only, but for zero. */
const surelyWhole = 15;

/**
 * A scalar as the text that it is compared by, as `String` makes it of the parsed value: "null" for null.
 *
 * @returns undefined where only JSON.parse can tell; for an object or an array too
 */
export function wordAt(members: Members, view: DataView, id: number): string | undefined {
  switch (members.kindOf(id)) {
    case text:
    case word:
    case nothing:
      return recentText(view, members.startOf(id), members.endOf(id));
    case number:
      return isWhole(view, members.startOf(id), members.endOf(id))
        ? recentText(view, members.startOf(id), members.endOf(id))
        : undefined;
    default:
      return undefined;
  }
}

/** Whether a number of JSON is the text that JavaScript writes it as: digits alone. */
export function isWhole(view: DataView, start: number, end: number): boolean {
  if (end - start > surelyWhole) return false;
  for (let at = start; at < end; at++) {
    const byte = view.getUint8(at);
    if (byte < 0x30 || byte > 0x39) return false;
  }
  return true;
}
