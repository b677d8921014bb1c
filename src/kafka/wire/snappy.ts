import { copyLiterals, copyMatch, type Workspace } from "./workspace.ts";

/** The Java client wraps snappy in blocks of its own (xerial): this head, two versions, then length and block. */
const xerialHead = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialHeadLength = 16;

/** What the low bits of a tag say. */
const kind = { literals: 0, nearMatch: 1, match: 2 } as const;

/** A byte of snappy stands for 21 and a third at most: three bytes repeat 64. */
const highestRatio = 22;

/**
 * Unpacks snappy as the Java client (framed) and as librdkafka (bare) write it.
 *
 * @returns good until the workspace is used again
 * @throws TooMuchError; Error when the bytes are no snappy
 */
export function unpackSnappy(packed: Buffer, into: Workspace): Buffer {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  if (!packed.subarray(0, xerialHead.length).equals(xerialHead))
    return into.take(unpackBlock(packed, view, 0, packed.length, into, 0));
  let filled = 0;
  for (let at = xerialHeadLength; at + 4 <= packed.length; ) {
    const length = view.getInt32(at);
    at += 4;
    if (length < 0) throw new Error("a block of snappy has less than no bytes");
    if (at + length > packed.length) throw new Error("a block of snappy does not end");
    filled = unpackBlock(packed, view, at, at + length, into, filled);
    at += length;
  }
  return into.take(filled);
}

/**
 * Unpacks one block (https://github.com/google/snappy/blob/main/format_description.txt).
 *
 * @param first how much of the workspace is filled
 * @returns how much is filled then
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
    if (byte === undefined || place > 4) throw new Error("it is no snappy");
    size += (byte & 0x7f) * 2 ** (7 * place);
    if (byte < 0x80) break;
  }
  const stop = first + size;
  // What it announces is not allotted where it can't be there.
  if (size > (end - start) * highestRatio) throw new Error("a block of snappy ends too early");
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
      if (at + length > end || to + length > stop) throw new Error("a block of snappy ends too early");
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
      if (at > end || to + length > stop) throw new Error("a block of snappy ends too early");
      if (offset === 0 || offset > to - first) throw new Error("it repeats what is not there");
      copyMatch(bytes, view, to, offset, length);
    }
    to += length;
  }
  if (to !== stop) throw new Error("a block of snappy ends too early");
  return to;
}

function littleEndian(bytes: Buffer, at: number, count: number): number {
  let value = 0;
  for (let place = count - 1; place >= 0; place--) value = value * 256 + (bytes[at + place] ?? 0);
  return value;
}
