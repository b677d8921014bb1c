import type { Workspace } from "./workspace.ts";

/** The Java client frames snappy blocks in its own way (xerial): this header, two versions, then length and block. */
const xerialHead = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialHeadLength = 16;

/** A byte of snappy unpacks to at most 21⅓: three bytes copy 64. */
const highestRatio = 22;

/**
 * Unpacks snappy as written by the Java client (framed) or librdkafka (raw).
 *
 * @param most in bytes
 * @returns valid until the workspace is used again
 * @throws TooMuchError; Error when the bytes are not snappy
 */
export function unpackSnappy(packed: Buffer, most: number, into: Workspace): Buffer {
  into.begin(most, packed);
  if (!packed.subarray(0, xerialHead.length).equals(xerialHead)) {
    unpackBlock(packed, 0, packed.length, into);
    return into.take();
  }
  for (let at = xerialHeadLength; at + 4 <= packed.length;) {
    const length = packed.readInt32BE(at);
    at += 4;
    if (length < 0) throw new Error("a snappy block has a negative length");
    if (at + length > packed.length) throw new Error("a snappy block is truncated");
    unpackBlock(packed, at, at + length, into);
    at += length;
  }
  return into.take();
}

/** Unpacks one block: the size of its content, seven bits a byte, then the elements. */
function unpackBlock(packed: Buffer, start: number, end: number, into: Workspace): void {
  let at = start;
  let size = 0;
  for (let place = 0; ; place++) {
    const byte = at < end ? (packed[at++] ?? 0) : undefined;
    if (byte === undefined || place > 4) throw new Error("not snappy data");
    size += (byte & 0x7f) * 2 ** (7 * place);
    if (byte < 0x80) break;
  }
  // Take no memory for a size that the block is too short for.
  if (size > (end - start) * highestRatio) throw new Error("a snappy block is truncated");
  into.snappy(at, end, size);
}
