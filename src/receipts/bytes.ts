/** The last buffer, and its view. */
let viewed: Buffer = Buffer.alloc(0);
let view: DataView = new DataView(viewed.buffer);

/**
 * A view of the whole memory of a buffer: the buffer's byte n is at `byteOffset + n`. Many records share their
 * memory, so the last view is cached; creating one takes as long as reading half a record.
 */
export function viewOf(bytes: Buffer): DataView {
  if (bytes !== viewed) {
    viewed = bytes;
    if (bytes.buffer !== view.buffer) view = new DataView(bytes.buffer);
  }
  return view;
}

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
