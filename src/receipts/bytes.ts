let viewed: ArrayBufferLike = new ArrayBuffer(0);
let view: DataView = new DataView(viewed);

/**
 * A view of all the memory that a buffer lies in: the buffer's byte n is its byte `byteOffset + n`. Many records lie
 * in one memory, so the last view is kept; to make one takes as long as to read half a record.
 */
export function viewOf(bytes: Buffer): DataView {
  const memory = bytes.buffer;
  if (memory !== viewed) {
    viewed = memory;
    view = new DataView(memory);
  }
  return view;
}

/** The text of ASCII bytes from `start` to before `end`. */
export function asciiText(view: DataView, start: number, end: number): string {
  return Buffer.from(view.buffer, start, end - start).toString("latin1");
}
