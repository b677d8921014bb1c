import type { Gunzip, InflateRaw, ZstdDecompress } from "node:zlib";
import { free } from "./reused-memory.ts";
import { TooMuchError, type Workspace } from "./workspace.ts";

/** The part of a stream of node:zlib, below its public interface, that works synchronously. */
interface Stream {
  readonly _handle: {
    reset(): void;
    writeSync(
      ...args: [
        flush: number,
        packed: Buffer,
        packedAt: number,
        packedSize: number,
        into: Buffer,
        at: number,
        room: number,
      ]
    ): void;
  };
  /** After a write: the room that is left, and the packed bytes that are left. */
  readonly _writeState: readonly [number, number];
}

/** What node:zlib has of a codec. */
export interface NodeCodec {
  /** Makes a stream that unpacks. */
  readonly create: () => Gunzip | InflateRaw | ZstdDecompress;
  /** The constant that says that nothing follows. */
  readonly finish: number;
  /** Unpacks by a decoder that is made for it. */
  readonly unpackSync: (packed: Buffer, limits: { readonly maxOutputLength: number }) => Buffer;
}

/**
 * A decoder of Node.js that is used for one batch after the other. Each call of `gunzipSync` and its like makes a new
 * one, which takes as long as to unpack a batch of 16 KiB, and three times as long for zstd.
 *
 * What a stream has for it is not public, but that of all releases from 22.15 to 26. Where it is missing, each batch is
 * unpacked by a decoder of its own.
 */
export class NodeDecoder {
  readonly #codec: NodeCodec;
  #stream: Stream | undefined;
  #failure: string | undefined;

  constructor(codec: NodeCodec) {
    this.#codec = codec;
  }

  /** Starts over after what was unpacked before. Only gzip has to, and only its decoder takes little time for it. */
  reset(): void {
    this.#stream?._handle.reset();
  }

  /**
   * Adds to a workspace what bytes unpack to.
   *
   * @param most in bytes
   * @returns whether nothing follows what was unpacked; false too where that can't be told
   * @throws TooMuchError; Error when the bytes are not of that codec
   */
  unpack(packed: Buffer, most: number, into: Workspace): boolean {
    this.#stream ??= this.#opened();
    if (this.#stream === undefined) {
      this.unpackAnew(packed, most, into);
      return false;
    }
    try {
      return this.#unpackBy(this.#stream, packed, into);
    } catch (error) {
      // One that has failed, or was left before the end, is of no use any more.
      this.#stream = undefined;
      throw error;
    }
  }

  /** The same by a decoder that is not kept. */
  unpackAnew(packed: Buffer, most: number, into: Workspace): void {
    let unpacked: Buffer;
    try {
      unpacked = this.#codec.unpackSync(packed, { maxOutputLength: most });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw new TooMuchError();
      throw error;
    }
    into.add(unpacked);
    free(unpacked.buffer);
  }

  #opened(): Stream | undefined {
    const stream = this.#codec.create() as unknown as Partial<Stream>;
    const { _handle: handle, _writeState: state } = stream;
    if (typeof handle?.writeSync !== "function" || state === undefined) return undefined;
    // Told of what is wrong with the bytes.
    const onerror = (message: string) => {
      this.#failure = message;
    };
    Object.assign(handle, { onerror });
    return { _handle: handle, _writeState: state };
  }

  #unpackBy({ _handle: handle, _writeState: state }: Stream, packed: Buffer, into: Workspace): boolean {
    this.#failure = undefined;
    for (let at = 0, left = packed.length; ; at = packed.length - left) {
      const { bytes, end } = into;
      // One more than there may be, so that what fits exactly is known to be all.
      const room = into.room + 1;
      handle.writeSync(this.#codec.finish, packed, at, left, bytes, end, room);
      if (this.#failure !== undefined) throw new Error(this.#failure);
      const [spare, rest] = state;
      into.end += room - spare;
      left = rest;
      if (spare > 0) return left === 0;
      into.grow();
    }
  }
}
