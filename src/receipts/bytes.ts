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
