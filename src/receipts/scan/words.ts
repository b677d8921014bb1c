import { areDigits } from "../bytes.ts";
import { recentText } from "../recent-text.ts";
import { type Members, nothing, number, text, word } from "./members.ts";

/** An integer with this many digits has only one spelling, except zero. */
const surelyWhole = 15;

/**
 * A scalar as the text that it is compared by, as `String` converts the parsed value: "null" for null.
 *
 * @returns undefined if only JSON.parse can tell; also for an object or an array
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

/** Whether a JSON number is spelt as JavaScript prints it: digits only. */
export function isWhole(view: DataView, start: number, end: number): boolean {
  return end - start <= surelyWhole && areDigits(view, start, end);
}
