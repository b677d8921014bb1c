import { expect, it } from "vitest";
import { epochOf, free, markReused } from "../../../src/kafka/wire/reused-memory.ts";

it("counts how often memory was reused", () => {
  const { buffer } = Buffer.allocUnsafeSlow(10);
  expect(epochOf(buffer)).toBe(0);
  markReused(buffer);
  markReused(buffer);
  expect(epochOf(buffer)).toBe(2);
  expect(epochOf(Buffer.allocUnsafeSlow(10).buffer)).toBe(0);
});

it("frees memory at once, and tells who still reads it", () => {
  const bytes = Buffer.alloc(1_000_000);
  const { buffer } = bytes;
  free(buffer);
  expect(bytes.length).toBe(0);
  expect(buffer.byteLength).toBe(0);
  expect(epochOf(buffer)).toBe(1);
});

it.each([
  { name: "what Node.js shares between small buffers", memory: Buffer.allocUnsafe(100).buffer },
  { name: "shared memory", memory: new SharedArrayBuffer(1_000_000) },
])("leaves $name alone", ({ memory }) => {
  const size = memory.byteLength;
  free(memory);
  expect(memory.byteLength).toBe(size);
  expect(epochOf(memory)).toBe(0);
});
