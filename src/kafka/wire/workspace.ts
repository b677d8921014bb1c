import { free, markReused } from "./reused-memory.ts";

/** Largest buffer kept for the next batch, in bytes: most batches unpack to less. */
const worthKeeping = 4 * 1024 * 1024;

/** Initial size, in bytes. */
const smallest = 64 * 1024;

/** So many bytes past the end may be overwritten, since copies go by eight bytes. */
const slack = 8;

/** From this length on, one call is faster than a loop of eight bytes each. */
const longRun = 256;

/** A batch unpacks to more than the limit. */
export class TooMuchError extends Error {
  override readonly name = "TooMuchError";
}

/**
 * The memory that batches are unpacked into, one after the other. Allocating new memory for each costs more than
 * unpacking: the system has to zero every page first, and the garbage collector has to reclaim it.
 */
export class Workspace {
  bytes: Buffer = Buffer.alloc(0);
  view = new DataView(this.bytes.buffer);
  /** How much may be filled before it has to grow, in bytes. */
  room = 0;
  #most = 0;

  /** Starts a batch: what was unpacked before is no longer needed. @param most in bytes */
  begin(most: number): void {
    if (this.bytes.length === 0 || this.bytes.length > worthKeeping + slack) {
      free(this.bytes.buffer);
      this.#take(smallest);
    } else {
      markReused(this.bytes.buffer);
    }
    this.#most = most;
    this.room = Math.min(most, this.bytes.length - slack);
  }

  /**
   * Makes room for so many bytes in all, plus {@link slack}. The content is kept; `bytes` and `view` may be replaced.
   *
   * @throws TooMuchError
   */
  grow(filled: number, needed: number): void {
    if (needed > this.#most) throw new TooMuchError();
    if (needed <= this.room) return;
    const before = this.bytes;
    this.#take(Math.max(needed, Math.min(this.#most, before.length * 2)));
    before.copy(this.bytes, 0, 0, filled);
    free(before.buffer);
    this.room = Math.min(this.#most, this.bytes.length - slack);
  }

  /** @returns the content; valid until the next batch begins */
  take(filled: number): Buffer {
    return this.bytes.subarray(0, filled);
  }

  #take(size: number): void {
    this.bytes = Buffer.allocUnsafeSlow(size + slack);
    this.view = new DataView(this.bytes.buffer);
  }
}

/** Copies bytes from a batch; may write {@link slack} bytes more. */
export function copyLiterals(
  from: Buffer,
  fromView: DataView,
  start: number,
  to: Buffer,
  toView: DataView,
  at: number,
  length: number,
): void {
  if (length >= longRun || start + length + slack > from.length) {
    from.copy(to, at, start, start + length);
    return;
  }
  for (let done = 0; done < length; done += 8) {
    toView.setUint32(at + done, fromView.getUint32(start + done));
    toView.setUint32(at + done + 4, fromView.getUint32(start + done + 4));
  }
}

/** Copies bytes from `offset` bytes before; may write {@link slack} bytes more. */
export function copyMatch(bytes: Buffer, view: DataView, at: number, offset: number, length: number): void {
  let to = at;
  let from = at - offset;
  const end = at + length;
  if (length >= longRun) {
    while (to < end) {
      const part = Math.min(to - from, end - to);
      bytes.copyWithin(to, from, from + part);
      to += part;
    }
  } else if (offset >= 8) {
    for (; to < end; to += 8, from += 8) {
      view.setUint32(to, view.getUint32(from));
      view.setUint32(to + 4, view.getUint32(from + 4));
    }
  } else {
    while (to < end) bytes[to++] = bytes[from++] ?? 0;
  }
}
