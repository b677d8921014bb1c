/** The text of ASCII bytes from `start` up to `end`. */
export function asciiText(view: DataView, start: number, end: number): string {
  return Buffer.from(view.buffer, start, end - start).toString("latin1");
}

/** Whether bytes are digits. */
export function areDigits(view: DataView, start: number, end: number): boolean {
  let at = start;
  for (; at + 4 <= end; at += 4) if (!areSmall(view.getInt32(at) ^ 0x30303030)) return false;
  for (; at < end; at++) if ((view.getUint8(at) ^ 0x30) > 9) return false;
  return true;
}

/** Whether each of the four bytes of a word is at most 9: with 0x76 more, the highest bit stays 0. */
export function areSmall(word: number): boolean {
  return (((word + 0x76767676) | word) & 0x80808080) === 0;
}
