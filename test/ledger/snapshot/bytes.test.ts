import { expect, it } from "vitest";
import { ByteReader, ByteWriter } from "../../../src/ledger/snapshot/bytes.ts";

it.each([0, 1, 127, 128, 16_383, 16_384, 2 ** 32, Number.MAX_SAFE_INTEGER])("reads %d again", (number) => {
  const out = new ByteWriter();
  out.natural(number);
  const from = new ByteReader(out.written);
  expect(from.natural()).toBe(number);
  expect(from.atEnd).toBe(true);
});

it("takes a byte for each seven bits", () => {
  const out = new ByteWriter();
  out.natural(300);
  expect([...out.written]).toEqual([0b1010_1100, 0b10]);
});

it("reads what was written in its order, however much that is", () => {
  const out = new ByteWriter();
  const long = "空号".repeat(5_000);
  out.text(long);
  out.natural(7);
  out.block(Buffer.from([1, 2]));
  const from = new ByteReader(out.written);
  expect(from.text()).toBe(long);
  expect(from.natural()).toBe(7);
  expect([...from.block()]).toEqual([1, 2]);
  expect(() => from.end()).not.toThrow();
});

it.each([
  { name: "a number without an end", bytes: [0x80], why: "unexpected end of data" },
  {
    name: "a number above 2^53 - 1",
    bytes: [...Array(7).fill(0xff), 0x10],
    why: "a number exceeds 2^53",
  },
  {
    name: "no number, but zeros without end",
    bytes: Array(1_000).fill(0x80),
    why: "a number exceeds 2^53",
  },
])("refuses $name", ({ bytes, why }) => {
  expect(() => new ByteReader(Buffer.from(bytes)).natural()).toThrow(why);
});

it("refuses a block that would reach behind the end, and what nobody asked for", () => {
  expect(() => new ByteReader(Buffer.from([3, 1, 2])).block()).toThrow("unexpected end of data");
  expect(() => new ByteReader(Buffer.from([1])).end()).toThrow("bytes follow the last field");
});
