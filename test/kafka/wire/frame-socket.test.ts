import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import { describe, expect, it } from "vitest";
import { FrameReader, frameSocket } from "../../../src/kafka/wire/frame-socket.ts";
import { epochOf } from "../../../src/kafka/wire/reused-memory.ts";
import { createSecurity } from "../../lab/broker-security.ts";
import { createRandom } from "../../lab/random.ts";
import { frameAround, receive } from "./frames.ts";

/** A frame whose body is so many bytes of one letter. */
function frameOf(size: number, letter: string): Buffer {
  return frameAround(Buffer.alloc(size, letter));
}

describe("a frame reader", () => {
  it("gives each frame whole, however its bytes arrive", () => {
    const sizes = [0, 1, 3, 70_000, 4, 65_532, 65_531, 200_000, 0, 100_000];
    const frames = sizes.map((size, i) => frameOf(size, String.fromCharCode(97 + i)));
    const { below } = createRandom(1);
    for (const most of [() => 1_000_000, () => 1 + below(5_000), () => (below(2) === 0 ? 1 : 60_000)]) {
      const read: Buffer[] = [];
      const reader = new FrameReader((frame) => read.push(frame));
      receive(reader, Buffer.concat(frames), most);
      expect(Buffer.concat(read).equals(Buffer.concat(frames))).toBe(true);
      expect(read.map(({ length }) => length - 4)).toEqual(sizes);
    }
  });

  /** The memory that frames of these sizes lie in, each given back before the next one or not. */
  function memoriesOf(sizes: readonly number[], giveBack: boolean): ArrayBufferLike[] {
    const memories: ArrayBufferLike[] = [];
    const reader = new FrameReader((frame) => memories.push(frame.buffer));
    for (const size of sizes) {
      if (giveBack) reader.giveBack();
      receive(reader, frameOf(size, "a"));
    }
    return memories;
  }

  it("uses the memory of a large frame again once it was given back", () => {
    const [first, ...others] = memoriesOf([100_000, 110_000, 90_000, 70_000], true);
    for (const memory of others) expect(memory).toBe(first);
  });

  it("takes more memory for a larger frame, and keeps that", () => {
    const [first, second, third] = memoriesOf([100_000, 300_000, 100_000], true);
    expect(second).not.toBe(first);
    expect(third).toBe(second);
  });

  it("leaves the memory alone while the frame is read", () => {
    expect(new Set(memoriesOf([100_000, 100_000, 100_000], false)).size).toBe(3);
  });

  it("counts how often memory was used again: not when it is new, nor when it is given back alone", () => {
    const frames: Buffer[] = [];
    const reader = new FrameReader((frame) => frames.push(frame));
    const epochs = () => frames.map(({ buffer }) => epochOf(buffer));
    const next = (size: number) => receive(reader, frameOf(size, "a"));
    next(100_000);
    next(10);
    reader.giveBack();
    expect(epochs()).toEqual([0, 0]);
    // A small frame leaves it alone; a large one takes it with its first bytes.
    next(10);
    expect(epochs()).toEqual([0, 0, 0]);
    receive(reader, frameOf(100_000, "a").subarray(0, 4));
    expect(epochs()).toEqual([1, 0, 0]);
    receive(reader, frameOf(100_000, "a").subarray(4));
    reader.giveBack();
    next(100_000);
    expect(epochs()).toEqual([2, 0, 0, 2, 2]);
    reader.giveBack();
    // It is too small, and freed.
    next(300_000);
    expect(epochs()).toEqual([3, 0, 0, 3, 3, 0]);
    expect(frames.map(({ buffer }) => buffer.byteLength > 0)).toEqual([
      false,
      true,
      true,
      false,
      false,
      true,
    ]);
  });

  it.each([
    { name: "before", first: 0, second: 1 },
    { name: "after", first: 1, second: 0 },
  ])("keeps it for the next large frame when it was given back $name a small one", ({ first, second }) => {
    const memories: ArrayBufferLike[] = [];
    const reader = new FrameReader((frame) => memories.push(frame.buffer));
    const small = (count: number) => {
      for (let left = count; left > 0; left--) receive(reader, frameOf(10, "b"));
    };
    receive(reader, frameOf(100_000, "a"));
    small(first);
    reader.giveBack();
    small(second);
    receive(reader, frameOf(100_000, "c"));
    expect(memories[2]).toBe(memories[0]);
    expect(memories[1]).not.toBe(memories[0]);
  });

  it.each([
    { name: "below zero", head: "ffffffff" },
    { name: "of another protocol's greeting", head: Buffer.from("HTTP").toString("hex") },
  ])("refuses a size $name", ({ head }) => {
    const reader = new FrameReader(() => {});
    expect(() => receive(reader, Buffer.from(head, "hex"), () => 4)).toThrow(RangeError);
    expect(reader.room().length).toBeGreaterThan(0);
  });
});

it("ends with an error where something else answers over TLS, and goes on with everything else", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dlr-frame-socket-"));
  const { certificate, privateKey } = await createSecurity(folder, "127.0.0.1");
  const server = createServer({ cert: certificate, key: privateKey }, (peer) => {
    peer.on("error", () => {});
    peer.write(`HTTP/1.1 400 Bad Request\r\n\r\n${"x".repeat(10_000)}`);
  });
  try {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const socket = frameSocket({
      ...{ host: "127.0.0.1", port, onConnect: () => {} },
      ssl: { ca: [certificate] },
    });
    const [error] = await once(socket, "error");
    expect(error).toBeInstanceOf(RangeError);
    await once(socket, "close");
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
});
