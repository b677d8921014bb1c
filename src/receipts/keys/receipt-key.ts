import { compilePointer } from "../formats/pointer.ts";
import type { Flag } from "../receipt.ts";

/** The largest window, in offsets. */
export const largestWindow = 1_000_000;

/** A topic's `duplicates` setting: what identifies a receipt, and the window. Plain data. */
export interface DuplicateSearch {
  /** JSON Pointers from the receipt; together they are the key. */
  readonly key: readonly string[];
  /** The number of offsets before a record in which a repeat is looked for. */
  readonly window: number;
}

/** Identifies a receipt: a 64-bit hash of its key, scope, flag and code, as two 32-bit integers. */
export interface ReceiptKey {
  readonly high: number;
  readonly low: number;
}

/** Follows each part. No part contains it, since no UTF-16 unit is above 0xffff. */
const separator = 0x1_0000;

let high = 0;
let low = 0;

/**
 * Starts the hash of a receipt, one at a time: add the parts with {@link addText} and {@link addAscii}, then call
 * {@link endKey}.
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

/** The same for ASCII bytes from `start` up to `end`, exclusive. */
export function addAscii(view: DataView, start: number, end: number): void {
  for (let at = start; at < end; at++) mix(view.getUint8(at));
  mix(separator);
}

export function endKey(): ReceiptKey {
  // Every bit of the state affects every bit of the result.
  const first = finished(high + low);
  const second = finished(low + first);
  return { high: finished(first + second) | 0, low: second | 0 };
}

/** Mixes in one unit: a bijection of the 64 bits for each unit, so that no information is lost on the way. */
function mix(unit: number): void {
  high = Math.imul(((high << 5) | (high >>> 27)) ^ unit, 0x9e3779b1);
  low = Math.imul(((low << 13) | (low >>> 19)) ^ high, 0x85ebca77);
}

/** The finalizer of MurmurHash3. */
function finished(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/**
 * Compiles the reader of a parsed receipt's key.
 *
 * @param parts undefined if the topic does not look for duplicates
 * @returns a reader that returns undefined if a part is missing
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
