import type { Workspace } from "./workspace.ts";

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

/**
 * Unpacks the frames of a record batch. Their checksums are not verified: that of the batch covers the same bytes.
 *
 * @param most in bytes
 * @returns valid until the workspace is used again
 * @throws TooMuchError; Error when the bytes are not whole lz4 frames
 */
export function unpackLz4(packed: Buffer, most: number, into: Workspace): Buffer {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  into.begin(most, packed);
  let at = 0;
  while (at < packed.length) {
    if (at + headSize > packed.length || view.getUint32(at, true) !== frameMagic)
      throw new Error("not an lz4 frame");
    const flags = view.getUint8(at + 4);
    const has = (bit: number, bytes: number) => ((flags & bit) === 0 ? 0 : bytes);
    if (has(flag.dictionary, 1) === 1) throw new Error("lz4 dictionaries are not supported");
    at += headSize + has(flag.contentSize, 8);
    const frame = into.end;
    for (;;) {
      if (at + 4 > packed.length) throw new Error("the lz4 frame is truncated");
      const head = view.getUint32(at, true);
      at += 4;
      if (head === 0) break;
      const end = at + (head & ~plainBlock);
      if (end > packed.length) throw new Error("an lz4 block is truncated");
      if (head >= plainBlock) into.copy(at, end);
      else into.lz4(at, end, has(flag.independentBlocks, 1) === 1 ? into.end : frame);
      at = end + has(flag.blockChecksum, 4);
    }
    at += has(flag.contentChecksum, 4);
  }
  return into.take();
}
