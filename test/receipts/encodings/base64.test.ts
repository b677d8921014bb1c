import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { largestValue } from "../../../src/bounds.ts";
import { openBase64 } from "../../../src/receipts/encodings/base64.ts";

const receipt = '{"err_code":"DB:0141","err_msg":"黑名单???>>>","success":false}';

function base64(of: string | Buffer): string {
  return Buffer.from(of).toString("base64");
}

describe("base64", () => {
  const rows: readonly { name: string; text: string; opened: string | Buffer }[] = [
    { name: "of an object", text: base64(receipt), opened: receipt },
    { name: "of an array", text: base64(`[${receipt}]`), opened: `[${receipt}]` },
    { name: "of a string", text: base64(JSON.stringify(receipt)), opened: JSON.stringify(receipt) },
    { name: "behind blanks", text: base64(`\r\n ${receipt}`), opened: `\r\n ${receipt}` },
    { name: "behind a mark", text: base64(`\uFEFF${receipt}`), opened: `\uFEFF${receipt}` },
    { name: "in lines", text: base64(receipt).replace(/.{20}/g, "$&\r\n"), opened: receipt },
    { name: "with a newline at its end", text: `${base64(receipt)}\n`, opened: receipt },
    { name: "for URLs", text: Buffer.from(receipt).toString("base64url"), opened: receipt },
    {
      name: "for URLs, padded",
      text: base64(receipt).replace(/\+/g, "-").replace(/\//g, "_"),
      opened: receipt,
    },
    { name: "without padding", text: base64(`${receipt} `).replace(/=+$/, ""), opened: `${receipt} ` },
    { name: "of sixteen letters", text: base64('{"a":"bcdef"'), opened: '{"a":"bcdef"' },
  ];
  it.each(rows)("$name", ({ text, opened }) => {
    expect(openBase64(text)).toEqual(Buffer.from(opened));
  });

  it("of gzip", () => {
    const packed = gzipSync(receipt);
    expect(openBase64(base64(packed))).toEqual(packed);
  });

  it("of UTF-16 with its mark, whatever byte comes first", () => {
    const marked = Buffer.from(`\uFEFF${receipt}`, "utf16le");
    expect(openBase64(base64(marked))).toEqual(marked);
    const swapped = Buffer.from(marked).swap16();
    expect(openBase64(base64(swapped))).toEqual(swapped);
  });

  const others: readonly { name: string; text: string }[] = [
    { name: "nothing", text: "" },
    { name: "a short one", text: base64('{"a":"b"}') },
    { name: "JSON itself", text: receipt },
    { name: "of a text", text: base64("the quick brown fox") },
    { name: "of a number", text: base64("1234567890123") },
    { name: "of what is no JSON in braces", text: base64("{a=1, b=2, c=3}") },
    { name: "of a level in brackets", text: base64("[INFO] all is well") },
    { name: "a word that begins as a quote does", text: "InternalError123" },
    { name: "a word", text: "eyeIsNoBase64AtAllOrIsIt" },
    { name: "in two alphabets", text: `${base64(receipt)}-_+/` },
    { name: "padded within", text: `${base64('{"a":"bcdefgh"')}${base64(receipt)}` },
    { name: "padded too far", text: `${base64('{"a":"bcdef"')}=` },
    { name: "padded too little", text: base64('{"a":"bcdefg"').slice(0, -1) },
    { name: "with one letter too many", text: `${base64('{"a":"bcdef"')}A` },
    { name: "with bits left over", text: `${base64('{"a":"bcdef"')}AB` },
    { name: "with a blank within", text: base64(receipt).replace(/.{8}/, "$& ") },
    { name: "with a full stop", text: `${base64(receipt)}.` },
  ];
  it.each(others)("is not opened: $name", ({ text }) => {
    expect(openBase64(text)).toBeUndefined();
  });

  it("is looked through once, however much is no base64", () => {
    for (const text of [
      "=".repeat(largestValue),
      "A\n".repeat(largestValue / 2),
      `${"A".repeat(largestValue)}.`,
    ]) {
      expect(openBase64(text)).toBeUndefined();
    }
  });

  it("opens to what a value may have, not to more", () => {
    const most = Buffer.alloc(largestValue, "{} ");
    expect(openBase64(base64(most))).toHaveLength(largestValue);
    expect(openBase64(base64(Buffer.concat([most, most.subarray(0, 1)])))).toBeUndefined();
  });

  it("is opened as it was written", () => {
    const json = fc.object({ maxDepth: 1, key: fc.string({ unit: "grapheme" }) });
    const write = fc.constantFrom<(bytes: Buffer) => string>(
      (bytes) => bytes.toString("base64"),
      (bytes) => bytes.toString("base64url"),
      (bytes) => bytes.toString("base64").replace(/=/g, ""),
      (bytes) => bytes.toString("base64").replace(/.{76}/g, "$&\n"),
    );
    fc.assert(
      fc.property(json, write, fc.boolean(), (value, encode, packed) => {
        const text = JSON.stringify([value, "long enough"]).toWellFormed();
        const bytes = packed ? gzipSync(text) : Buffer.from(text);
        expect(openBase64(encode(bytes))).toEqual(bytes);
      }),
      { numRuns: 1_000 },
    );
  });

  it("is looked for in any text without throwing", () => {
    const letters = fc.string({ unit: fc.constantFrom(..."eyJWIi+/-_=\r\n {"), maxLength: 60 });
    fc.assert(
      fc.property(fc.oneof(letters, fc.string({ unit: "binary", maxLength: 60 })), (text) => {
        const bytes = openBase64(text);
        if (bytes !== undefined) expect(bytes.length).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 10_000 },
    );
  });
});
