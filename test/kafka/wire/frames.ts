import { expect } from "vitest";
import { FrameReader } from "../../../src/kafka/wire/frame-socket.ts";
import { type RecordBatch, splitBatches } from "../../../src/kafka/wire/record-batch.ts";

/** A frame with this body. */
export function frameAround(body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeInt32BE(body.length);
  return Buffer.concat([head, body]);
}

/** Puts bytes into a reader as a socket would, at most so many at a time. */
export function receive(reader: FrameReader, bytes: Buffer, most: () => number = () => bytes.length): void {
  for (let at = 0; at < bytes.length;) {
    const room = reader.room();
    const count = Math.min(room.length, most(), bytes.length - at);
    expect(room.length).toBeGreaterThan(0);
    bytes.copy(room, 0, at, at + count);
    reader.received(count);
    at += count;
  }
}

/** Answers of one connection, each a frame with a record set: their memory is used again once it is given back. */
export class Answers {
  readonly #frames: Buffer[] = [];
  readonly #reader = new FrameReader((frame) => this.#frames.push(frame));

  /** Receives an answer and takes it apart. */
  receive(set: Buffer): RecordBatch[] {
    receive(this.#reader, frameAround(set));
    return splitBatches(this.#frames.at(-1)?.subarray(4) ?? Buffer.alloc(0));
  }

  giveBack(): void {
    this.#reader.giveBack();
  }
}
