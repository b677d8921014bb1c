import { expect, it } from "vitest";
import { areDigits, asciiText } from "../../src/receipts/bytes.ts";
import { viewOf } from "./support.ts";

/** The text of a whole buffer, by way of its view. */
function textOf(bytes: Buffer): string {
  return asciiText(viewOf(bytes), bytes.byteOffset, bytes.byteOffset + bytes.length);
}

it("reads the bytes where they are now", () => {
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
