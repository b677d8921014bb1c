import { expect, it } from "vitest";
import { epochOf } from "../../../src/kafka/wire/reused-memory.ts";
import { TooMuchError, Workspace } from "../../../src/kafka/wire/workspace.ts";

const mebibyte = 1024 * 1024;

/** Unpacks a batch of so many bytes. */
function filled(into: Workspace, size: number): Buffer {
  into.begin(100 * mebibyte);
  into.add(Buffer.alloc(size, "receipt "));
  return into.take();
}

it("keeps what was filled when it grows, up to what is allowed", () => {
  const into = new Workspace();
  into.begin(3 * mebibyte);
  into.add(Buffer.from("kept"));
  for (const size of [100_000, mebibyte, 3 * mebibyte - 4]) {
    into.grow(size);
    expect(into.room).toBeGreaterThanOrEqual(size);
  }
  expect(into.take().toString()).toBe("kept");
  expect(into.bytes.length).toBeLessThan(3 * mebibyte + 140_000);
  expect(() => into.grow(3 * mebibyte - 3)).toThrow(TooMuchError);
});

it("grows by half of what it has at least, so that large batches are not tried again and again", () => {
  const into = new Workspace();
  into.begin(100 * mebibyte);
  let times = 0;
  for (; into.room < 50 * mebibyte; times++) into.grow(into.room + 1);
  expect(times).toBeLessThan(12);
});

it("has the packed bytes before the content, and gives the content alone", () => {
  const into = new Workspace();
  into.begin(mebibyte, Buffer.from("packed"));
  into.copy(2, 6);
  into.add(Buffer.from("!"));
  into.copy(0, 1);
  expect(into.take().toString()).toBe("cked!p");
});

it("uses its memory again, and tells who still reads it", () => {
  const into = new Workspace();
  const first = filled(into, mebibyte);
  const epoch = epochOf(first.buffer);
  const second = filled(into, mebibyte);
  expect(second.buffer).toBe(first.buffer);
  expect(epochOf(first.buffer)).toBe(epoch + 1);
  const third = filled(into, 2 * mebibyte);
  expect(third.buffer).not.toBe(first.buffer);
  // it was taken away by growing
  expect(first.length).toBe(0);
  expect(epochOf(second.buffer)).toBeGreaterThan(epoch + 1);
});

it("keeps what large batches need while they come, and lets go of it after one that needs little", () => {
  const into = new Workspace();
  const large = filled(into, 18 * mebibyte);
  expect(filled(into, 18 * mebibyte).buffer).toBe(large.buffer);
  const small = filled(into, 100);
  expect(small.buffer).toBe(large.buffer);
  const epoch = epochOf(large.buffer);
  expect(filled(into, 100).toString("latin1", 0, 7)).toBe("receipt");
  expect(into.bytes.length).toBeLessThan(mebibyte);
  expect(epochOf(large.buffer)).toBeGreaterThan(epoch);
});

it("keeps memory of a usual size whatever comes", () => {
  const into = new Workspace();
  const usual = filled(into, 7 * mebibyte);
  for (const size of [0, 10, 10, mebibyte]) expect(filled(into, size).buffer).toBe(usual.buffer);
});

it("allows a batch less than it has room for", () => {
  const into = new Workspace();
  into.begin(10);
  expect(into.room).toBe(10);
  expect(() => into.grow(11)).toThrow(TooMuchError);
  into.add(Buffer.alloc(10));
  expect(into.room).toBe(0);
});
