import zlib from "node:zlib";
import { NodeDecoder } from "./node-decoder.ts";
import type { Workspace } from "./workspace.ts";

let decoder: NodeDecoder | undefined;

/**
 * Unpacks gzip: one member or several.
 *
 * @param most in bytes
 * @returns valid until the workspace is used again
 * @throws TooMuchError; Error when the bytes are not whole gzip
 */
export function unpackGzip(packed: Buffer, most: number, into: Workspace): Buffer {
  into.begin(most);
  decoder ??= new NodeDecoder(zlib.createGunzip(), zlib.constants.Z_FINISH);
  decoder.reset();
  decoder.unpack(packed, into);
  return into.take();
}
