import { expect, it } from "vitest";
import { areDigits, asciiText, viewOf } from "../../src/receipts/bytes.ts";

/** The text of a whole buffer, by way of its view. */
function textOf(bytes: Buffer): string {
  return asciiText(viewOf(bytes), bytes.byteOffset, bytes.byteOffset + bytes.length);
}

it("views the memory that a buffer lies in, from its byteOffset on", () => {
  const memory = Buffer.from("0123456789");
  const part = memory.subarray(4, 7);
  expect(viewOf(part).getUint8(part.byteOffset)).toBe("4".charCodeAt(0));
  expect(textOf(part)).toBe("456");
});

it("keeps the view for all buffers of one memory, and none for another's", () => {
  const memory = new ArrayBuffer(8);
  const [first, second] = [Buffer.from(memory, 0, 4), Buffer.from(memory, 4, 4)];
  const other = Buffer.from(new ArrayBuffer(8));
  expect(viewOf(second)).toBe(viewOf(first));
  expect(viewOf(other).buffer).toBe(other.buffer);
  expect(viewOf(first).buffer).toBe(memory);
});

it("sees what is written after the view was made", () => {
  const bytes = Buffer.alloc(3, "a");
  expect(textOf(bytes)).toBe("aaa");
  bytes.write("b", 1);
  expect(textOf(bytes)).toBe("aba");
});

it("reads no text between equal places", () => {
  expect(asciiText(viewOf(Buffer.from("abc")), 1, 1)).toBe("");
});

it("tells digits from all other bytes, wherever these are", () => {
  for (let size = 0; size <= 9; size++) {
    const digits = Buffer.from("0918273645").subarray(0, size);
    const is = (bytes: Buffer) => areDigits(viewOf(bytes), bytes.byteOffset, bytes.byteOffset + size);
    expect(is(digits)).toBe(true);
    for (let at = 0; at < size; at++) {
      for (let byte = 0; byte < 256; byte++) {
        const bytes = Buffer.from(digits);
        bytes[at] = byte;
        expect(is(bytes)).toBe(byte >= 0x30 && byte <= 0x39);
      }
    }
  }
});
