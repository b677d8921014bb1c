import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Charset, charsets, decodeText } from "../../../src/receipts/encodings/charset.ts";

describe("text in a declared charset", () => {
  const rows: readonly { charset: Charset; hex: string; text: string | undefined }[] = [
    { charset: "utf-8", hex: "e7a9bae58fb7", text: "空号" },
    { charset: "utf-8", hex: "efbbbf7b7d", text: "{}" },
    { charset: "utf-8", hex: "bfd5bac5", text: undefined },
    { charset: "gbk", hex: "7b7d", text: "{}" },
    { charset: "gbk", hex: "bfd5bac5", text: "空号" },
    // a second byte may be that of an ASCII letter
    { charset: "gbk", hex: "d641", text: "諥" },
    { charset: "gbk", hex: "bfd5ba", text: undefined },
    { charset: "gbk", hex: "ff", text: undefined },
    { charset: "gb18030", hex: "bfd5bac5", text: "空号" },
    { charset: "gb18030", hex: "9439da33", text: "💩" },
    { charset: "gb18030", hex: "d622", text: undefined },
    { charset: "utf-16le", hex: "7a7a", text: "空" },
    { charset: "utf-16le", hex: "fffe7b007d00", text: "{}" },
    { charset: "utf-16le", hex: "00d8", text: undefined },
    { charset: "utf-16le", hex: "7b007d", text: undefined },
    { charset: "utf-16be", hex: "007b007d", text: "{}" },
    { charset: "utf-16be", hex: "feff007b007d", text: "{}" },
    { charset: "utf-16be", hex: "d800", text: undefined },
    { charset: "latin1", hex: "7be99f80", text: "{é\u009f\u0080" },
  ];
  it.each(rows)("$charset: $hex", ({ charset, hex, text }) => {
    expect(decodeText(Buffer.from(hex, "hex"), charset)).toBe(text);
  });

  it("is read of any bytes without throwing", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(...charsets), (bytes, charset) => {
        const text = decodeText(Buffer.from(bytes), charset);
        expect(["string", "undefined"]).toContain(typeof text);
        if (charset === "latin1") expect(text).toHaveLength(bytes.length);
      }),
      { numRuns: 5_000 },
    );
  });
});
