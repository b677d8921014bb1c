import zlib from "node:zlib";
import { NodeDecoder } from "./node-decoder.ts";
import type { Workspace } from "./workspace.ts";

/** Start of a frame (https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1). */
const frameMagic = 0xfd2fb528;

/** In the byte after the magic. */
const flag = { isSingleSegment: 0x20, hasChecksum: 0x04 } as const;

/** Bytes of the id of a dictionary, and of the size of the content, by the flags that say so. */
const dictionarySizes = [0, 1, 2, 4] as const;
const contentSizes = [0, 2, 4, 8] as const;

/** The largest window, in bytes, that a decoder may keep memory for; levels up to 19 have none larger. */
const largestWindow = 8 * 1024 * 1024;

/** The types of blocks that are one byte in the frame, and that do not exist. */
const blockType = { repeated: 1, reserved: 3 } as const;

const decoder = new NodeDecoder({
  create: () => zlib.createZstdDecompress(),
  finish: zlib.constants.ZSTD_e_end,
  unpackSync: (packed, limits) => zlib.zstdDecompressSync(packed, limits),
});

/**
 * Unpacks zstd.
 *
 * @param most in bytes
 * @returns valid until the workspace is used again
 * @throws TooMuchError; Error when the bytes are not zstd
 */
export function unpackZstd(packed: Buffer, most: number, into: Workspace): Buffer {
  into.begin(most);
  if (isOneFrame(packed)) decoder.unpack(packed, most, into);
  else decoder.unpackAnew(packed, most, into);
  return into.take();
}

/**
 * Whether bytes are one whole frame of a usual window: after it a decoder is ready for the next one. To reset it takes
 * twice as long as to unpack 16 KiB.
 */
function isOneFrame(packed: Buffer): boolean {
  if (packed.length < 6 || packed.readUInt32LE() !== frameMagic) return false;
  const flags = packed.readUInt8(4);
  const isSingle = (flags & flag.isSingleSegment) !== 0;
  const dictionarySize = dictionarySizes[(flags & 3) as 0 | 1 | 2 | 3];
  const contentSize = contentSizes[(flags >> 6) as 0 | 1 | 2 | 3] || (isSingle ? 1 : 0);
  let at = 5 + (isSingle ? 0 : 1) + dictionarySize + contentSize;
  // The window of a single segment is its content.
  const window = isSingle
    ? sizeAt(packed, 5 + dictionarySize, contentSize)
    : 2 ** (10 + (packed.readUInt8(5) >> 3));
  if (window > largestWindow) return false;
  for (let isLast = false; !isLast;) {
    if (at + 3 > packed.length) return false;
    const head = packed.readUIntLE(at, 3);
    const type = (head >> 1) & 3;
    if (type === blockType.reserved) return false;
    isLast = (head & 1) !== 0;
    at += 3 + (type === blockType.repeated ? 1 : head >> 3);
  }
  return at + ((flags & flag.hasChecksum) === 0 ? 0 : 4) === packed.length;
}

/** A little-endian number, or more than any window when it is not there. */
function sizeAt(bytes: Buffer, at: number, size: number): number {
  if (at + size > bytes.length) return Number.POSITIVE_INFINITY;
  return size === 8 ? Number(bytes.readBigUInt64LE(at)) : bytes.readUIntLE(at, size);
}
