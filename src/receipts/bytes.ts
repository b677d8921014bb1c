/** The buffer that was viewed last, and the view. */
let viewed: Buffer = Buffer.alloc(0);
let view: DataView = new DataView(viewed.buffer);

/**
 * A view of all the memory that a buffer lies in: the buffer's byte n is its byte `byteOffset + n`. Many records lie
 * in one memory, so the last view is kept; to make one takes as long as to read half a record.
 */
export function viewOf(bytes: Buffer): DataView {
  if (bytes !== viewed) {
    viewed = bytes;
    if (bytes.buffer !== view.buffer) view = new DataView(bytes.buffer);
  }
  return view;
}

/** The text of ASCII bytes from `start` to before `end`. */
export function asciiText(view: DataView, start: number, end: number): string {
  return Buffer.from(view.buffer, start, end - start).toString("latin1");
}
