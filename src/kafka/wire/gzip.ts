import zlib from "node:zlib";
import { NodeDecoder } from "./node-decoder.ts";
import type { Workspace } from "./workspace.ts";

const decoder = new NodeDecoder({
  create: () => zlib.createGunzip(),
  finish: zlib.constants.Z_FINISH,
  unpackSync: (packed, limits) => zlib.gunzipSync(packed, limits),
});

/**
 * Unpacks gzip: one member or several.
 *
 * @param most in bytes
 * @returns valid until the workspace is used again
 * @throws TooMuchError; Error when the bytes are not whole gzip
 */
export function unpackGzip(packed: Buffer, most: number, into: Workspace): Buffer {
  into.begin(most);
  decoder.reset();
  decoder.unpack(packed, most, into);
  return into.take();
}
