import { compiled } from "./compiled.ts";
import { markReused } from "./reused-memory.ts";

/** Missing in the types of Node.js. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** The exports of `assembly/unpack.ts`. Positions are addresses in its memory. */
interface Unpacker {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly lz4: (at: number, end: number, to: number, first: number, room: number) => number;
  readonly snappy: (at: number, end: number, to: number, stop: number) => number;
}

const program = new WebAssembly.Module(Buffer.from(compiled, "base64"));

/** Memory of this size is kept whatever comes, in bytes: most batches unpack to a quarter, and it grows by doubling. */
const worthKeeping = 8 * 1024 * 1024;

/** Room for a first batch, in bytes. */
const smallest = 64 * 1024;

/** So many bytes past an end may be read and overwritten, since copies go by sixteen bytes. */
const slack = 32;

/** The unit of a WebAssembly memory, in bytes. */
const page = 64 * 1024;

/** What `assembly/status.ts` says of a block instead of its end. */
const status = { badOffset: -2, noRoom: -3 } as const;

/** A batch unpacks to more than the limit. */
export class TooMuchError extends Error {
  override readonly name = "TooMuchError";
}

/**
 * The memory that batches are unpacked into, one after the other. Allocating new memory for each costs more than
 * unpacking: the system has to zero every page first, and the garbage collector has to reclaim it.
 *
 * It is that of a WebAssembly program, which unpacks blocks of lz4 and snappy: that takes half the time that it takes
 * in TypeScript.
 */
export class Workspace {
  /** All of it; replaced when it grows. */
  bytes: Buffer = Buffer.alloc(0);
  /** Where the content of the batch ends, and may be added to. */
  end = 0;
  #unpacker: Unpacker | undefined;
  /** Where the content of the batch begins: after the packed bytes, if these are here. */
  #from = 0;
  #most = 0;
  /** The most that was in use since memory was taken, in bytes. */
  #used = 0;

  /**
   * Starts a batch: what was unpacked before is no longer needed.
   *
   * @param most how much it may unpack to, in bytes
   * @param packed blocks to unpack here, see {@link lz4} and {@link snappy}
   */
  begin(most: number, packed?: Buffer): void {
    markReused(this.bytes.buffer);
    // A large batch seldom comes alone: the memory is kept until one has come that needs little of it.
    if (this.bytes.length > worthKeeping && this.#used < this.bytes.length / 4) this.#unpacker = undefined;
    const size = packed?.length ?? 0;
    this.#from = size === 0 ? 0 : size + slack;
    this.end = this.#from;
    this.#used = 0;
    this.#most = most;
    this.#reserve(this.#from + Math.min(most, smallest));
    if (packed !== undefined) this.bytes.set(packed);
  }

  /** How many bytes may be added before it has to grow. */
  get room(): number {
    return this.#limit - this.end;
  }

  /**
   * Makes room for more.
   *
   * @param least how many bytes at least
   * @throws TooMuchError
   */
  grow(least = 1): void {
    const from = this.#from;
    const needed = this.end - from + least;
    if (needed > this.#most) throw new TooMuchError();
    if (least <= this.room) return;
    this.#reserve(from + Math.max(needed, Math.min(this.#most, 2 * (this.#limit - from))));
  }

  /** Adds bytes from elsewhere. */
  add(bytes: Buffer): void {
    this.grow(bytes.length);
    this.bytes.set(bytes, this.end);
    this.end += bytes.length;
  }

  /** Adds packed bytes as they are. @param start, end in the packed bytes */
  copy(start: number, end: number): void {
    this.grow(end - start);
    this.bytes.copyWithin(this.end, start, end);
    this.end += end - start;
  }

  /**
   * Adds what a block of lz4 unpacks to.
   *
   * @param start, end in the packed bytes
   * @param first where the content begins that it may repeat, from {@link end}
   * @throws TooMuchError; Error when it is no such block
   */
  lz4(start: number, end: number, first: number): void {
    for (;;) {
      const room = this.#limit;
      const found = this.#program.lz4(start, end, this.end, first, room);
      if (found === status.noRoom) this.grow(room - this.end + 1);
      else return this.#add(found, "an lz4 block");
    }
  }

  /**
   * Adds what the elements of a block of snappy unpack to.
   *
   * @param start, end in the packed bytes
   * @param size of what they unpack to
   * @throws TooMuchError; Error when they are no such elements
   */
  snappy(start: number, end: number, size: number): void {
    this.grow(size);
    this.#add(this.#program.snappy(start, end, this.end, this.end + size), "a snappy block");
  }

  /** @returns the content; valid until the next batch begins */
  take(): Buffer {
    this.#used = this.end;
    return this.bytes.subarray(this.#from, this.end);
  }

  /** Where the content has to end for now. */
  get #limit(): number {
    return Math.min(this.#from + this.#most, this.bytes.length - slack);
  }

  get #program(): Unpacker {
    this.#unpacker ??= new WebAssembly.Instance(program).exports as Unpacker;
    return this.#unpacker;
  }

  #add(end: number, block: string): void {
    if (end === status.badOffset) throw new Error("a copy refers to bytes before the start");
    if (end < 0) throw new Error(`${block} is truncated`);
    this.end = end;
  }

  /** Takes as much memory, and keeps what is there. */
  #reserve(size: number): void {
    const { memory } = this.#program;
    const missing = size + slack - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / page));
    if (this.bytes.buffer === memory.buffer) return;
    markReused(this.bytes.buffer);
    this.bytes = Buffer.from(memory.buffer);
  }
}
