import { skipBlanks } from "./json-bytes.ts";
import { view } from "./memory.ts";

/** Whether a record's JSON is followed only by whitespace and NULs, which `readText` removes. */
export function isEnd(end: number, to: number): boolean {
  let at = skipBlanks(view, end, to);
  while (at < to && view.getUint8(at) === 0) at = skipBlanks(view, at + 1, to);
  return at === to;
}

/** The end of a record without that whitespace and those NULs. */
export function withoutEnd(start: number, to: number): number {
  let end = to;
  while (end > start && view.getUint8(end - 1) <= 0x20 && isEnd(end - 1, end)) end--;
  return end;
}
