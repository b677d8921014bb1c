import zlib from "node:zlib";
import { NodeDecoder } from "./node-decoder.ts";
import type { Workspace } from "./workspace.ts";

/** How a member begins as producers write it: packed by deflate, no flags (https://www.rfc-editor.org/rfc/rfc1952). */
const usualHead = Buffer.of(0x1f, 0x8b, 8, 0);

/** The size of the whole head, and of what is behind the content: its checksum and its size. */
const headSize = 10;
const endSize = 8;

const deflated = new NodeDecoder({
  create: () => zlib.createInflateRaw(),
  finish: zlib.constants.Z_FINISH,
  unpackSync: (packed, limits) => zlib.inflateRawSync(packed, limits),
});

const members = new NodeDecoder({
  create: () => zlib.createGunzip(),
  finish: zlib.constants.Z_FINISH,
  unpackSync: (packed, limits) => zlib.gunzipSync(packed, limits),
});

/**
 * Unpacks the gzip of a record batch. The checksum of a single member, as most are, is not verified, which would take a
 * sixth of the time: that of the batch covers the same bytes.
 *
 * @param most in bytes
 * @returns valid until the workspace is used again
 * @throws TooMuchError; Error when the bytes are not whole gzip
 */
export function unpackGzip(packed: Buffer, most: number, into: Workspace): Buffer {
  return unpackedOne(packed, most, into) ?? unpackMembers(packed, most, into);
}

/** The same for gzip that nothing else covers: verifies the checksum of each member. */
export function unpackMembers(packed: Buffer, most: number, into: Workspace): Buffer {
  into.begin(most);
  members.reset();
  members.unpack(packed, most, into);
  return into.take();
}

/** The content of a usual member that is all there is; undefined for anything else. */
function unpackedOne(packed: Buffer, most: number, into: Workspace): Buffer | undefined {
  if (packed.length < headSize + endSize || !packed.subarray(0, 4).equals(usualHead)) return undefined;
  into.begin(most);
  deflated.reset();
  try {
    if (!deflated.unpack(packed.subarray(headSize, -endSize), most, into)) return undefined;
  } catch {
    // What is wrong is told when it is unpacked as members.
    return undefined;
  }
  const found = into.take();
  return found.length === packed.readUInt32LE(packed.length - 4) ? found : undefined;
}
