import net from "node:net";
import tls from "node:tls";
import type { ISocketFactory } from "kafkajs";
import { free, markReused } from "./reused-memory.ts";

/** A frame is its size, a 32-bit number, followed by that many bytes. */
const headSize = 4;

/** No broker sends a larger frame; a larger size means another protocol. In bytes. */
const largestFrame = 1024 * 1024 * 1024;

/** The memory of frames from this size on is reused. In bytes. */
const worthKeeping = 65_536;

/** As in kafkajs, in ms. */
const keepAliveDelay = 60_000;

/**
 * Splits a broker's bytes into frames. They are received straight into the frame's memory, and the memory of large
 * frames is reused once it was given back. kafkajs allocates every 64 KB and joins them, which takes twice the
 * memory, and keeps the garbage collector busier than all decoding.
 */
export class FrameReader {
  readonly #onFrame: (frame: Buffer) => void;
  readonly #head: Buffer = Buffer.alloc(headSize);
  /** The buffer being filled: the size, then the whole frame. */
  #target = this.#head;
  #filled = 0;
  /** Memory for large frames; a little larger than the frame. */
  #memory: Buffer | undefined;
  /** The memory of the last large frame, which is still being read. */
  #lent: Buffer | undefined;
  #spare: Buffer | undefined;

  /** @param onFrame gets each frame, including its size */
  constructor(onFrame: (frame: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  /** Where to put the next bytes; never empty. */
  room(): Buffer {
    return this.#target.subarray(this.#filled);
  }

  /**
   * Notes that so many bytes were put into the {@link room}.
   *
   * @throws RangeError when they announce an impossible frame size
   */
  received(bytes: number): void {
    this.#filled += bytes;
    if (this.#filled < this.#target.length) return;
    if (this.#target === this.#head) this.#begin(headSize + this.#head.readInt32BE());
    if (this.#filled === this.#target.length) this.#end();
  }

  /** The frames so far are no longer read. */
  giveBack(): void {
    this.#spare ??= this.#lent;
    this.#lent = undefined;
  }

  #begin(size: number): void {
    // There has to be room whatever is thrown here: TLS keeps delivering what it has decrypted.
    this.#filled = 0;
    if (size < headSize || size > largestFrame)
      throw new RangeError(`a response of ${size} bytes exceeds the limit: is this a Kafka broker?`);
    if (size < worthKeeping) {
      this.#target = Buffer.allocUnsafe(size);
    } else {
      this.#memory = this.#takeMemory(size);
      this.#target = this.#memory.subarray(0, size);
    }
    this.#head.copy(this.#target);
    this.#filled = headSize;
  }

  #takeMemory(size: number): Buffer {
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare !== undefined && spare.length >= size) {
      markReused(spare.buffer);
      return spare;
    }
    if (spare !== undefined) free(spare.buffer);
    // Sizes of answers vary a little, so leave some room.
    return Buffer.allocUnsafeSlow(size + (size >> 2));
  }

  #end(): void {
    const frame = this.#target;
    this.#lent = this.#memory ?? this.#lent;
    this.#memory = undefined;
    this.#target = this.#head;
    this.#filled = 0;
    this.#onFrame(frame);
  }
}

const readers = new WeakMap<object, FrameReader>();

/** Makes kafkajs a socket that delivers whole frames. */
export const frameSocket: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const reader = new FrameReader((frame) => socket.emit("data", frame));
  const onread = {
    buffer: () => reader.room(),
    callback: (bytes: number) => {
      try {
        reader.received(bytes);
      } catch (error) {
        socket.destroy(error as Error);
      }
      return true;
    },
  };
  const target = { host, port, onread };
  const named = net.isIP(host) ? {} : { servername: host };
  const socket: net.Socket = ssl
    ? tls.connect({ ...target, ...named, ...ssl }, onConnect)
    : net.connect(target, onConnect);
  socket.setKeepAlive(true, keepAliveDelay);
  readers.set(socket, reader);
  return socket;
};

/** Releases everything that a {@link frameSocket} has received; ignores other sockets. */
export function giveBackFrames(socket: object): void {
  readers.get(socket)?.giveBack();
}
