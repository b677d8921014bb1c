import type { Gunzip, ZstdDecompress } from "node:zlib";
import type { Workspace } from "./workspace.ts";

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

/**
 * A decoder of Node.js that is used for one batch after the other. Each call of `gunzipSync` and its like makes a new
 * one, which takes as long as to unpack a batch of 16 KiB, and three times as long for zstd.
 *
 * What a stream has for it is not public, but that of all releases from 22.15 to 26.
 */
export class NodeDecoder {
  readonly #stream: Stream;
  readonly #finish: number;
  #failure: string | undefined;

  /** @param finish the constant of node:zlib that says that nothing follows */
  constructor(stream: Gunzip | ZstdDecompress, finish: number) {
    this.#stream = stream as unknown as Stream;
    this.#finish = finish;
    // Told of what is wrong with the bytes.
    const onerror = (message: string) => {
      this.#failure = message;
    };
    Object.assign(this.#stream._handle, { onerror });
  }

  /** Starts over, whatever it was given before. Only gzip's needs little time for it, and forgets what has failed. */
  reset(): void {
    this.#stream._handle.reset();
  }

  /**
   * Adds to a workspace what bytes unpack to.
   *
   * @throws TooMuchError; Error when the bytes are not of that codec
   */
  unpack(packed: Buffer, into: Workspace): void {
    const { _handle: handle, _writeState: state } = this.#stream;
    this.#failure = undefined;
    for (let at = 0, left = packed.length; ; at = packed.length - left) {
      const { bytes, end } = into;
      // One more than there may be, so that what fits exactly is known to be all.
      const room = into.room + 1;
      handle.writeSync(this.#finish, packed, at, left, bytes, end, room);
      if (this.#failure !== undefined) throw new Error(this.#failure);
      const [spare, rest] = state;
      into.end += room - spare;
      left = rest;
      if (spare > 0) return;
      into.grow();
    }
  }
}
