import { expect, it } from "vitest";
import { epochOf } from "../../../src/kafka/wire/reused-memory.ts";
import { TooMuchError, Workspace } from "../../../src/kafka/wire/workspace.ts";

const mebibyte = 1024 * 1024;

it("keeps what was filled when it grows, up to what is allowed", () => {
  const into = new Workspace();
  into.begin(3 * mebibyte);
  into.bytes.write("kept");
  for (const size of [100_000, mebibyte, 3 * mebibyte]) into.grow(4, size);
  expect(into.take(4).toString()).toBe("kept");
  expect(into.bytes.length).toBeLessThan(3 * mebibyte + 100);
  expect(() => into.grow(4, 3 * mebibyte + 1)).toThrow(TooMuchError);
});

it("uses its memory again, and lets go of what few batches need", () => {
  const into = new Workspace();
  into.begin(100 * mebibyte);
  into.grow(0, 4 * mebibyte);
  const { buffer } = into.bytes;
  const epoch = epochOf(buffer);
  into.begin(100 * mebibyte);
  expect(into.bytes.buffer).toBe(buffer);
  expect(epochOf(buffer)).toBe(epoch + 1);
  into.grow(0, 9 * mebibyte);
  // Whatever is let go of is freed at once.
  expect(buffer.byteLength).toBe(0);
  const large = into.bytes.buffer;
  into.begin(100 * mebibyte);
  expect(into.bytes.length).toBeLessThan(mebibyte);
  expect(large.byteLength).toBe(0);
});

it("allows a batch less than it has room for", () => {
  const into = new Workspace();
  into.begin(10);
  expect(into.room).toBe(10);
  expect(() => into.grow(0, 11)).toThrow(TooMuchError);
});
