import { recentText } from "../recent-text.ts";
import { notSaid, segmentsIn } from "../segments.ts";
import { inner, type Members, mixed, nothing, number, text } from "./members.ts";
import { left } from "./values.ts";
import { isWhole } from "./words.ts";

/** Numbers with up to this many digits are read without creating a string. */
const fewDigits = 3;

/** The segments of a receipt, as `segmentsReader` returns them; `left` if JSON.parse has to decide. */
export function segmentsAt(ids: readonly number[], members: Members, view: DataView): number | typeof left {
  for (const id of ids) {
    const kind = members.kindOf(id);
    if (kind === nothing) continue;
    if (kind === mixed || kind === inner) return left;
    // A boolean, an object or a list is not a number.
    if (kind !== text && kind !== number) return segmentsIn(false);
    const segments = segmentsFrom(view, members.startOf(id), members.endOf(id), kind === number);
    if (segments !== notSaid) return segments;
  }
  return notSaid;
}

function segmentsFrom(view: DataView, start: number, end: number, isNumber: boolean): number | typeof left {
  const isDigits = isWhole(view, start, end);
  if (!isDigits) return isNumber ? left : segmentsIn(recentText(view, start, end));
  if (end - start > fewDigits) return segmentsIn(Number(recentText(view, start, end)));
  // Nearly all are one digit.
  let segments = 0;
  for (let at = start; at < end; at++) segments = 10 * segments + view.getUint8(at) - 0x30;
  return start === end ? notSaid : segmentsIn(segments);
}
