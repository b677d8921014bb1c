import { characterLength, escapedByte, unescapeAt } from "./characters.ts";
import { backslash, broken, plainBytes, quote } from "./json-walk.ts";

/** The unescaped contents of one record's strings, concatenated. */
export class Unescaped {
  readonly view: DataView;
  /** After the last of them. */
  end = 0;

  /** @param size capacity in bytes */
  constructor(size: number) {
    this.view = new DataView(new ArrayBuffer(size));
  }

  /**
   * Appends the contents of a string.
   *
   * @param start after its opening quote
   * @returns the position of its closing quote; `broken` when it is not a string, does not fit, or can't be encoded
   *   in UTF-8
   */
  append(view: DataView, start: number, to: number): number {
    // An unescaped character is never longer than its escape; whole words are written, which may be partly
    // overwritten.
    if (this.end + to - start + 4 > this.view.byteLength) return broken;
    let into = this.end;
    let at = start;
    while (at < to) {
      if (at + 4 <= to) {
        const word = view.getInt32(at, true);
        this.view.setInt32(into, word, true);
        const plain = plainBytes(word);
        at += plain;
        into += plain;
        if (plain === 4) continue;
      }
      const byte = view.getUint8(at);
      if (byte === quote) {
        this.end = into;
        return at;
      }
      const stands = byte === backslash && at + 1 < to ? escapedByte(view.getUint8(at + 1)) : 0;
      if (stands !== 0) {
        this.view.setUint8(into++, stands);
        at += 2;
      } else {
        const length = characterLength(view, at, to);
        if (length === 0) return broken;
        const next =
          byte === backslash ? unescapeAt(view, at, this.view, into) : this.#copy(view, at, length, into);
        if (next < 0) return broken;
        into = next;
        at += length;
      }
    }
    return broken;
  }

  #copy(view: DataView, at: number, length: number, into: number): number {
    for (let i = 0; i < length; i++) this.view.setUint8(into + i, view.getUint8(at + i));
    return into + length;
  }
}
