import { copyLiterals, copyMatch, type Workspace } from "./workspace.ts";

/** Start of a frame (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md). */
const frameMagic = 0x184d2204;

const flag = {
  independentBlocks: 0x20,
  blockChecksum: 0x10,
  contentSize: 0x08,
  contentChecksum: 0x04,
  dictionary: 0x01,
} as const;

/** Magic, flags, block size and header checksum. */
const headSize = 7;

/** The bit of a block's length that marks it as uncompressed. */
const plainBlock = 0x80000000;

/** A length of this value continues in the next bytes. */
const longer = 15;
const shortestMatch = 4;

/**
 * Unpacks the frames of a record batch. Their checksums are not verified: that of the batch covers the same bytes.
 *
 * @returns valid until the workspace is used again
 * @throws TooMuchError; Error when the bytes are not whole lz4 frames
 */
export function unpackLz4(packed: Buffer, into: Workspace): Buffer {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  let at = 0;
  let filled = 0;
  while (at < packed.length) {
    if (at + headSize > packed.length || view.getUint32(at, true) !== frameMagic)
      throw new Error("not an lz4 frame");
    const flags = view.getUint8(at + 4);
    const has = (bit: number, bytes: number) => ((flags & bit) === 0 ? 0 : bytes);
    if (has(flag.dictionary, 1) === 1) throw new Error("lz4 dictionaries are not supported");
    at += headSize + has(flag.contentSize, 8);
    const frame = filled;
    for (;;) {
      if (at + 4 > packed.length) throw new Error("the lz4 frame is truncated");
      const head = view.getUint32(at, true);
      at += 4;
      if (head === 0) break;
      const length = head & ~plainBlock;
      if (at + length > packed.length) throw new Error("an lz4 block is truncated");
      const first = has(flag.independentBlocks, 1) === 1 ? filled : frame;
      if (head >= plainBlock) {
        into.grow(filled, filled + length);
        packed.copy(into.bytes, filled, at, at + length);
        filled += length;
      } else {
        filled = unpackBlock(packed, view, at, at + length, into, filled, first);
      }
      at += length + has(flag.blockChecksum, 4);
    }
    at += has(flag.contentChecksum, 4);
  }
  return into.take(filled);
}

/**
 * Unpacks one block (https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md).
 *
 * @param filled bytes of the workspace in use
 * @param first start of the bytes that a match may refer to
 * @returns bytes in use afterwards
 */
function unpackBlock(
  packed: Buffer,
  packedView: DataView,
  start: number,
  end: number,
  into: Workspace,
  filled: number,
  first: number,
): number {
  let { bytes, view, room } = into;
  let at = start;
  let to = filled;
  while (at < end) {
    const token = packed[at++] ?? 0;
    let literals = token >> 4;
    if (literals === longer) {
      let more = 255;
      while (more === 255) {
        more = packed[at++] ?? 0;
        literals += more;
      }
    }
    if (at + literals > end) throw new Error("an lz4 block is truncated");
    if (to + literals > room) {
      into.grow(to, to + literals);
      ({ bytes, view, room } = into);
    }
    if (literals > 0) copyLiterals(packed, packedView, at, bytes, view, to, literals);
    at += literals;
    to += literals;
    // The last sequence has no match.
    if (at === end) return to;
    const offset = (packed[at] ?? 0) | ((packed[at + 1] ?? 0) << 8);
    at += 2;
    let match = token & longer;
    if (match === longer) {
      let more = 255;
      while (more === 255) {
        more = packed[at++] ?? 0;
        match += more;
      }
    }
    match += shortestMatch;
    if (offset === 0 || offset > to - first) throw new Error("a copy refers to bytes before the start");
    if (to + match > room) {
      into.grow(to, to + match);
      ({ bytes, view, room } = into);
    }
    copyMatch(bytes, view, to, offset, match);
    to += match;
  }
  throw new Error("an lz4 block is truncated");
}
