import { copyLiterals, copyMatch, type Workspace } from "./workspace.ts";

/** The Java client frames snappy blocks in its own way (xerial): this header, two versions, then length and block. */
const xerialHead = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialHeadLength = 16;

/** The kind of an element, in the low bits of its tag. */
const kind = { literals: 0, nearMatch: 1, match: 2 } as const;

/** A byte of snappy unpacks to at most 21⅓: three bytes copy 64. */
const highestRatio = 22;

/**
 * Unpacks snappy as written by the Java client (framed) or librdkafka (raw).
 *
 * @returns valid until the workspace is used again
 * @throws TooMuchError; Error when the bytes are not snappy
 */
export function unpackSnappy(packed: Buffer, into: Workspace): Buffer {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  if (!packed.subarray(0, xerialHead.length).equals(xerialHead))
    return into.take(unpackBlock(packed, view, 0, packed.length, into, 0));
  let filled = 0;
  for (let at = xerialHeadLength; at + 4 <= packed.length;) {
    const length = view.getInt32(at);
    at += 4;
    if (length < 0) throw new Error("a snappy block has a negative length");
    if (at + length > packed.length) throw new Error("a snappy block is truncated");
    filled = unpackBlock(packed, view, at, at + length, into, filled);
    at += length;
  }
  return into.take(filled);
}

/**
 * Unpacks one block (https://github.com/google/snappy/blob/main/format_description.txt).
 *
 * @param first bytes of the workspace in use
 * @returns bytes in use afterwards
 */
function unpackBlock(
  packed: Buffer,
  packedView: DataView,
  start: number,
  end: number,
  into: Workspace,
  first: number,
): number {
  let at = start;
  let size = 0;
  for (let place = 0; ; place++) {
    const byte = at < end ? (packed[at++] ?? 0) : undefined;
    if (byte === undefined || place > 4) throw new Error("not snappy data");
    size += (byte & 0x7f) * 2 ** (7 * place);
    if (byte < 0x80) break;
  }
  const stop = first + size;
  // Allocate nothing for a size that the block is too short for.
  if (size > (end - start) * highestRatio) throw new Error("a snappy block is truncated");
  into.grow(first, stop);
  const { bytes, view } = into;
  let to = first;
  while (at < end) {
    const tag = packed[at++] ?? 0;
    let length = (tag >> 2) + 1;
    if ((tag & 3) === kind.literals) {
      if (length > 60) {
        const extra = length - 60;
        length = littleEndian(packed, at, extra) + 1;
        at += extra;
      }
      if (at + length > end || to + length > stop) throw new Error("a snappy block is truncated");
      copyLiterals(packed, packedView, at, bytes, view, to, length);
      at += length;
    } else {
      let offset: number;
      if ((tag & 3) === kind.nearMatch) {
        length = ((tag >> 2) & 7) + 4;
        offset = ((tag >> 5) << 8) | (packed[at++] ?? 0);
      } else {
        const extra = (tag & 3) === kind.match ? 2 : 4;
        offset = littleEndian(packed, at, extra);
        at += extra;
      }
      if (at > end || to + length > stop) throw new Error("a snappy block is truncated");
      if (offset === 0 || offset > to - first) throw new Error("a copy refers to bytes before the start");
      copyMatch(bytes, view, to, offset, length);
    }
    to += length;
  }
  if (to !== stop) throw new Error("a snappy block is truncated");
  return to;
}

function littleEndian(bytes: Buffer, at: number, count: number): number {
  let value = 0;
  for (let place = count - 1; place >= 0; place--) value = value * 256 + (bytes[at + place] ?? 0);
  return value;
}
