import { compilePointer } from "../formats/pointer.ts";
import type { Flag } from "../receipt.ts";

/** The largest window, in offsets. */
export const largestWindow = 1_000_000;

/** What a topic's receipts are told apart by, and how far back one is looked for. Plain data. */
export interface DuplicateSearch {
  /** JSON Pointers from the receipt; all of them together are the key. */
  readonly key: readonly string[];
  /** How many offsets of the partition before a record are looked at. */
  readonly window: number;
}

/** What a receipt is told apart by: a 64-bit hash of its key, scope, flag and code, as two integers of 32 bits. */
export interface ReceiptKey {
  readonly high: number;
  readonly low: number;
}

/** Stands behind each part: none has it inside, since no character is above 0xffff. */
const separator = 0x1_0000;

let high = 0;
let low = 0;

/**
 * Begins the key of a receipt. One is made at a time: parts are added by {@link addText} and {@link addAscii}, and
 * {@link endKey} gives it.
 */
export function beginKey(scope: string, flag: Flag, code: string): void {
  high = 0x243f6a88;
  low = 0x85a308d3;
  addText(scope);
  addText(flag);
  addText(code);
}

export function addText(part: string): void {
  for (let at = 0; at < part.length; at++) mix(part.charCodeAt(at));
  mix(separator);
}

/** The same for a text of ASCII bytes from `start` to before `end`. */
export function addAscii(view: DataView, start: number, end: number): void {
  for (let at = start; at < end; at++) mix(view.getUint8(at));
  mix(separator);
}

export function endKey(): ReceiptKey {
  // Each bit of the two reaches each bit of both.
  const first = finished(high + low);
  const second = finished(low + first);
  return { high: finished(first + second) | 0, low: second | 0 };
}

/** Takes in one unit. For each unit it is a bijection of the 64 bits, so that no two texts of one length meet early. */
function mix(unit: number): void {
  high = Math.imul(((high << 5) | (high >>> 27)) ^ unit, 0x9e3779b1);
  low = Math.imul(((low << 13) | (low >>> 19)) ^ high, 0x85ebca77);
}

/** MurmurHash3's last step. */
function finished(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/**
 * Compiles how the key of a receipt is read that was parsed.
 *
 * @param parts undefined where nobody asks for keys
 * @returns a reader that gives undefined where a part is missing
 */
export function keyReader(
  parts: readonly string[] | undefined,
): ((receipt: unknown, scope: string, flag: Flag, code: string) => ReceiptKey | undefined) | undefined {
  if (parts === undefined) return undefined;
  const pointers = parts.map(compilePointer);
  return (receipt, scope, flag, code) => {
    beginKey(scope, flag, code);
    for (const resolve of pointers) {
      const found = resolve(receipt);
      if (found === undefined || found === null || found === "" || typeof found === "object")
        return undefined;
      addText(String(found));
    }
    return endKey();
  };
}
