import net from "node:net";
import tls from "node:tls";
import type { ISocketFactory } from "kafkajs";

/** A frame is its size, a 32-bit number, and so many bytes. */
const headSize = 4;

/** No broker answers more at once: a larger size is another protocol's greeting. In bytes. */
const largestFrame = 1024 * 1024 * 1024;

/** From this size on the memory of a frame is used again. In bytes. */
const worthKeeping = 65_536;

/** As kafkajs has it, in ms. */
const keepAliveDelay = 60_000;

/** How often memory was used again, by its buffer; memory that never was is not in here. */
const epochs = new WeakMap<ArrayBufferLike, number>();

/**
 * How often memory was used again: who keeps bytes of a frame, or of what was unpacked, can see by it that they are
 * another's now.
 *
 * @param memory any buffer; one that is never used again stays at 0
 */
export function epochOf(memory: ArrayBufferLike): number {
  return epochs.get(memory) ?? 0;
}

/** Says that memory is used again from now on. */
export function markReused(memory: ArrayBufferLike): void {
  epochs.set(memory, epochOf(memory) + 1);
}

/**
 * Cuts what a broker sends into frames. The bytes are received straight into the frame's memory, and that of a
 * large frame is used again once it was given back. What kafkajs does, to allot every 64 KB anew and to join them,
 * takes twice the memory, and keeps the garbage collector busier than all decoding.
 */
export class FrameReader {
  readonly #onFrame: (frame: Buffer) => void;
  readonly #head: Buffer = Buffer.alloc(headSize);
  /** What is being received: the head, then the whole frame. */
  #target = this.#head;
  #filled = 0;
  /** What a large frame is received into; a little larger than the frame. */
  #memory: Buffer | undefined;
  /** The memory of the last large frame, which somebody still reads. */
  #lent: Buffer | undefined;
  #spare: Buffer | undefined;

  /** @param onFrame gets each frame, its head included */
  constructor(onFrame: (frame: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  /** Where the next bytes belong; never empty. */
  room(): Buffer {
    return this.#target.subarray(this.#filled);
  }

  /**
   * Takes note that so many bytes were put into the {@link room}.
   *
   * @throws RangeError when they announce a frame of an impossible size
   */
  received(bytes: number): void {
    this.#filled += bytes;
    if (this.#filled < this.#target.length) return;
    if (this.#target === this.#head) this.#begin(headSize + this.#head.readInt32BE());
    if (this.#filled === this.#target.length) this.#end();
  }

  /** Says that the frames so far are not read any more. */
  giveBack(): void {
    this.#spare ??= this.#lent;
    this.#lent = undefined;
  }

  #begin(size: number): void {
    // Whatever is thrown here, there has to be room: TLS goes on handing over what it has decrypted.
    this.#filled = 0;
    if (size < headSize || size > largestFrame)
      throw new RangeError(`a response of ${size} bytes is larger than any broker sends`);
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
    // One answer is a little larger than the other, so there is some room to spare.
    if (spare === undefined || spare.length < size) return Buffer.allocUnsafeSlow(size + (size >> 2));
    markReused(spare.buffer);
    return spare;
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

/** Makes kafkajs a socket that hands over whole frames. */
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

/** Says that nothing is read any more of what a {@link frameSocket} has received; other sockets are left alone. */
export function giveBackFrames(socket: object): void {
  readers.get(socket)?.giveBack();
}
